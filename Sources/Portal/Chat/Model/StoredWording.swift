import Records
import Store

/// That something was sent to a language model for a reply, what it was, and what came of it. Written before anything is
/// sent: what left the house is on record whatever happens then.
struct StoredWording: ClientRecord {
    enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// On its way, or the process ended meanwhile.
        case sent = "SENT"
        case worded = "WORDED"
        /// Its first sentences are shown, then the article is quoted.
        case cut = "CUT"
        /// Nothing of it was fit to be shown.
        case unused = "UNUSED"
        /// The model failed before a sentence could be shown.
        case failed = "FAILED"
        /// The client went away.
        case cancelled = "CANCELLED"
    }

    static let table: SQL.Name = "chat_wordings"
    static let area = DataArea.chat

    var id: ID<StoredWording>
    var clientID: ID<Client>
    /// The assistant's reply.
    var messageID: ID<ChatMessage>
    var model: String
    /// Whose server it was.
    var server: String
    var promptVersion: String
    /// What was told to the model beside its prompts: passages and question.
    var sent: SealedText
    var state: State
    /// Why it did not come to its end: a code of ``ModelFailure`` or of the assistant's checks.
    var reason: String?
    /// Sentences shown.
    var sentences: Int
    var at: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp
}
