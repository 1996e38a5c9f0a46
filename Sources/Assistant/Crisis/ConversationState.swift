/// What the assistant remembers of a conversation between two messages. Holds no words of the client.
public struct ConversationState: Codable, Sendable, Hashable {
    /// Messages seen so far.
    public var turns = 0
    /// The most urgent tier so far. A retraction never lowers it.
    public var highestTier = CrisisTier.none
    /// Tier, categories and turn of the last message with a finding.
    public var lastRiskTier = CrisisTier.none
    public var lastRiskCategories: [String] = []
    public var lastRiskSubject = CrisisFinding.Subject.writer
    public var lastRiskTurn = 0
    /// Messages that were elevated by themselves.
    public var elevatedCount = 0
    /// Turn of the last message with plain distress, 0 when there was none.
    public var distressTurn = 0
    /// Whether an earlier conversation or a questionnaire raised a flag that staff have not cleared.
    public var hasOpenFlag = false
    /// Articles of the last answer, best first, for questions that go on about them.
    public var lastTopics: [String] = []
    /// Articles that were offered when the assistant asked which was meant.
    public var offeredTopics: [String] = []
    /// When the notice that this is an automated assistant was last given, in seconds since 1970.
    public var disclosedAt: Double?

    public init() {}

    /// Whether crisis resources stay in reach for the rest of the conversation.
    public var keepsResources: Bool { hasOpenFlag || highestTier >= .support }
}
