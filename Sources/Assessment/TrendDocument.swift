import Knowledge

/// A trend as programs receive it. The shape is fixed: every key is always there, null where there is nothing to say.
public struct TrendDocument: Sendable, Hashable, Codable {
    public struct Point: Sendable, Hashable, Codable {
        public var date: CivilDay
        public var score: Double
        public var version: Int
        /// Published English name of the band, in lower case.
        public var severity: String?
        public var baseline: Bool
        public var fromPrevious: Double?
        public var fromBaseline: Double?
        public var reliableChangeIndex: Double?
        public var verdict: ReliableChange.Verdict?
        public var importantImprovement: Bool?
        public var response: Bool?
        public var remission: Bool?
        public var recovered: Bool?

        enum CodingKeys: String, CodingKey {
            case date, score, version, severity, baseline
            case fromPrevious = "from_previous"
            case fromBaseline = "from_baseline"
            case reliableChangeIndex = "reliable_change_index"
            case verdict
            case importantImprovement = "important_improvement"
            case response, remission, recovered
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(date, forKey: .date)
            try container.encode(score, forKey: .score)
            try container.encode(version, forKey: .version)
            try container.encode(severity, forKey: .severity)
            try container.encode(baseline, forKey: .baseline)
            try container.encode(fromPrevious, forKey: .fromPrevious)
            try container.encode(fromBaseline, forKey: .fromBaseline)
            try container.encode(reliableChangeIndex, forKey: .reliableChangeIndex)
            try container.encode(verdict, forKey: .verdict)
            try container.encode(importantImprovement, forKey: .importantImprovement)
            try container.encode(response, forKey: .response)
            try container.encode(remission, forKey: .remission)
            try container.encode(recovered, forKey: .recovered)
        }
    }

    /// Consecutive points of one version of the instrument; only they are compared.
    public struct Segment: Sendable, Hashable, Codable {
        public var version: Int
        public var points: [Point]
        public var slope: Slope?

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(version, forKey: .version)
            try container.encode(points, forKey: .points)
            try container.encode(slope, forKey: .slope)
        }
    }

    /// How reliable change was judged.
    public struct Basis: Sendable, Hashable, Codable {
        public var id: String
        public var sd: Double?
        public var reliability: Double?
        /// Points of change that are reliable.
        public var threshold: Double
        public var source: String

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(sd, forKey: .sd)
            try container.encode(reliability, forKey: .reliability)
            try container.encode(threshold, forKey: .threshold)
            try container.encode(source, forKey: .source)
        }
    }

    public var instrument: String
    public var scale: String
    public var direction: Instrument.Direction
    public var reliableChange: Basis?
    public var segments: [Segment]
    public var baseline: Point?
    public var latest: Point?
    /// Of the last segment.
    public var slope: Slope?
    public var engine: String

    enum CodingKeys: String, CodingKey {
        case instrument, scale, direction
        case reliableChange = "reliable_change"
        case segments, baseline, latest, slope, engine
    }

    public init(_ trend: Trend) {
        instrument = trend.instrument
        scale = trend.scale
        direction = trend.direction
        reliableChange = trend.reliableChange.map(Basis.init)
        segments = trend.segments.map { segment in
            Segment(version: segment.version, points: segment.points.map(Point.init), slope: segment.slope)
        }
        baseline = trend.segments.last?.baseline.map(Point.init)
        latest = trend.latest.map(Point.init)
        slope = trend.segments.last?.slope
        engine = engineVersion
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(instrument, forKey: .instrument)
        try container.encode(scale, forKey: .scale)
        try container.encode(direction, forKey: .direction)
        try container.encode(reliableChange, forKey: .reliableChange)
        try container.encode(segments, forKey: .segments)
        try container.encode(baseline, forKey: .baseline)
        try container.encode(latest, forKey: .latest)
        try container.encode(slope, forKey: .slope)
        try container.encode(engine, forKey: .engine)
    }
}

extension TrendDocument.Point {
    init(_ point: Trend.Point) {
        self.init(
            date: point.date,
            score: point.score,
            version: point.version,
            severity: point.band?.label.text(in: "en").lowercased(),
            baseline: point.isBaseline,
            fromPrevious: point.fromPrevious,
            fromBaseline: point.change?.points,
            reliableChangeIndex: point.change?.index?.rounded(places: 4),
            verdict: point.change?.verdict,
            importantImprovement: point.change?.isImportantImprovement,
            response: point.change?.isResponse,
            remission: point.change?.isRemission,
            recovered: point.change?.isRecovered
        )
    }
}

extension TrendDocument.Basis {
    init(_ change: ReliableChange) {
        id = change.basis.id
        if case .index(let sd, let reliability) = change.basis.measure {
            self.sd = sd
            self.reliability = reliability
        }
        threshold = change.threshold.rounded(places: 4)
        source = change.basis.source
    }
}
