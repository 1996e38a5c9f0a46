public import Knowledge

/// A statement about answers and scores that holds, does not hold, or cannot be known yet.
public indirect enum Rule: Sendable, Hashable, Codable {
    /// Between `atLeast` and `atMost` (when given) of the items pass their test.
    case count(of: [Test], atLeast: Int, atMost: Int?)
    /// The score lies between `from` and `to`, each included when given.
    case score(String, from: Double?, to: Double?)
    case all([Rule])
    case any([Rule])
    case not(Rule)

    /// Some items, and the answers that count. The bounds are included.
    public struct Test: Sendable, Hashable, Codable {
        public var items: [String]
        public var from: Int?
        public var to: Int?

        func accepts(_ value: Int) -> Bool { (from ?? .min) <= value && value <= (to ?? .max) }
    }
}

/// A rule with a name: a pattern of answers that published guidance gives a meaning to.
public struct Criterion: Sendable, Hashable, Identifiable {
    public var id: String
    public var title: LocalizedText
    public var rule: Rule
    /// What it means when it is met, for the clinician.
    public var clinician: LocalizedText?
    public var source: String
}

/// A value of a score that published work tells two groups apart with. A setting: a practice may choose another value.
public struct CutPoint: Sendable, Hashable, Codable, Identifiable {
    /// Which side of the value is meant.
    public enum Side: String, Sendable, Hashable, Codable {
        /// Met at the value and above it.
        case from
        /// Met below the value.
        case below

        func contains(_ score: Double, limit: Double) -> Bool {
            switch self {
            case .from: score >= limit
            case .below: score < limit
            }
        }
    }

    /// A value that other published work uses.
    public struct Alternative: Sendable, Hashable, Codable {
        public var value: Double
        public var source: String
    }

    public var id: String
    public var title: LocalizedText
    /// Id of the score.
    public var score: String
    public var side: Side
    public var value: Double
    public var source: String
    public var alternatives: [Alternative]
    /// Whether it tells cases from non-cases, so that a person who was beyond it and no longer is has recovered.
    public var isCaseness: Bool

    /// Whether `score` is on the side that is meant.
    public func isMet(by score: Double, at value: Double) -> Bool { side.contains(score, limit: value) }
}

/// How soon somebody should look.
public enum AlertLevel: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case info, warn, high, critical

    public static func < (first: AlertLevel, second: AlertLevel) -> Bool { first.rank < second.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warn: 1
        case .high: 2
        case .critical: 3
        }
    }
}

/// An answer that somebody should look at, whatever the total and however incomplete the form.
public struct ItemFlag: Sendable, Hashable, Identifiable {
    public var id: String
    /// Id of the item.
    public var item: String
    /// Answers from this one on raise it, when given.
    public var from: Int?
    /// Answers up to this one raise it, when given.
    public var to: Int?
    public var level: AlertLevel
    public var reason: LocalizedText

    func accepts(_ value: Int) -> Bool { (from ?? .min) <= value && value <= (to ?? .max) }
}
