import Foundation
import ModelEndpoint
import Portal
import Support
import Testing

@testable import Server

@Suite("A language model over HTTP")
struct LanguageModelAPITests {
    private static let switchPath = "/api/v1/admin/language-model"
    private static let good = "Messages in the portal are encrypted and stay inside it."

    private func serve(
        _ script: [ModelServer.Step],
        _ setup: @Sendable (TestServer, ModelServer) async throws -> Void
    ) async throws {
        try await ModelServer.run(script) { model in
            let settings = try ModelSettings(url: model.url, model: "test-model", key: "zebrafinch")
            try await setup(TestServer(model: ModelEndpoint(settings)), model)
        }
    }

    private func ask(_ maya: Caller, accept: String? = nil) async throws -> Caller.Answer {
        let opened = try await maya.post("/api/v1/portal/chat/conversations")
        return try await maya.post(
            "/api/v1/portal/chat/conversations/\(opened["id"]?.text ?? "")/messages",
            ["text": "Who can read what I write to my therapist?"],
            accept: accept
        )
    }

    @Test func `administrator and client switch it on, and the answer streams sentence by sentence`() async throws {
        try await serve(.saying(Self.good + " They may become part of your health record.")) { server, model in
            try await server.serve { caller in
                let maya = try await caller.asClient("maya")
                let ada = try await caller.asStaff("ada")
                let offer = "/api/v1/portal/chat/language-model"
                #expect(try await maya.get(offer)["offered"] == .boolean(false))
                #expect(try await maya.get(Self.switchPath).status == 403)
                #expect(try await caller.asStaff("cora").put(Self.switchPath, ["on": true]).status == 403)
                let state = try await ada.put(Self.switchPath, ["on": true])
                #expect(state["on"] == .boolean(true) && state["model"]?.text == "test-model")
                #expect(try await ask(maya)["worded_by"]?.text == nil)
                let told = try await maya.get(offer)
                #expect(told["offered"] == .boolean(true) && told["consented"] == .boolean(false))
                #expect(told["server"]?.text == "127.0.0.1:\(model.port)")
                #expect(model.count == 0)

                #expect(try await maya.post("/api/v1/portal/consents", ["kind": "AI_CHAT"]).status == 201)
                let answer = try await ask(maya)
                #expect(answer["worded_by"]?.text == "test-model")
                #expect(answer["text"]?.text?.contains(Self.good) == true)
                #expect(answer["citations"]?[0]?["article"]?.text == "message-provider")

                let stream = try await ask(maya, accept: "text/event-stream")
                let events = stream.text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
                let texts = events.filter { $0.hasPrefix("event: text") }
                #expect(texts.count >= 3, "the notice and two sentences")
                #expect(texts.contains { $0.contains(Self.good) })
                #expect(events.last?.hasPrefix("event: reply") == true)
                #expect(events.last?.contains("\"worded_by\":\"test-model\"") == true)
                #expect(model.count == 2)
                #expect(try await ada.get(Self.switchPath)["last_day"]?["WORDED"] == 2)
            }
            for line in server.log.lines {
                #expect(!line.contains("zebrafinch") && !line.contains("what I write") && !line.contains(Self.good))
            }
        }
    }

    @Test func `a model that fails shows nothing of itself on the stream`() async throws {
        try await serve([.head(), .word("Take 50 mg. Visit https://evil.example. "), .stall]) { server, model in
            try await server.serve { caller in
                _ = try await caller.asStaff("ada").put(Self.switchPath, ["on": true])
                let maya = try await caller.asClient("maya")
                _ = try await maya.post("/api/v1/portal/consents", ["kind": "AI_CHAT"])
                let stream = try await ask(maya, accept: "text/event-stream")
                #expect(model.count == 1)
                #expect(!stream.text.contains("50 mg") && !stream.text.contains("evil"))
                #expect(stream.text.contains("event: reply\n") && stream.text.contains("\"decision\":\"answer\""))
            }
        }
    }
}
