public import Records
public import Store

/// What came of one message to the assistant. The words are kept here only where it was not answered, and sealed under the
/// client's key, so that they go with the client.
struct ChatOutcome: ClientRecord {
    static let table: SQL.Name = "chat_outcomes"
    static let area = DataArea.chat

    var id: ID<ChatOutcome>
    var clientID: ID<Client>
    var conversationID: ID<Conversation>
    /// The client's message.
    var messageID: ID<ChatMessage>
    /// `Reply.Decision`, as it was.
    var decision: String
    /// Nil where nothing was left open.
    var unanswered: UnansweredReason?
    /// Slug of the article that was quoted first, or that was nearest.
    var topic: String?
    /// The version that was quoted; nil where nothing was.
    var articleVersion: Int?
    var locale: String
    var question: SealedText?
    /// Whether the client allows the editors to read it.
    var isReleased: Bool
    var gapID: ID<ContentGap>?
    var at: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// Why a question counts as not answered.
public enum UnansweredReason: String, Sendable, Codable, CaseIterable, SQLConvertible {
    /// Nothing in the articles answered it.
    case abstained = "ABSTAINED"
    /// The assistant asked which of two was meant, and neither was chosen.
    case notChosen = "NOT_CHOSEN"
    /// The client said that the answer did not help.
    case unhelpful = "UNHELPFUL"
    /// The client wanted a person.
    case handedOver = "HANDED_OVER"
}

/// What a client thinks of an answer, tied to the version of the article that it quoted.
public struct ChatFeedback: ClientRecord {
    public enum Reason: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case incorrect = "INCORRECT"
        case incomplete = "INCOMPLETE"
        case outdated = "OUTDATED"
        case unclear = "UNCLEAR"
        case inappropriate = "INAPPROPRIATE"
        case other = "OTHER"
    }

    public static let table: SQL.Name = "chat_feedback"
    public static let area = DataArea.chat

    public var id: ID<ChatFeedback>
    public var clientID: ID<Client>
    /// The client's message that was answered.
    public var messageID: ID<ChatMessage>
    public var isHelpful: Bool
    public var reason: Reason?
    public var comment: SealedText?
    /// Whether the client allows the editors to read question and comment.
    public var isReleased: Bool
    public var articleSlug: String?
    public var articleVersion: Int?
    public var locale: String?
    public var at: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// Questions of one kind that the articles did not answer. Holds no word of a client.
public struct ContentGap: Sendable, Codable {
    public enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case open = "OPEN"
        /// An article is being written for it.
        case drafted = "DRAFTED"
        /// The article is out, and does not answer it yet.
        case published = "PUBLISHED"
        /// Asked again, it is answered.
        case proven = "PROVEN"
        /// An editor decided that no article should answer it.
        case dismissed = "DISMISSED"
    }

    static let table: SQL.Name = "content_gaps"

    public var id: ID<ContentGap>
    public var practiceID: ID<Practice>
    public var locale: String
    public var state: State
    /// What is asked, in an editor's own words.
    public var paraphrase: String?
    var resourceID: ID<ArticleEntry>?
    /// The version that it was last asked against.
    public var version: Int?
    /// How many questions were asked again, and how many of them were answered.
    public var askedAgain: Int?
    public var answered: Int?
    public var provenAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}
