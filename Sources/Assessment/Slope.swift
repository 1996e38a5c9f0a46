/// How fast a score moves: the median of the slopes between every two points (Theil 1950, Sen 1968), which a few odd scores
/// do not pull away.
public struct Slope: Sendable, Hashable, Codable {
    /// Points a week.
    public var perWeek: Double
    /// Ends of the 95 % interval from Kendall's statistic, from five points on.
    public var low: Double?
    public var high: Double?

    enum CodingKeys: String, CodingKey {
        case perWeek = "per_week"
        case low, high
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(perWeek, forKey: .perWeek)
        try container.encode(low, forKey: .low)
        try container.encode(high, forKey: .high)
    }

    static let pointsForInterval = 5

    /// Nil when no two points lie on different days.
    init?(_ points: [TrendPoint]) {
        var slopes: [Double] = []
        slopes.reserveCapacity(points.count * max(0, points.count - 1) / 2)
        for (index, second) in points.enumerated() {
            for first in points[..<index] where first.date != second.date {
                let weeks = Double(second.date.number - first.date.number) / 7
                slopes.append((second.score - first.score) / weeks)
            }
        }
        guard !slopes.isEmpty else { return nil }
        slopes.sort()
        perWeek = Self.median(ofSorted: slopes)
        guard points.count >= Self.pointsForInterval else { return }
        // The variance of Kendall's S, less what ties of days and of scores take from it.
        let count = Double(points.count)
        let ties = Self.tieTerm(points.map(\.date)) + Self.tieTerm(points.map(\.score))
        let variance = max(0, (count * (count - 1) * (2 * count + 5) - ties) / 18)
        let spread = 1.959963984540054 * variance.squareRoot()
        let number = Double(slopes.count)
        let upper = min(Int(((number + spread) / 2).rounded(.toNearestOrEven)), slopes.count - 1)
        let lower = max(Int(((number - spread) / 2).rounded(.toNearestOrEven)) - 1, 0)
        low = slopes[lower]
        high = slopes[upper]
    }

    private static func median(ofSorted values: [Double]) -> Double {
        let middle = values.count / 2
        return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    }

    private static func tieTerm(_ values: [some Hashable]) -> Double {
        var counts: [AnyHashable: Double] = [:]
        for value in values { counts[AnyHashable(value), default: 0] += 1 }
        return counts.values.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) }
    }
}
