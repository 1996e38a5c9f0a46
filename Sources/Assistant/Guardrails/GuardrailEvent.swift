/// What a guardrail is about. The strictest first: a message to which several apply is judged by the first.
public enum GuardrailCategory: String, Codable, Sendable, CaseIterable {
    case injection
    case privacy
    case medication
    case diagnosis
    case clinical
    case offtopic
    /// Profanity and insults: answered politely.
    case abuse
}

public enum GuardrailAction: String, Codable, Sendable, CaseIterable {
    /// The personal or harmful part is not answered.
    case refuse
    /// It is answered, with care.
    case warn
    /// Lifts refusals of its category: the message only looks like one.
    case allow
}

/// A guardrail that applied to a message.
public struct GuardrailEvent: Sendable, Codable, Hashable {
    public let ruleID: String
    public let category: GuardrailCategory
    public let action: GuardrailAction
    /// Version of the rules.
    public let version: String
}
