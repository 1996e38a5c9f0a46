import Assistant
public import Records
public import Store

/// A client's conversation with the assistant.
public struct Conversation: ClientRecord {
    public enum State: String, Sendable, Codable, SQLConvertible {
        case open = "OPEN", closed = "CLOSED", escalated = "ESCALATED"
    }

    public static let table: SQL.Name = "chat_conversations"
    public static let area = DataArea.chat

    public var id: ID<Conversation>
    public var clientID: ID<Client>
    public var accountID: ID<PortalAccountTag>
    public var locale: String
    public var state: State
    /// What the assistant remembers between two messages, as JSON.
    var memory: SealedText?
    /// When the notice that this is an automated assistant was last given.
    public var disclosedAt: Timestamp?
    public var startedAt: Timestamp
    public var lastAt: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// One message of a conversation.
public struct ChatMessage: ClientRecord {
    public enum Role: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case client = "CLIENT"
        case assistant = "ASSISTANT"
        case system = "SYSTEM"
    }

    public static let table: SQL.Name = "chat_messages"
    public static let area = DataArea.chat

    public var id: ID<ChatMessage>
    public var clientID: ID<Client>
    public var conversationID: ID<Conversation>
    /// Place in the conversation, counted from 1.
    public var ordinal: Int
    public var role: Role
    /// What was written, with card numbers and the like masked.
    public var body: SealedText
    /// The assistant's whole reply as JSON, so that it can be shown again as it was.
    var reply: SealedText?
    public var decision: String?
    public var confidence: Double?
    public var rulesVersion: String?
    /// The sender's own key for the message: sent twice, it is stored once.
    public var clientNonce: String?
    public var at: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// Which published passage a reply stands on.
struct StoredCitation: ClientRecord {
    static let table: SQL.Name = "chat_citations"
    static let area = DataArea.chat

    var id: ID<StoredCitation>
    var clientID: ID<Client>
    var messageID: ID<ChatMessage>
    var rank: Int
    var articleID: String
    var articleVersion: Int
    var passageID: String
    /// Nil in what an older program stored, as is the version's id.
    var locale: String?
    var resourceVersionID: ID<ArticleVersion>?
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// A guardrail that fired on a message.
struct StoredGuardrailEvent: ClientRecord {
    static let table: SQL.Name = "guardrail_events"
    static let area = DataArea.chat

    var id: ID<StoredGuardrailEvent>
    var clientID: ID<Client>
    var messageID: ID<ChatMessage>
    var ruleCode: String
    var rulesVersion: String
    var category: String
    var action: String
    var at: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp
}
