/// One rule of a screen, as clinical staff write it.
public struct Rule: Sendable {
    /// Whose risk a match tells of.
    public enum Subject: String, Sendable, CaseIterable {
        /// Decided by the words: the subject of the risk verb.
        case auto
        case me = "self"
        case third
        case other
    }

    /// Which of the screens a rule belongs to.
    public enum Screen: String, Sendable, Codable, CaseIterable {
        case crisis = "CRISIS"
        case guardrails = "GUARDRAILS"
    }

    /// An example with its line.
    public struct Example: Sendable {
        public let text: String
        public let line: Int
    }

    public let id: String
    public let screen: Screen
    public let category: String
    /// The tier of a crisis rule, or the action of a guardrail.
    public let level: String
    /// Why the rule exists.
    public let reason: String
    public let language: String
    public let subject: Subject
    /// Whether "not" before a match lowers it.
    public let isNegatable: Bool
    /// Whether a distant past lowers it.
    public let isTimed: Bool
    /// Whether idioms, jokes and quotation lower it.
    public let isFigurative: Bool
    /// Texts that the rule must match.
    public let hits: [Example]
    /// Texts that the rule must not match.
    public let misses: [Example]
    public let file: String
    public let line: Int
}
