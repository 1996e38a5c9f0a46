/// Published figures for judging change of the main score. Each is a statement of its own.
public struct ChangeParameters: Sendable, Hashable, Codable {
    /// Ways to judge whether a change is more than measurement error; the first is the default.
    public var reliable: [ReliableChangeBasis]
    public var minimalImportant: MinimalImportantDifference?
    public var response: Response?
    public var remission: Remission?

    public struct MinimalImportantDifference: Sendable, Hashable, Codable {
        /// Points towards better, above 0.
        public var points: Double
        public var source: String
    }

    /// Improvement by at least this fraction of the baseline.
    public struct Response: Sendable, Hashable, Codable {
        /// Above 0, up to 1.
        public var fraction: Double
        public var source: String
    }

    /// A score on the well side of a limit: below it where higher is worse, above it where higher is better.
    public struct Remission: Sendable, Hashable, Codable {
        public var limit: Double
        public var source: String
    }
}

/// One way to judge whether a change is more than measurement error.
public struct ReliableChangeBasis: Sendable, Hashable, Codable {
    public enum Measure: Sendable, Hashable, Codable {
        /// Jacobson and Truax 1991: standard deviation of the score and reliability between 0 and 1.
        case index(sd: Double, reliability: Double)
        /// A change of so many points is reliable by the published source.
        case points(Double)
    }

    public var id: String
    public var measure: Measure
    /// Where the figures come from.
    public var source: String
}
