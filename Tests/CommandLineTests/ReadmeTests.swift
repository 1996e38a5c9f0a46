import Foundation
import Support
import Testing

/// Every command of the README works as it stands.
@Suite("README", .serialized)
struct ReadmeTests {
    /// The shell blocks of the README, one script, with the installed program in place of the release build and a free
    /// port and a fresh folder in place of the usual ones.
    private func script(port: Int, data: URL) throws -> String {
        let readme = try String(contentsOf: RepositoryRoot.url.appending(path: "README.md"), encoding: .utf8)
        let blocks = readme.components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        return (["set -euo pipefail"] + blocks).joined(separator: "\n")
            .replacing("$PWD/.build/release", with: Program.folder.path)
            .replacing("127.0.0.1:8080", with: "127.0.0.1:\(port)")
            .replacing(" data/", with: " \(data.path)/")
    }

    @Test func `every command runs, and says what it promises`() async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "bellwether-readme-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        let port = try freePort()
        let server = try await Program().serve(data: data, port: port, demo: true)
        defer { server.terminate() }
        let result = try Program().run(URL(filePath: "/bin/bash"), ["-c", try script(port: port, data: data)])
        #expect(result.status == 0, "\(result.errors)")
        for promised in [
            "988", "moderate", "reliable improvement", "event: crisis", "CRISIS_TEXT", #""decision":"answer""#,
        ] {
            #expect(result.output.contains(promised), "\(promised) is not in the output")
        }
    }
}
