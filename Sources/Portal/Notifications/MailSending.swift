public import Records

/// The way out for e-mail: over SMTP, or into a folder.
public protocol MailSending: Sendable {
    /// Hands `message` to the next server, or to whatever stands for one, and returns once that has taken it.
    ///
    /// Throws ``MailFailure``. May be called again with the same message, whose id then stays the same, when the process
    /// ended before the success was written down.
    func send(_ message: MailMessage) async throws
}

/// An e-mail, rendered and ready to go.
public struct MailMessage: Sendable, Hashable {
    /// Becomes the `Message-ID`, so that a message that is sent twice is known to be one.
    public let id: ID<MailRecord>
    public let to: String
    /// The name that stands before the sender's address: the practice's.
    public let senderName: String
    public let subject: String
    /// Plain text; lines end in a single line feed.
    public let text: String
    /// The same as a page.
    public let html: String
    /// Language of both, such as `es`.
    public let language: String
    public let date: Timestamp

    public init(
        id: ID<MailRecord>,
        to: String,
        senderName: String,
        subject: String,
        text: String,
        html: String,
        language: String,
        date: Timestamp
    ) {
        self.id = id
        self.to = to
        self.senderName = senderName
        self.subject = subject
        self.text = text
        self.html = html
        self.language = language
        self.date = date
    }
}

/// Why a message did not go out. The reason holds no address and nothing of the message.
public enum MailFailure: ReasonedFailure, Sendable, Hashable {
    /// It may go out later: the server could not be reached, or refused for now (4xx).
    case temporary(reason: String)
    /// It will never go out: the server refused for good (5xx), or the address is none.
    case permanent(reason: String)

    public var reason: String {
        switch self {
        case .temporary(let reason), .permanent(let reason): reason
        }
    }
}
