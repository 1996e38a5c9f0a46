import Assistant
import Foundation
import Records
import Store
import Support
import Synchronization
import Testing

@testable import Portal

/// A reply is made while nothing is locked, and stored in one step.
@Suite("Answering outside the lock")
struct ConcurrentChatTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var maya: TestClient { test.people.client }
    private static let question = "What should I do when I have a panic attack?"

    /// Does something between choosing and storing, once.
    private final class Meanwhile: ReplyRewording {
        private let action: @Sendable () async -> Void
        private let rewording: Rewording?
        private let asked = Mutex(0)
        var timesAsked: Int { asked.withLock { $0 } }

        init(saying rewording: Rewording? = nil, _ action: @escaping @Sendable () async -> Void) {
            self.action = action
            self.rewording = rewording
        }

        func reword(_ chosen: ChosenReply) async -> Rewording? {
            let isFirst = asked.withLock { asked in
                asked += 1
                return asked == 1
            }
            if isFirst { await action() }
            return rewording
        }
    }

    private func chat(_ rewording: (any ReplyRewording)? = nil) -> ChatService {
        ChatService(
            gate: test.portal.chat.gate,
            library: test.portal.articles,
            alerts: test.portal.alerts,
            safetyNet: test.portal.safetyNet,
            spool: test.portal.spool,
            rewording: rewording
        )
    }

    private func open() async throws -> ID<Conversation> {
        try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: "en").id
    }

    private func send(
        _ text: String,
        to conversation: ID<Conversation>,
        nonce: String? = nil,
        by chat: ChatService? = nil,
        as principal: Principal? = nil
    ) async throws -> ChatService.Answer {
        try await (chat ?? test.portal.chat).send(
            text,
            to: conversation,
            nonce: nonce,
            of: maya.id,
            as: principal ?? maya.principal
        )
    }

    private func history(_ conversation: ID<Conversation>) async throws -> [ChatService.HistoryEntry] {
        try await test.portal.chat.history(conversation, of: maya.id, as: maya.principal)
    }

    // MARK: - Order and memory

    @Test(arguments: [
        [
            "hello", question, "How do I write to my therapist?", "thank you", "can I pay with a card",
            "Which questionnaires are due for me?", "what is this", "and how long does it take?",
        ],
        ["I don't want to be here anymore", "I have a lot of pills at home", "tonight"],
        ["I want to kill myself", "just kidding, never mind", question],
    ])
    func `messages at once are answered as they would be one after the other`(_ texts: [String]) async throws {
        let conversation = try await open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for text in texts { group.addTask { _ = try await send(text, to: conversation) } }
            try await group.waitForAll()
        }
        let stored = try await history(conversation)
        #expect(stored.map(\.message.ordinal) == Array(1...2 * texts.count))
        let asked = stored.filter { $0.message.role == .client }.map(\.message.body.plaintext)
        #expect(asked.sorted() == texts.sorted())
        let replies = stored.compactMap(\.reply)
        #expect(replies.map(\.redactedText) == asked)
        #expect(replies.map(\.state.turns) == Array(1...texts.count))
        // The same in that order, by themselves.
        let alone = try await open()
        var serial: [Reply] = []
        for text in asked { serial.append(try await send(text, to: alone).reply) }
        #expect(replies.map(\.crisis) == serial.map(\.crisis))
        #expect(replies.map(\.decision) == serial.map(\.decision))
        #expect(replies.map(\.paragraphs) == serial.map(\.paragraphs))
    }

    @Test func `distress, then means: the second is danger after the first, and on record with its message`()
        async throws
    {
        let conversation = try await open()
        let first = try await send("I don't want to be here anymore", to: conversation)
        let second = try await send("tonight", to: conversation)
        let before = try #require(first.reply.crisis).tier
        let after = try #require(second.reply.crisis).tier
        #expect(after > before)
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM crisis_events WHERE source_id = \(second.messageID) AND tier = \(after)"
            ) == 1
        )
        #expect(try await send("tonight", to: try await open()).reply.crisis == nil, "alone it says nothing")
    }

    @Test func `a cry for help that comes in while another answer is made is in its mind`() async throws {
        let conversation = try await open()
        let meanwhile = Meanwhile { _ = try? await send("I want to kill myself tonight", to: conversation) }
        let answer = try await send(Self.question, to: conversation, by: chat(meanwhile))
        #expect(answer.reply.state.highestTier == .imminent)
        #expect(answer.reply.state.turns == 2)
        let stored = try await history(conversation)
        #expect(
            stored.filter { $0.message.role == .client }.map(\.message.body.plaintext)
                == ["I want to kill myself tonight", Self.question]
        )
        #expect(try await test.alerts().map(\.severity) == [.critical])
    }

    @Test func `messages that come in again and again do not keep an answer from being stored`() async throws {
        let conversation = try await open()
        final class Always: ReplyRewording {
            let action: @Sendable () async -> Void
            init(_ action: @escaping @Sendable () async -> Void) { self.action = action }
            func reword(_ chosen: ChosenReply) async -> Rewording? {
                await action()
                return nil
            }
        }
        let always = Always {
            _ = try? await send("I don't want to be here anymore", to: conversation)
        }
        let answer = try await send(Self.question, to: conversation, by: chat(always))
        #expect(answer.isStored)
        let replies = try await history(conversation).compactMap(\.reply)
        #expect(replies.map(\.state.turns) == Array(1...replies.count))
        #expect(replies.last == answer.reply)
    }

    // MARK: - Keys

    @Test func `one key at once is one message with one answer`() async throws {
        let conversation = try await open()
        let answers = try await withThrowingTaskGroup(of: ChatService.Answer.self) { group in
            for _ in 0..<6 {
                group.addTask { try await send("I want to kill myself tonight", to: conversation, nonce: "a") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.messageID)).count == 1)
        #expect(Set(answers.map(\.reply)).count == 1)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM chat_messages") == 2)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM crisis_events") == 1)
        #expect(try await test.alerts().map(\.signals) == [1])
    }

    @Test func `a key that was used meanwhile gives the answer that it got`() async throws {
        let conversation = try await open()
        let box = Box()
        let meanwhile = Meanwhile { box.answer = try? await send(Self.question, to: conversation, nonce: "a") }
        let second = try await send(Self.question, to: conversation, nonce: "a", by: chat(meanwhile))
        #expect(second.messageID == box.answer?.messageID)
        #expect(second.reply == box.answer?.reply)
        #expect(try await history(conversation).count == 2)
    }

    private final class Box: Sendable {
        private let kept = Mutex<ChatService.Answer?>(nil)
        var answer: ChatService.Answer? {
            get { kept.withLock { $0 } }
            set { kept.withLock { $0 = newValue } }
        }
    }

    // MARK: - What changed meanwhile

    @Test func `a conversation that was closed meanwhile takes no message`() async throws {
        let conversation = try await open()
        let meanwhile = Meanwhile { _ = try? await test.execute("UPDATE chat_conversations SET state = 'CLOSED'") }
        await #expect(throws: Refusal.conflict("This conversation is closed. Start a new one.")) {
            try await send(Self.question, to: conversation, by: chat(meanwhile))
        }
        #expect(try await history(conversation).isEmpty)
    }

    @Test func `who was switched off meanwhile is not answered, and the attempt is on record`() async throws {
        let conversation = try await open()
        let meanwhile = Meanwhile {
            try? await test.portal.accounts.setPortalEnabled(
                false,
                for: maya.id,
                as: test.people.administrator.principal
            )
        }
        await #expect(throws: AccessDenied()) {
            try await send(Self.question, to: conversation, by: chat(meanwhile))
        }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM chat_messages") == 0)
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE action = 'CHAT.CHANGE' AND outcome = 'DENIED'"
            ) == 1
        )
    }

    @Test func `who signed out meanwhile is not answered, but a cry for help is heard`() async throws {
        let conversation = try await open()
        let session = try await test.live()
        let meanwhile = Meanwhile {
            try? await test.portal.sessions.signOut(session)
        }
        await #expect(throws: AccessDenied()) {
            try await send(Self.question, to: conversation, by: chat(meanwhile), as: session.principal)
        }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM chat_messages") == 0)
        #expect(
            try await send("I want to kill myself tonight", to: conversation, as: session.principal).isAlertRaised
        )
    }

    @Test func `a client who goes away is answered all the same`() async throws {
        let conversation = try await open()
        let task = Task { try await send(Self.question, to: conversation) }
        task.cancel()
        _ = try await task.value
        #expect(try await history(conversation).count == 2)
        let cry = Task { try await send("I want to kill myself tonight", to: conversation) }
        cry.cancel()
        #expect(try await cry.value.isAlertRaised)
    }

    @Test func `danger that only the conversation tells of is kept on a full disk, with help`() async throws {
        let conversation = try await open()
        _ = try await send("I don't want to be here anymore", to: conversation)
        try await test.sabotage()
        let answer = try await send("tonight", to: conversation)
        #expect(answer.reply.crisisPanel != nil)
        #expect(answer.isStored == false)
        #expect(answer.isAlertRaised == false)
        try await test.heal()
        #expect(try await test.portal.chat.drainSpool() == 1)
        #expect(try await history(conversation).count == 4)
    }

    // MARK: - Other words

    @Test func `a chosen answer may be said in other words, with the quotation's source and the original kept`()
        async throws
    {
        let conversation = try await open()
        let words = Rewording(
            paragraphs: [ReplyParagraph("Breathe out slowly.", citation: 0), ReplyParagraph("…", citation: 99)],
            author: "test-model 1"
        )
        let answer = try await send(Self.question, to: conversation, by: chat(Meanwhile(saying: words) {}))
        #expect(answer.reply.paragraphs == [ReplyParagraph("Breathe out slowly.", citation: 0), ReplyParagraph("…")])
        #expect(answer.reply.citations.first?.articleID == "coping-panic")
        let row = try #require(try await test.rows("SELECT * FROM chat_reply_inputs").first)
        #expect(row["reworded_by"] == .text("test-model 1"))
        #expect(try row.get("draft", as: String.self).hasPrefix("1.1."))
    }

    @Test(arguments: ["I want to kill myself tonight", "hello", "I want to talk to a person", "Do you sell vouchers?"])
    func `what quotes nothing, or shows help, is never reworded`(_ text: String) async throws {
        let meanwhile = Meanwhile {}
        _ = try await send(text, to: try await open(), by: chat(meanwhile))
        #expect(meanwhile.timesAsked == 0)
    }
}
