/// What the crisis screen found in one message. The same text, rules and conversation always give the same finding.
public struct CrisisFinding: Sendable, Codable, Hashable {
    /// Whose risk the message tells of.
    public enum Subject: String, Sendable, Codable {
        /// The person who writes is at risk, from themselves or from others.
        case writer = "self"
        /// Somebody else is at risk.
        case thirdParty
        /// Somebody else is at risk from the person who writes.
        case other
    }

    public let tier: CrisisTier
    /// Whether the care team is to be told.
    public let alert: Bool
    public let subject: Subject
    /// Every category that matched, the most urgent first.
    public let categories: [String]
    /// Every rule that matched, the most urgent first.
    public let matches: [RuleMatch]
    /// `en` or `es`: the language to answer in.
    public let language: String
    public let ruleSetVersion: String

    /// Whether it follows on what was written before and says nothing new that a rule knows, such as a retraction.
    public var followsOn: Bool {
        guard let first = matches.first else { return true }
        return first.tier < tier && matches.allSatisfy { $0.isReading || !$0.tier.alerts }
    }
}

/// A rule that matched, and where.
public struct RuleMatch: Sendable, Codable, Hashable {
    public let ruleID: String
    /// The tier after negation, time, quotation and the like were weighed.
    public let tier: CrisisTier
    public let category: String
    public let subject: CrisisFinding.Subject
    /// First UTF-8 byte of the matched words in the original text.
    public let start: Int
    /// One past the last UTF-8 byte.
    public let end: Int
    /// What lowered or raised the tier: `negated`, `past`, `quoted`, `joke`, `time_limited`, `now`, …
    public let notes: [String]

    /// Whether it is the statistical reading's and no rule's.
    var isReading: Bool { ruleID.hasPrefix("reading.") }
    /// Whether it is of a rule that the practice added.
    var isPractice: Bool { ruleID.hasPrefix(PracticeRule.prefix) }

    /// The matched words' place in the original text, in UTF-8 bytes.
    public var range: Range<Int> { start..<max(start, end) }
}
