import HTTPTypes
import Portal
import Records
import Support
import Testing

@testable import Server

@Suite("Chat over HTTP")
struct ChatAPITests {
    private static let conversations = "/api/v1/portal/chat/conversations"

    private func open(_ maya: Caller) async throws -> String {
        let opened = try await maya.post(Self.conversations)
        #expect(opened.status == 201)
        #expect(opened["disclosure"]?.text?.isEmpty == false)
        return "\(Self.conversations)/\(try #require(opened["id"]?.text))"
    }

    @Test func `a question is answered from an article, and stays in the history`() async throws {
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let chat = try await open(maya)
            let answer = try await maya.post("\(chat)/messages", ["text": "How do I write to my therapist?"])
            #expect(answer.status == 200)
            #expect(answer["decision"]?.text == "answer")
            #expect(answer["citations"]?[0]?["article"]?.text == "message-provider")
            #expect(answer["citations"]?[0]?["version"] == 1)
            let history = try await maya.get(chat)
            #expect(history["messages"]?[0]?["text"]?.text == "How do I write to my therapist?")
            #expect(history["messages"]?[1]?["reply"]?["citations"] == answer["citations"])
        }
    }

    @Test func `the same nonce gives the same answer, once`() async throws {
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let chat = try await open(maya)
            let body: JSONValue = ["text": "hello", "client_nonce": "n-1"]
            let first = try await maya.post("\(chat)/messages", body)
            let second = try await maya.post("\(chat)/messages", body)
            #expect(first.body == second.body)
            guard case .array(let messages) = try await maya.get(chat)["messages"] else { throw Unexpected() }
            #expect(messages.count == 2)
        }
    }

    @Test func `a crisis message streams help before anything else, and the clinician is told`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let chat = try await open(maya)
            let stream = try await maya.post(
                "\(chat)/messages",
                ["text": "I want to kill myself tonight"],
                accept: "text/event-stream"
            )
            #expect(stream.status == 200)
            #expect(stream.headers[.contentType] == "text/event-stream")
            #expect(stream.text.hasPrefix("event: crisis\n"))
            #expect(stream.text.contains("988"))
            #expect(stream.text.contains("event: reply\n"))
            try await server.house.drainWork()
            let cora = try await caller.asStaff("cora")
            let alerts = try await cora.get("/api/v1/therapist/alerts")
            #expect(alerts["alerts"]?[0]?["kind"]?.text == "CRISIS_TEXT")
            #expect(alerts["alerts"]?[0]?["severity"]?.text == "CRITICAL")
            let notifications = try await cora.get("/api/v1/therapist/portal-notifications")
            #expect(notifications["unread"] == 1)
            let id = try #require(alerts["alerts"]?[0]?["id"]?.text)
            let taken = try await cora.post("/api/v1/therapist/alerts/\(id)/acknowledge")
            #expect(taken["state"]?.text == "ACKNOWLEDGED")
        }
    }

    @Test func `on a full disk a crisis message still gets help, and an ordinary one a plain word`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let chat = try await open(maya)
            try await server.house.sabotage()
            let crisis = try await maya.post("\(chat)/messages", ["text": "I want to kill myself tonight"])
            #expect(crisis.status == 200)
            #expect(crisis["stored"] == .boolean(false))
            #expect(crisis["alert_sent"] == .boolean(false))
            #expect(crisis.text.contains("988"))
            let ordinary = try await maya.post("\(chat)/messages", ["text": "Where is my bill?"])
            #expect(ordinary.status == 503)
            #expect(ordinary["type"]?.text == "urn:bellwether:problem:storage-unavailable")
            #expect(ordinary.text.contains("988"))
            #expect(try await caller.get("/health/live").status == 200)
            #expect(try await caller.get("/health/ready").status == 503)
            try await server.house.heal()
            #expect(try await server.house.portal.chat.drainSpool() == 1)
            let alerts = try await caller.asStaff("cora").get("/api/v1/therapist/alerts")
            #expect(alerts["alerts"]?[0]?["kind"]?.text == "CRISIS_TEXT")
        }
    }

    @Test func `no word of a client is in the log`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let chat = try await open(maya)
            _ = try await maya.post("\(chat)/messages", ["text": "zebrafinch I want to kill myself"])
            _ = try await maya.send(.post, "\(chat)/messages", bytes: Array(#"{"text": "zebrafinch"#.utf8))
            _ = try await maya.get("\(chat)?zebrafinch=1")
            try await server.house.sabotage()
            _ = try await maya.post("\(chat)/messages", ["text": "zebrafinch, where is my bill"])
        }
        #expect(!server.log.lines.isEmpty)
        for line in server.log.lines {
            #expect(!line.contains("zebrafinch"))
            #expect(!line.contains(TestPortal.password))
        }
    }

    private static let faulty: [(body: String, status: Int)] = [
        (#"{"text": 5}"#, 422),
        (#"{"text": "a", "colour": 1}"#, 422),
        ("{}", 422),
        (#"{"text": "   "}"#, 422),
        (#"{"text""#, 400),
        (#"{"text": "\u0000"}"#, 422),
        (longMessage(21_000), 422),
        (longMessage(300_000), 413),
        (String(repeating: "[", count: 100_000), 400),
    ]

    private static func longMessage(_ length: Int) -> String {
        #"{"text": ""# + String(repeating: "a", count: length) + #""}"#
    }

    @Test(arguments: faulty)
    func `a faulty message is refused with a plain problem`(body: String, status: Int) async throws {
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let chat = try await open(maya)
            let answer = try await maya.send(.post, "\(chat)/messages", bytes: Array(body.utf8))
            #expect(answer.status == status)
            #expect(answer.headers[.contentType] == "application/problem+json")
            guard case .array(let messages) = try await maya.get(chat)["messages"] else { throw Unexpected() }
            #expect(messages.isEmpty)
        }
    }

    struct Unexpected: Error {}
}
