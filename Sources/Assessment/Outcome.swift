public import Knowledge

/// What answers came to. Every set of answers has exactly one outcome.
public enum Outcome: Sendable, Hashable {
    /// The main score is known.
    case scored(ScoreReport)
    /// Answers are missing that the main score needs. The report holds the interval of totals that are still possible.
    case incomplete(ScoreReport)
    /// Some answers are no answers to this instrument; nothing was scored. ``Scorer/flags(_:)`` still judges the rest.
    case invalid([AnswerError])

    /// The report, unless the answers were invalid.
    public var report: ScoreReport? {
        switch self {
        case .scored(let report), .incomplete(let report): report
        case .invalid: nil
        }
    }
}

/// An answer that cannot be used, with the item it was given to.
public struct AnswerError: Error, Sendable, Hashable, Codable {
    /// Id of the item as it was given; nil when the fault is not one item's.
    public var item: String?
    public var message: String

    public init(item: String?, message: String) {
        self.item = item
        self.message = message
    }

    /// Writes `item` even when it is null, so that the shape is always the same.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(item, forKey: .item)
        try container.encode(message, forKey: .message)
    }
}

/// Everything the answers say.
public struct ScoreReport: Sendable, Hashable, Codable {
    /// Code of the instrument.
    public var instrument: String
    public var version: Int
    /// In the order of the instrument; the main score first.
    public var scales: [ScaleScore]
    public var criteria: [CriterionResult]
    public var cutPoints: [CutPointResult]
    public var flags: [RaisedFlag]
    /// Ids of flags whose item is unanswered: neither raised nor ruled out.
    public var unknownFlags: [String]
    /// Ids of the items that are shown, have no answer, and are required or counted.
    public var missing: [String]
    /// Ids of items whose answers were left out because the items are not shown.
    public var ignored: [String]
    /// Number of items shown and answered.
    public var answered: Int

    /// The main score.
    public var total: ScaleScore? { scales.first }

    public func scale(_ id: String) -> ScaleScore? { scales.first { $0.id == id } }
    /// Whether the criterion is met; nil when it cannot be known yet, or there is no such criterion.
    public func criterion(_ id: String) -> Bool? { criteria.first { $0.id == id }?.met }
}

/// One score.
public struct ScaleScore: Sendable, Hashable, Codable, Identifiable {
    public var id: String
    public var title: LocalizedText
    /// Nil while answers are missing, or when a formula divides by zero.
    public var value: Double?
    /// Items counted that have an answer.
    public var answered: Int
    /// Items counted that are shown, or may yet be, and have none.
    public var missing: Int
    /// Missing items that were replaced by the mean of the others.
    public var prorated: Int
    /// All values that the missing answers can still lead to. A known value is both ends.
    public var possible: ScoreRange
    /// All values that the score can take.
    public var range: ScoreRange
    /// The band of the value; without a value the band that every possible value lies in, if there is one.
    public var band: Band?
}

public struct CriterionResult: Sendable, Hashable, Codable, Identifiable {
    public var id: String
    /// Nil when it depends on answers that are missing.
    public var met: Bool?
}

public struct CutPointResult: Sendable, Hashable, Codable, Identifiable {
    public var id: String
    /// Id of the score.
    public var score: String
    /// The value in force.
    public var value: Double
    /// Nil when it depends on answers that are missing.
    public var met: Bool?
    public var source: String
}

/// An answer that somebody should look at.
public struct RaisedFlag: Sendable, Hashable, Codable, Identifiable {
    public var id: String
    public var item: String
    public var value: Int
    public var level: AlertLevel
    public var reason: LocalizedText
}
