import Foundation
import Support
import Testing

/// What the assistant said, made again from the command line beside a server that runs.
@Suite("Chat commands", .serialized)
struct ChatCommandTests {
    @Test func `past replies are made again, without a word of them unless for a reason`() async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "bellwether-chat-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        let port = try freePort()
        let server = try await Program().serve(data: data, port: port, demo: true)
        defer { server.terminate() }
        func run(_ arguments: String...) throws -> Program.Result {
            try Program().run(Program.executable, ["chat", "replay"] + arguments + ["--data", data.path])
        }
        let notes = try String(contentsOf: data.appending(path: "demo-accounts.txt"), encoding: .utf8)
        let password = try #require(notes.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
        let signedIn = try await HTTP(port: port).post(
            "/api/v1/portal/auth/login",
            #"{"username": "maya", "password": "\#(password)"}"#
        )
        let maya = HTTP(port: port, token: try #require(signedIn.json["token"] as? String, "\(signedIn.text)"))
        let conversation = try await maya.post("/api/v1/portal/chat/conversations", "{}")
        let id = try #require(conversation.json["id"] as? String, "\(conversation.text)")
        let asked = try await maya.post(
            "/api/v1/portal/chat/conversations/\(id)/messages",
            #"{"text": "What should I do when I have a panic attack?"}"#
        )
        let message = try #require(asked.json["message_id"] as? String, "\(asked.text)")

        let one = try run(message)
        #expect(one.status == 0 && one.output.contains("IDENTICAL"), "\(one.output) \(one.errors)")
        #expect(!one.output.lowercased().contains("panic attack"))
        let all = try run("--all", "--since", "2020-01-01", "--format", "json")
        #expect(all.status == 0 && all.output.contains(#""verdict" : "IDENTICAL""#), "\(all.output) \(all.errors)")
        #expect(!all.output.lowercased().contains("panic attack"))
        #expect(try run("--all", "--since", "2999-01-01").output.contains("0 replies"))

        #expect(try run().status == 64)
        #expect(try run(message, "--show").status == 64)
        #expect(try run("--all", "--show", "--reason", "x", "--administrator", "ruth").status == 64)
        #expect(try run("nothing").status == 66)
        #expect(try run(message, "--show", "--reason", "x", "--administrator", "maya").status == 66)
        let shown = try run(message, "--show", "--reason", "A complaint", "--administrator", "ruth")
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains("Asked: What should I do when I have a panic attack?"))

        // By other rules it is not made again, and says so.
        let prompts = data.appending(path: "Prompts")
        try FileManager.default.copyItem(at: RepositoryRoot.appending("Prompts"), to: prompts)
        let file = prompts.appending(path: "replies.en.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("I am glad to help", with: "Glad to help").write(to: file, atomically: true, encoding: .utf8)
        let other = try run(message, "--prompts", prompts.path)
        #expect(other.status == 66 && other.output.contains("NOT_RERUN"), "\(other.output) \(other.errors)")
        #expect(other.output.contains("The texts"))
        #expect(!other.output.contains("0 of"))
    }
}
