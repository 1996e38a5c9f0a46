public import Assistant
import Foundation
public import Records
import Store

/// The client's chat with the assistant. A message is answered while nothing is locked; message, answer and all that
/// follows from them are then stored in one transaction.
public struct ChatService: Sendable {
    let gate: ClientGate
    let library: ArticleLibrary
    let alerts: AlertService
    let safetyNet: SafetyNet
    let spool: CrisisSpool
    /// Says chosen answers in other words; nil leaves them as they are.
    let rewording: (any ReplyRewording)?

    var surroundings: Surroundings { gate.surroundings }

    /// Longest message, in UTF-8 bytes.
    public static let longestMessage = 20_000

    /// Names of the fields that articles may take from the client's own record.
    public static let liveFields = Set(LiveFields.all.map { $0.name })

    init(
        gate: ClientGate,
        library: ArticleLibrary,
        alerts: AlertService,
        safetyNet: SafetyNet,
        spool: CrisisSpool,
        rewording: (any ReplyRewording)? = nil
    ) {
        self.gate = gate
        self.library = library
        self.alerts = alerts
        self.safetyNet = safetyNet
        self.spool = spool
        self.rewording = rewording
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
        /// Whether this is the answer to a message that was sent before.
        public var isEarlier = false
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
    /// What was begun is brought to its end also when nobody waits for it any more. Two messages at once are answered one
    /// after the other, in the order in which they are stored, the second with the first in mind.
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
        let answering = Answering(
            text: text,
            conversation: conversation,
            nonce: nonce,
            client: client,
            principal: principal,
            finding: finding
        )
        do {
            // A connection that goes must not take a cry for help along.
            return try await Task { try await store(answering) }.value
        } catch  where answering.tier > .none && !Self.isRefusal(error) {
            // Only one's own words may come into one's record, since nobody will ask again when they are stored.
            if answering.alerts, case .account(let account, client) = principal.identity {
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
            // Help that was chosen knows what was said before.
            if let reply = answering.chosen, reply.crisisPanel != nil {
                return Answer(reply: reply, messageID: nil, isAlertRaised: false)
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

    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ text: SealedText?, as type: Value.Type = Reply.self) -> Value? {
        text.flatMap { try? JSONDecoder().decode(Value.self, from: Data($0.plaintext.utf8)) }
    }
}
