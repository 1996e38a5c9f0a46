import Assistant
import Records
import Retrieval
import Store

/// What a reply was made of, kept with it, so that it can be made again (``ReplyReplay``).
struct ReplyInputs: ClientRecord {
    static let table: SQL.Name = "chat_reply_inputs"
    static let area = DataArea.chat

    var id: ID<ReplyInputs>
    var clientID: ID<Client>
    /// The assistant's message.
    var messageID: ID<ChatMessage>
    var rulesVersion: String
    var wordingVersion: String
    /// Of the files that search reads words by.
    var lexiconVersion: String
    /// Of the numbers that the program ranks by.
    var rankingVersion: String
    /// Identity of the sentence encoder; nil where words alone ranked.
    var encoder: String?
    /// Digest of the set of published versions that was searched; see ``ArticleEdition``. Nil for an assistant without
    /// articles.
    var edition: String?
    /// ``PinnedContext`` as JSON.
    var context: SealedText
    /// Who said it in other words; nil where nobody did.
    var rewordedBy: String?
    /// The reply before it was said in other words, as JSON.
    var draft: SealedText?
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// What the assistant was told besides the message.
struct PinnedContext: Codable, Sendable {
    var language: String
    var state: ConversationState
    var audience: [Audience]
    var liveFields: [String: String]
    var practiceName: String
    var region: String
    var now: Double
    var team: TeamPresence?

    init(_ context: ReplyContext) {
        language = context.language
        state = context.state
        audience = context.audience.sorted { $0.rawValue < $1.rawValue }
        liveFields = context.liveFields
        practiceName = context.practiceName
        region = context.region
        now = context.now
        team = context.team
    }

    /// The same for the message as it is stored.
    func context(redactions: [String]) -> ReplyContext {
        var context = ReplyContext(
            language: language,
            state: state,
            audience: Set(audience),
            liveFields: liveFields,
            practiceName: practiceName,
            region: region,
            now: now
        )
        context.team = team
        context.redactions = redactions.compactMap(Redaction.Kind.init)
        return context
    }
}
