/// How urgent a finding is, from the least to the most. After the Columbia scale's screener, rounded up one level,
/// because a one-way screen cannot ask the follow-up questions.
public enum CrisisTier: String, Codable, Comparable, Sendable, CaseIterable {
    /// No sign of risk.
    case none
    /// Resources are shown; nobody is alerted.
    case support
    /// Resources are shown; the care team sees it the same day.
    case elevated
    /// Resources are shown; the care team is alerted.
    case high
    /// Resources are shown first; the care team is alerted at once.
    case imminent

    private var rank: Int {
        switch self {
        case .none: 0
        case .support: 1
        case .elevated: 2
        case .high: 3
        case .imminent: 4
        }
    }

    public static func < (first: CrisisTier, second: CrisisTier) -> Bool { first.rank < second.rank }

    /// Whether the care team is told.
    public var alerts: Bool { self >= .elevated }

    /// One tier up; nothing is above imminent.
    var raised: CrisisTier {
        switch self {
        case .none: .support
        case .support: .elevated
        case .elevated: .high
        case .high, .imminent: .imminent
        }
    }
}
