import Foundation
import Testing

/// What was acknowledged is there, whatever happens to the process.
@Suite("Killing the server", .serialized)
struct CrashTests {
    private struct Acknowledged: Sendable {
        var messages: [String: [String]] = [:]
        var submissions: [String] = []
    }

    private struct Client: Sendable {
        let http: HTTPFactory
        let conversation: String
    }

    /// Makes an ``HTTP`` for a port that changes when the server starts anew.
    private struct HTTPFactory: Sendable {
        let token: String
        func on(_ port: Int) -> HTTP { HTTP(port: port, token: token) }
    }

    @Test func `kill -9 during chats and submissions loses nothing that was acknowledged`() async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "bellwether-crash-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        let port = try freePort()
        let server = try await Program().serve(data: data, port: port, demo: true)
        let notes = try String(contentsOf: data.appending(path: "demo-accounts.txt"), encoding: .utf8)
        let password = try #require(
            notes.split(separator: " ").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        )
        var clients: [Client] = []
        for name in ["maya", "jordan", "lucia"] {
            let session = try await HTTP(port: port).post(
                "/api/v1/portal/auth/login",
                #"{"username": "\#(name)", "password": "\#(password)"}"#
            )
            let token = try #require(session.json["token"] as? String)
            let conversation = try await HTTP(port: port, token: token).post("/api/v1/portal/chat/conversations")
            clients.append(
                Client(http: HTTPFactory(token: token), conversation: try #require(conversation.json["id"] as? String))
            )
        }

        let acknowledged = try await withThrowingTaskGroup(of: Acknowledged.self) { group in
            for client in clients {
                group.addTask { try await Self.chat(client, port) }
                group.addTask { try await Self.answerQuestionnaires(client, port) }
            }
            try await Task.sleep(for: .seconds(3))
            kill(server.processIdentifier, SIGKILL)
            var all = Acknowledged()
            for try await some in group {
                all.messages.merge(some.messages) { $0 + $1 }
                all.submissions += some.submissions
            }
            return all
        }
        server.waitUntilExit()
        #expect(!acknowledged.messages.isEmpty)
        #expect(!acknowledged.submissions.isEmpty)

        let examined = try Program().run("doctor", "--data", data.path, "--format", "json")
        #expect(examined.status == 0, "\(examined.output) \(examined.errors)")

        let again = try freePort()
        let restarted = try await Program().serve(data: data, port: again)
        defer { restarted.terminate() }
        for client in clients {
            let history = try await client.http.on(again).get(
                "/api/v1/portal/chat/conversations/\(client.conversation)"
            )
            #expect(history.status == 200)
            for text in acknowledged.messages[client.conversation] ?? [] { #expect(history.text.contains(text)) }
        }
        for submission in acknowledged.submissions {
            let statuses = try await clients.map { $0.http.on(again) }.asyncMap { try await $0.get(submission) }
            let found = statuses.filter { $0.status == 200 }
            #expect(found.count == 1)
            #expect(found.first?.json["status"] as? String == "COMPLETED")
        }
    }

    /// Chats until the server is gone; every third message tells of danger.
    private static func chat(_ client: Client, _ port: Int) async throws -> Acknowledged {
        var acknowledged = Acknowledged()
        for number in 0..<10_000 {
            let text = number % 3 == 2 ? "I want to die, number \(number)" : "Where is my appointment, number \(number)"
            guard
                let answer = try? await client.http.on(port).post(
                    "/api/v1/portal/chat/conversations/\(client.conversation)/messages",
                    #"{"text": "\#(text)"}"#
                )
            else { break }
            if answer.status == 200 { acknowledged.messages[client.conversation, default: []].append(text) }
        }
        return acknowledged
    }

    /// Answers one GAD-7 after the other until the server is gone.
    private static func answerQuestionnaires(_ client: Client, _ port: Int) async throws -> Acknowledged {
        var acknowledged = Acknowledged()
        for number in 0..<10_000 {
            guard
                let begun = try? await client.http.on(port).post(
                    "/api/v1/portal/assessments",
                    #"{"instrument": "GAD-7"}"#
                ),
                let id = begun.json["id"] as? String
            else { break }
            let answers = (1...7).map { #""\#($0)": \#((number + $0) % 4)"# }.joined(separator: ", ")
            let path = "/api/v1/portal/assessments/\(id)"
            guard
                let submitted = try? await client.http.on(port).post("\(path)/submit", #"{"responses": {\#(answers)}}"#)
            else { break }
            if submitted.status == 200 { acknowledged.submissions.append(path) }
        }
        return acknowledged
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
