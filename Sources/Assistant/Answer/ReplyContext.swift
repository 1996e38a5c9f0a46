public import Retrieval

/// What the assistant is told about a conversation besides the message.
public struct ReplyContext: Sendable {
    /// Language of the conversation, `en` or `es`.
    public var language: String
    /// What the last reply handed out; new for a new conversation.
    public var state: ConversationState
    /// Whose articles may be quoted.
    public var audience: Set<Audience>
    /// Values for the live fields in articles, by name. A passage whose field has no value is not quoted.
    public var liveFields: [String: String]
    /// Name of the practice, for the assistant's own words.
    public var practiceName: String
    /// Country whose crisis lines are shown.
    public var region: String
    /// Seconds since 1970.
    public var now: Double
    /// Whether somebody of the care team is there, for a hand-over; nil where the practice has not said.
    public var team: TeamPresence?
    /// What was taken out of the message before it came here, when it comes from where messages are kept.
    public var redactions: [Redaction.Kind] = []
    /// What the message was looked up by before, so that asking again takes no second encoding; nil begins anew.
    public var encoded: EncodedQueries?

    public init(
        language: String = "en",
        state: ConversationState = .init(),
        audience: Set<Audience> = [.public_, .clients],
        liveFields: [String: String] = [:],
        practiceName: String = "",
        region: String = "US",
        now: Double
    ) {
        self.language = language
        self.state = state
        self.audience = audience
        self.liveFields = liveFields
        self.practiceName = practiceName
        self.region = region
        self.now = now
    }
}
