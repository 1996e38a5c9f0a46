import Foundation
import Support
import Testing

/// The corpus folder and a practice's articles, brought into agreement from the command line.
@Suite("Corpus commands", .serialized)
struct CorpusCommandTests {
    @Test func `articles go out to files and come in again, and a missing file is reported before it counts`()
        async throws
    {
        let files = FileManager.default
        let data = files.temporaryDirectory.appending(path: "bellwether-corpus-\(UUID().uuidString)")
        let home = data.appending(path: "home")
        defer { try? files.removeItem(at: data) }
        try files.createDirectory(at: home, withIntermediateDirectories: true)
        for folder in ["Instruments", "Prompts"] {
            try files.copyItem(at: RepositoryRoot.appending(folder), to: home.appending(path: folder))
        }
        let corpus = home.appending(path: "Corpus/en")
        try files.createDirectory(at: corpus, withIntermediateDirectories: true)
        for name in ["coping-panic.md", "balance.md"] {
            try files.copyItem(at: RepositoryRoot.appending("Corpus/en/\(name)"), to: corpus.appending(path: name))
        }
        let server = try await Program(environment: ["BELLWETHER_HOME": home.path])
            .serve(data: data, port: try freePort(), demo: true)
        server.terminate()
        server.waitUntilExit()
        func run(_ arguments: String...) throws -> Program.Result {
            try Program().run(Program.executable, arguments + ["--data", data.path, "--home", home.path])
        }
        let folder = data.appending(path: "out")
        let exported = try run("corpus", "export", "--to", folder.path)
        #expect(exported.status == 0, "\(exported.errors)")
        #expect(exported.output == "en/balance.md\nen/coping-panic.md\n2 files changed\n")
        #expect(files.contentsEqual(atPath: corpus.path, andPath: folder.appending(path: "en").path))
        #expect(try run("corpus", "export", "--to", folder.path).output == "0 files changed\n")

        try files.removeItem(at: corpus.appending(path: "balance.md"))
        let missing = try run("corpus", "import")
        #expect(missing.status == 0 && missing.output.contains("en/balance.md: its file is gone"), "\(missing)")
        #expect(try run("corpus", "import", "--retire-missing").output.contains("taken down"))
        let again = try run("corpus", "import", "--format", "json")
        #expect(again.output.contains("SAME") && !again.output.contains("balance"), "\(again)")
    }
}
