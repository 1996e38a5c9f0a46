import Assistant
import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("A cry for help in the chat")
struct CrisisChatTests {
    let test: TestPortal
    let conversation: Conversation

    init() async throws {
        test = try await TestPortal()
        conversation = try await test.portal.chat.open(
            for: test.people.client.id,
            as: test.people.client.principal,
            locale: "en"
        )
    }

    private var maya: TestClient { test.people.client }
    private var chat: ChatService { test.portal.chat }
    private static let cry = "I want to kill myself tonight"

    private func send(_ text: String = cry, nonce: String? = nil) async throws -> ChatService.Answer {
        try await chat.send(text, to: conversation.id, nonce: nonce, of: maya.id, as: maya.principal)
    }

    private var spooled: [URL] {
        let folder = test.configuration.dataFolder.appending(path: "spool")
        return (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    }

    @Test func `it gets help first, an event, an alert, and somebody is told`() async throws {
        let answer = try await send()
        #expect(answer.reply.decision == .crisis)
        #expect(answer.reply.crisisPanel?.resources.contains { $0.call == "988" } == true)
        #expect(answer.isStored && answer.isAlertRaised)
        let alert = try #require(try await test.alerts().first)
        #expect(alert.kind == .crisisText)
        #expect(alert.severity == .critical)
        #expect(alert.sourceID == answer.messageID?.text)
        #expect(alert.summary.plaintext.contains("kill myself"), "\(alert.summary.plaintext)")
        let event = try #require(try await test.rows("SELECT * FROM crisis_events").first)
        #expect(event["tier"] == .text("imminent"))
        #expect(event["source"] == .text("CHAT"))
        #expect(event["source_id"] == answer.messageID.map { .text($0.text) })
        #expect(event["alert_id"] == .text(alert.id.text))
        #expect(event["rules_version"] == answer.reply.crisis.map { .text($0.ruleSetVersion) })
        try await test.drainWork()
        #expect(try await test.tellings(of: test.people.clinician) == 1)
        #expect(try await Contents(of: test).holds("myself tonight") == false)
    }

    @Test func `distress without danger shows help and alerts nobody`() async throws {
        let answer = try await send("I was suicidal back in my twenties but I am in a really good place now")
        #expect(answer.reply.crisisPanel != nil)
        #expect(answer.isAlertRaised == false)
        #expect(try await test.alerts().isEmpty)
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM crisis_events WHERE tier = 'support' AND alert_id IS NULL"
            ) == 1
        )
        try await test.drainWork()
        #expect(try await test.tellings(of: test.people.clinician) == 0)
    }

    @Test func `sent twice with one key it is one signal, sent again it is another`() async throws {
        for _ in 0..<2 { #expect(try await send(nonce: "a").isAlertRaised) }
        #expect(try await test.alerts().map(\.signals) == [1])
        _ = try await send(nonce: "b")
        #expect(try await test.alerts().map(\.signals) == [2])
        #expect(try await test.count("SELECT COUNT(*) AS count FROM crisis_events") == 2)
    }

    @Test func `the clinician reads the words that matched, and not the conversation`() async throws {
        _ = try await send("My cat is called Zebulon. " + Self.cry)
        let alert = try #require(try await test.alerts().first)
        #expect(alert.summary.plaintext.contains("Zebulon") == false)
        await #expect(throws: AccessDenied()) {
            try await chat.history(conversation.id, of: maya.id, as: test.people.clinician.principal)
        }
    }

    @Test func `taking it back is another signal, and leaves the words that the clinician reads`() async throws {
        _ = try await send(nonce: "a")
        let words = try #require(try await test.alerts().first).summary.plaintext
        #expect(try await send("ok thanks, I was just joking", nonce: "b").isAlertRaised)
        #expect(try await test.alerts().map(\.signals) == [2])
        #expect(try await test.alerts().map(\.summary.plaintext) == [words])
    }

    // MARK: - When nothing can be stored

    @Test func `on a full disk help comes all the same, and the cry is kept and stored later`() async throws {
        try await test.sabotage()
        let answer = try await send(nonce: "a")
        #expect(answer.reply.crisisPanel?.resources.contains { $0.call == "988" } == true)
        #expect(answer.isStored == false)
        #expect(answer.isAlertRaised == false, "nothing is promised that is not certain")

        #expect(spooled.count == 1)
        let file = try #require(spooled.first)
        let bytes = try Data(contentsOf: file)
        for word in ["kill", "tonight", maya.id.text] { #expect(bytes.range(of: Data(word.utf8)) == nil) }
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try await test.portal.examine().first { $0.subject == "crisis spool" }?.verdict == .attention)

        await #expect(throws: StoreError.full) { try await chat.drainSpool() }
        #expect(spooled.count == 1)
        try await test.heal()
        #expect(try await chat.drainSpool() == 1)
        #expect(spooled.isEmpty)
        #expect(try await chat.drainSpool() == 0)
        #expect(try await test.alerts().map(\.signals) == [1])
        #expect(try await test.count("SELECT COUNT(*) AS count FROM crisis_events") == 1)
        let history = try await chat.history(conversation.id, of: maya.id, as: maya.principal)
        #expect(history.map(\.message.body.plaintext).first == Self.cry)
        #expect(history.count == 2)
        try await test.drainWork()
        #expect(try await test.tellings(of: test.people.clinician) == 1)
        // The page tries again with the same key.
        #expect(try await send(nonce: "a").messageID == history.first?.message.id)
    }

    @Test func `a crash between storing and forgetting stores it once`() async throws {
        try await test.sabotage()
        _ = try await send()
        let file = try #require(spooled.first)
        let copy = test.folder.appending(path: "copy")
        try FileManager.default.copyItem(at: file, to: copy)
        try await test.heal()
        #expect(try await chat.drainSpool() == 1)
        try FileManager.default.copyItem(at: copy, to: file)
        #expect(try await chat.drainSpool() == 1)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM chat_messages") == 2)
        #expect(try await test.alerts().map(\.signals) == [1])
    }

    @Test
    func
        `the alert comes even when the account was switched off, the conversation closed, or another entry cannot be stored`()
        async throws
    {
        let sibling = test.people.sibling
        let other = try await chat.open(for: sibling.id, as: sibling.principal, locale: "en")
        try await test.sabotage()
        _ = try await chat.send(Self.cry, to: other.id, nonce: nil, of: sibling.id, as: sibling.principal)
        test.clock.advance(.seconds(1))
        _ = try await send()
        try Data("no entry".utf8).write(
            to: try #require(spooled.first).deletingLastPathComponent().appending(path: "x.spool")
        )
        try await test.heal()
        try await test.portal.accounts.setPortalEnabled(
            false,
            for: maya.id,
            as: test.people.administrator.principal
        )
        try await test.execute("UPDATE chat_conversations SET state = 'CLOSED' WHERE client_id = \(maya.id)")
        try await test.execute("DELETE FROM clients WHERE id = \(sibling.id)")
        #expect(try await chat.drainSpool() == 1)
        #expect(try await test.alerts().map(\.clientID) == [maya.id])
        #expect(spooled.count == 2, "what could not be stored waits")
    }

    @Test func `an ordinary question on a full disk is an error, and keeps nothing`() async throws {
        try await test.sabotage()
        await #expect(throws: StoreError.full) { try await send("What should I do when I have a panic attack?") }
        #expect(spooled.isEmpty)
    }

    @Test func `nobody can slip words into another's record by way of the spool`() async throws {
        let sibling = test.people.sibling
        try await test.sabotage()
        let answer = try await chat.send(Self.cry, to: conversation.id, nonce: nil, of: maya.id, as: sibling.principal)
        #expect(answer.reply.crisisPanel != nil)
        #expect(spooled.isEmpty)
    }

    @Test func `help comes even when what is stored cannot be unsealed`() async throws {
        _ = try await send("hello")
        try await test.execute("UPDATE chat_conversations SET memory = '1.1.AAAA'")
        await #expect(throws: StoreError.unsealable(column: "memory")) { try await send("hello again") }
        let answer = try await send()
        #expect(answer.reply.crisisPanel != nil)
        #expect(answer.isStored == false)
        #expect(spooled.count == 1)
    }

    @Test func `help is that of the practice's country, also when nothing can be stored`() async throws {
        try await test.execute("UPDATE practices SET region = 'AU'")
        try await test.portal.publishCorpus()
        let stored = try await send()
        try await test.sabotage()
        let unstored = try await send()
        for answer in [stored, unstored] {
            #expect(answer.reply.crisisPanel?.resources.contains { $0.call == "13 11 14" } == true)
        }
    }

    @Test func `help needs no database at all`() async throws {
        let answer = try #require(chat.emergencyAnswer(Self.cry))
        #expect(answer.reply.crisisPanel != nil)
        #expect(chat.emergencyAnswer("how do I pay my bill?") == nil)
        try test.portal.close()
        let closed = try await send()
        #expect(closed.reply.crisisPanel != nil)
        #expect(closed.isStored == false)
        #expect(spooled.count == 1)
    }
}
