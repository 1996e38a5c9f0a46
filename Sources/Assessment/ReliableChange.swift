/// Whether a change is more than measurement error (Jacobson and Truax 1991, J Consult Clin Psychol 59:12-19).
public struct ReliableChange: Sendable, Hashable, Codable {
    /// Two-sided 95 % limit of the standard normal distribution.
    public static let criticalValue = 1.96

    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        case improvement = "reliable improvement"
        case deterioration = "reliable deterioration"
        case none = "no reliable change"
    }

    /// Standard error of the difference between two scores; nil when the basis is a number of points.
    public let standardError: Double?
    /// Changes beyond it (with an index) or from it on (with a number of points) are reliable.
    public let threshold: Double
    public let basis: ReliableChangeBasis

    /// Throws when the standard deviation is not above 0, the reliability is outside 0 ≤ r < 1, or the points are not above 0.
    public init(_ basis: ReliableChangeBasis) throws(TrendError) {
        self.basis = basis
        switch basis.measure {
        case .index(let sd, let reliability):
            guard sd.isFinite, sd > 0 else { throw .standardDeviation(sd) }
            guard reliability >= 0, reliability < 1 else { throw .reliability(reliability) }
            let error = sd * 2.0.squareRoot() * (1 - reliability).squareRoot()
            standardError = error
            threshold = Self.criticalValue * error
        case .points(let points):
            guard points.isFinite, points > 0 else { throw .points(points) }
            standardError = nil
            threshold = points
        }
    }

    /// (x2 - x1) / standard error of the difference; nil when the basis is a number of points.
    public func index(from first: Double, to second: Double) -> Double? { standardError.map { (second - first) / $0 } }

    public func verdict(from first: Double, to second: Double, direction: Instrument.Direction) -> Verdict {
        let change = second - first
        let isReliable =
            switch basis.measure {
            case .index: (index(from: first, to: second) ?? 0).magnitude > Self.criticalValue
            case .points: change.magnitude >= threshold
            }
        guard isReliable else { return .none }
        return (change < 0) == (direction == .higherIsWorse) ? .improvement : .deterioration
    }
}
