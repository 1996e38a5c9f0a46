public import Knowledge

/// A score of an instrument: which items count, how they are combined, and what its values mean.
public struct Scale: Sendable, Hashable, Identifiable {
    /// How the answers become one figure.
    public enum Method: Sendable, Hashable {
        case sum
        case mean
        /// Number of items answered `atLeast` or higher.
        case count(atLeast: Int)
        /// Sum of each answer times the weight of its item.
        case weighted([String: Double])
        /// Highest of each answer times the weight of its item (1 when it has none): a triage by the gravest answer.
        case highest([String: Double])
        case formula(Formula)
    }

    /// The main score is named "total".
    public var id: String
    public var title: LocalizedText
    public var method: Method
    /// Ids of the items counted, in the order of the form. Empty for a formula.
    public var items: [String]
    /// Items whose scale is turned round: lowest + highest option - answer.
    public var reversed: Set<String>
    /// Applied last: 2 doubles the sum of a short form.
    public var multiplier: Double
    /// Places that the value is rounded to, half away from zero.
    public var decimals: Int
    /// Every value lies within it.
    public var range: ScoreRange
    /// Lowest first, without gap or overlap; may be empty.
    public var bands: [Band]
    public var missing: MissingRule
    public var loinc: String?

    public func band(for value: Double) -> Band? { bands.first { $0.from <= value && value <= $0.to } }
}

/// A lowest and a highest value, both included.
public struct ScoreRange: Sendable, Hashable, Codable {
    public var min: Double
    public var max: Double

    public init(min: Double, max: Double) {
        self.min = min
        self.max = max
    }

    public func contains(_ value: Double) -> Bool { min <= value && value <= max }
}

/// What happens to a score when some of its items are unanswered.
public enum MissingRule: Sendable, Hashable {
    public enum Rounding: String, Sendable, Hashable, CaseIterable {
        /// To the nearest whole number, half upwards.
        case nearest
        case up
        case down
    }

    /// No score without every answer.
    case noneAllowed
    /// Up to `upTo` unanswered items count as the mean of the answered ones, but never one of `never`. A sum is rounded to
    /// a whole number as stated.
    case prorate(upTo: Int, never: Set<String>, rounding: Rounding)
}
