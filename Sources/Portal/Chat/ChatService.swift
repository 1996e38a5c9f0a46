public import Assistant
import Foundation
public import Records
import Retrieval
import Store

/// The client's chat with the assistant: asked, answered, stored, and acted upon in one transaction.
public struct ChatService: Sendable {
    let gate: ClientGate
    let library: ArticleLibrary
    let alerts: AlertService
    let safetyNet: SafetyNet
    let spool: CrisisSpool

    var surroundings: Surroundings { gate.surroundings }

    /// Longest message, in UTF-8 bytes.
    public static let longestMessage = 20_000

    /// Names of the fields that articles may take from the client's own record.
    public static let liveFields = Set(LiveFields.all.map { $0.name })

    init(gate: ClientGate, library: ArticleLibrary, alerts: AlertService, safetyNet: SafetyNet, spool: CrisisSpool) {
        self.gate = gate
        self.library = library
        self.alerts = alerts
        self.safetyNet = safetyNet
        self.spool = spool
    }

    /// What a client gets for a message.
    public struct Answer: Sendable {
        public let reply: Reply
        /// Nil when the message could not be stored.
        public let messageID: ID<ChatMessage>?
        /// Whether message and reply are on record, and an alert, if one was due, is on its way.
        public var isStored: Bool { messageID != nil }
        /// Whether the care team is being told. True only once that is certain.
        public let isAlertRaised: Bool
    }

    /// One message as history shows it.
    public struct HistoryEntry: Sendable {
        public let message: ChatMessage
        /// Nil for what the client wrote, and for a reply that an older program stored in a shape of its own; its words
        /// are in the message.
        public let reply: Reply?

        /// The reply as it was given; nil for what the client wrote.
        public var answer: Answer? {
            reply.map { Answer(reply: $0, messageID: message.id, isAlertRaised: $0.crisis?.alert ?? false) }
        }
    }

    // MARK: - Conversations

    public func open(for client: ID<Client>, as principal: Principal, locale: String) async throws -> Conversation {
        try await gate.open(
            .create,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_conversations"
        ) { access in
            guard let account = principal.accountID else { throw AccessDenied() }
            let conversation = Conversation(
                id: surroundings.newID(),
                clientID: client,
                accountID: account,
                locale: locale,
                state: .open,
                startedAt: access.now,
                lastAt: access.now,
                createdAt: access.now,
                updatedAt: access.now
            )
            try access.insert(conversation)
            return conversation
        }
    }

    public func conversations(of client: ID<Client>, as principal: Principal) async throws -> [Conversation] {
        try await gate.open(
            .read,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_conversations"
        ) { access in
            try access.all(Conversation.self, order: "last_at DESC, id DESC", limit: 100)
        }
    }

    public func history(_ id: ID<Conversation>, of client: ID<Client>, as principal: Principal) async throws
        -> [HistoryEntry]
    {
        try await gate.open(
            .read,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_conversations",
            entityID: id.text
        ) { access in
            _ = try access.one(id)
            return try access.all(ChatMessage.self, where: "conversation_id = \(id)", order: "ordinal")
                .map { HistoryEntry(message: $0, reply: Self.decode($0.reply)) }
        }
    }

    /// What the assistant says of itself before the first message.
    public func disclosure(language: String, practiceName: String = "") -> String {
        library.fallbackAssistant.disclosure(language: language, practiceName: practiceName)
    }

    // MARK: - A message

    /// Answers `text` and stores both.
    ///
    /// The crisis screen comes first and does not depend on the store: when storing fails, whatever the reason, and the
    /// message tells of risk, the client gets the resources all the same, and the message is spooled to disk and stored
    /// later. Such a message is also taken at any length, and in a conversation that was closed.
    ///
    /// - Parameter nonce: the sender's key for the message; the same message sent again gets the same answer.
    public func send(
        _ text: String,
        to conversation: ID<Conversation>,
        nonce: String?,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> Answer {
        let finding = safetyNet.screen(text, of: principal.practiceID)
        guard text.utf8.count <= Self.longestMessage || finding.tier > .none else {
            throw Refusal.invalid(
                pointer: "/text",
                message: "the message is longer than \(Self.longestMessage) bytes",
                remedy: "Send it in parts"
            )
        }
        do {
            return try await store(text, in: conversation, nonce: nonce, of: client, as: principal, finding: finding)
        } catch  where finding.tier > .none && !Self.isRefusal(error) {
            // Only one's own words may come into one's record, since nobody will ask again when they are stored.
            if finding.alert, case .account(let account, client) = principal.identity {
                // A disk that takes no file either must not keep the resources from the client.
                try? spool.keep(
                    .init(
                        id: surroundings.newID(),
                        practiceID: principal.practiceID,
                        accountID: account,
                        clientID: client,
                        conversationID: conversation,
                        text: text,
                        nonce: nonce,
                        at: surroundings.now()
                    )
                )
            }
            return emergencyAnswer(text, practice: principal.practiceID, language: finding.language)
        }
    }

    /// Whether the service meant it, as against a failure of the store or of what is stored.
    static func isRefusal(_ error: any Error) -> Bool {
        error is AccessDenied || error is RecordNotFound || error is Refusal || error is CancellationError
    }

    /// The answer when nothing can be stored: resources first, made without the store. Nil when the text tells of no risk.
    public func emergencyAnswer(_ text: String) -> Answer? {
        let finding = safetyNet.screen(text)
        guard finding.tier > .none else { return nil }
        return emergencyAnswer(text, practice: nil, language: finding.language)
    }

    private func emergencyAnswer(_ text: String, practice: ID<Practice>?, language: String) -> Answer {
        let assistant = practice.flatMap(library.assistant(of:)) ?? library.fallbackAssistant
        var context = ReplyContext(language: language, now: surroundings.now().seconds)
        if let region = practice.flatMap(library.region(of:)) { context.region = region }
        return Answer(reply: assistant.reply(to: text, in: context), messageID: nil, isAlertRaised: false)
    }

    func store(
        _ text: String,
        in id: ID<Conversation>,
        nonce: String?,
        of client: ID<Client>,
        as principal: Principal,
        finding: CrisisFinding
    ) async throws -> Answer {
        try await gate.open(
            .change,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_conversations",
            entityID: id.text
        ) { access in
            var conversation = try access.one(id)
            var key = nonce
            let assistant = library.assistant(of: access.practiceID) ?? library.fallbackAssistant
            let reply = try reply(to: text, in: conversation, by: assistant, access)
            if let nonce, let (earlier, answer) = try answer(to: nonce, in: id, access) {
                if earlier.body.plaintext == reply.redactedText { return answer }
                guard finding.tier > .none else { throw Refusal.conflict("This key was used for another message.") }
                key = nil
            }
            guard conversation.state != .closed || finding.tier > .none else {
                throw Refusal.conflict("This conversation is closed. Start a new one.")
            }
            let asked = try append(reply, to: conversation, nonce: key, access)
            try OutcomeRecording(access: access, surroundings: surroundings)
                .record(reply, asked: asked, in: id, locale: conversation.locale)
            let finding = reply.crisis
            if let finding {
                try safetyNet.record(
                    finding,
                    text: text,
                    source: .chat,
                    sourceID: asked.text,
                    access: access,
                    alerts: alerts,
                    surroundings: surroundings
                )
            }
            conversation.memory = SealedText(try Self.encode(reply.state))
            conversation.disclosedAt = reply.disclosure == nil ? conversation.disclosedAt : access.now
            conversation.lastAt = access.now
            conversation.updatedAt = access.now
            try access.update(conversation)
            try access.append(DomainEvent("chat.answered", subject: asked.text), ids: surroundings)
            return Answer(reply: reply, messageID: asked, isAlertRaised: finding?.alert ?? false)
        }
    }

    // MARK: - Context

    /// The record is looked into only for what the articles near the message would say from it.
    private func reply(
        to text: String,
        in conversation: Conversation,
        by assistant: Assistant,
        _ access: ClientAccess
    ) throws -> Reply {
        let practice = try access.practice()
        let fields = LiveFieldContext(practice: practice, client: try access.client(), access: access)
        var context = ReplyContext(language: conversation.locale, now: access.now.seconds)
        // What an older program remembered in a shape of its own is forgotten.
        if let memory = conversation.memory,
            let state = try? JSONDecoder().decode(ConversationState.self, from: Data(memory.plaintext.utf8))
        {
            context.state = state
        }
        context.audience = [.public_, .clients]
        context.practiceName = practice.name
        context.region = practice.region
        context.liveFields = try LiveFields.values(of: LiveFields.ofThePractice, in: fields)
        let reply = assistant.reply(to: text, in: context)
        let wanted = assistant.liveFields(near: reply).subtracting(LiveFields.ofThePractice)
        guard !wanted.isEmpty else { return reply }
        context.liveFields.merge(try LiveFields.values(of: wanted, in: fields)) { own, _ in own }
        return assistant.reply(to: text, in: context)
    }

    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode(_ text: SealedText?) -> Reply? {
        text.flatMap { try? JSONDecoder().decode(Reply.self, from: Data($0.plaintext.utf8)) }
    }
}
