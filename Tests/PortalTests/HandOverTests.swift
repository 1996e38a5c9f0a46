import Portal
import Records
import Store
import Support
import Testing

/// A client who asks for a person.
@Suite("Handing over to a person")
struct HandOverTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var maya: TestClient { test.people.client }
    private var cora: TestStaff { test.people.clinician }

    private func talk(_ texts: String..., as client: TestClient? = nil) async throws -> ID<Conversation> {
        let client = client ?? maya
        let conversation = try await test.portal.chat.open(for: client.id, as: client.principal, locale: "en")
        for text in texts {
            _ = try await test.portal.chat.send(
                text,
                to: conversation.id,
                nonce: nil,
                of: client.id,
                as: client.principal
            )
        }
        return conversation.id
    }

    private func ask(_ message: SealedText, _ conversation: ID<Conversation>? = nil, sending: Bool = false) async throws
        -> Record<HandOver>
    {
        try await test.portal.records.perform(
            HandOver.ask,
            .init(message: message, conversationID: conversation, withTranscript: sending),
            of: maya.id,
            as: maya.principal
        ).record
    }

    private func seen(by staff: TestStaff) async throws -> [Record<HandOver>] {
        try await test.portal.records.list(
            HandOver.self,
            RecordWindow(limit: 10),
            of: maya.id,
            as: staff.principal,
            through: .staff
        )
    }

    @Test func `the conversation goes along only when the client sends it`() async throws {
        let conversation = try await talk("can i bring my dog", "I want a real person")
        _ = try await ask("Please call me.", conversation)
        test.clock.advance(.seconds(1))
        _ = try await ask("And this is what I asked.", conversation, sending: true)
        let seen = try await seen(by: cora)
        #expect(seen.map(\.message) == ["And this is what I asked.", "Please call me."])
        #expect(seen.last?.transcript == nil)
        let transcript = try #require(seen.first?.transcript?.plaintext)
        #expect(transcript.hasPrefix("Client: can i bring my dog\n\nAssistant: "))
        #expect(transcript.contains("Client: I want a real person"))
        try await test.drainWork()
        let told = try await test.portal.notifications.inbox(of: cora.principal).notifications
        #expect(told.contains { $0.title == "A client asks for a person" })
    }

    @Test func `another client's conversation cannot be sent along`() async throws {
        let conversation = try await talk("my secret", as: test.people.sibling)
        await #expect(throws: RecordNotFound.self) { try await ask("Please call me.", conversation, sending: true) }
        #expect(try await seen(by: cora).isEmpty)
    }

    @Test func `a conversation that is to go along has to be named`() async throws {
        await #expect(throws: (any Error).self) { try await ask("Please call me.", sending: true) }
        #expect(try await seen(by: cora).isEmpty)
    }

    @Test func `the care team answers and the client is told`() async throws {
        let asked = try await ask("Please call me.")
        let answered = try await test.portal.records.perform(
            HandOver.giveAnswer,
            .init(answer: "I will call you at four."),
            on: asked.id,
            of: maya.id,
            as: cora.principal
        ).record
        #expect(answered.status == .answered)
        #expect(answered.answeredAt == test.clock.now)
        try await test.drainWork()
        let told = try await test.portal.notifications.inbox(of: maya.principal).notifications
        #expect(told.contains { $0.title == "Your care team answered you" })
        await #expect(throws: (any Error).self, "It was answered already.") {
            try await test.portal.records.perform(
                HandOver.withdraw,
                NoInput(),
                on: asked.id,
                of: maya.id,
                as: maya.principal
            )
        }
    }

    @Test func `words of danger in it raise the alert as anywhere`() async throws {
        _ = try await ask("I am going to kill myself tonight.")
        let alerts = try await test.alerts(of: cora)
        #expect(alerts.contains { $0.source == "MESSAGE" })
    }
}
