import Foundation
import Support
import Testing

/// What keeps the server from starting is said plainly.
@Suite("Starting the server on faulty ground", .serialized)
struct ServingTests {
    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-ground-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test func `a file that is no database`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(repeating: 0x41, count: 8192).write(to: folder.appending(path: "bellwether.sqlite"))
        _ = try Data(Data(repeating: 1, count: 32).base64EncodedString().utf8).write(
            to: folder.appending(path: "master.key")
        )
        let result = try Program().run("serve", "--data", folder.path, "--port", "0")
        #expect(result.status == 65)
        #expect(result.errors.contains("not a sound database"))
    }

    @Test func `a database from a newer program`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try Program().run("migrate", "--data", folder.path).status == 0)
        let newer = "INSERT INTO schema_migrations VALUES (999, 'future', 'x', 0)"
        let edit = try Program().run(
            URL(filePath: "/usr/bin/env"),
            [
                "python3", "-c",
                "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
                folder.appending(path: "bellwether.sqlite").path, newer,
            ]
        )
        #expect(edit.status == 0)
        let result = try Program().run("serve", "--data", folder.path, "--port", "0")
        #expect(result.status == 78)
        #expect(result.errors.contains("schema version 999"))
    }

    @Test func `a lost master key`() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try Program().run("migrate", "--data", folder.path).status == 0)
        try FileManager.default.removeItem(at: folder.appending(path: "master.key"))
        let result = try Program().run("doctor", "--data", folder.path)
        #expect(result.status == 78)
        #expect(result.errors.contains("master key"))
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "master.key").path))
    }

    @Test func `a data folder that cannot be made`() throws {
        let result = try Program().run("migrate", "--data", "/dev/null/data")
        #expect(result.status == 73)
    }

    @Test func `a faulty instrument stops the start with its file and line`() throws {
        let home = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: home) }
        for name in ["Instruments", "Prompts", "Corpus"] {
            try FileManager.default.copyItem(
                at: RepositoryRoot.url.appending(path: name),
                to: home.appending(path: name)
            )
        }
        let file = home.appending(path: "Instruments/gad-7.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(text.replacing("version: 1", with: "version: one").utf8).write(to: file)
        let result = try Program().run("migrate", "--home", home.path, "--data", home.appending(path: "data").path)
        #expect(result.status == 65)
        #expect(result.errors.contains("gad-7.yaml:"))
        #expect(!FileManager.default.fileExists(atPath: home.appending(path: "data").path))
    }
}
