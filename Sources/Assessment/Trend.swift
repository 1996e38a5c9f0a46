/// One score of a series.
public struct TrendPoint: Sendable, Hashable, Codable {
    public var date: CivilDay
    public var score: Double
    /// Version of the instrument that the score was made with.
    public var version: Int

    public init(date: CivilDay, score: Double, version: Int) {
        self.date = date
        self.score = score
        self.version = version
    }
}

/// Choices for judging a series.
public struct TrendOptions: Sendable, Hashable {
    public enum Baseline: Sendable, Hashable {
        /// The first point of each segment.
        case first
        /// The point at this place of the series in order of date, counted from 0.
        case index(Int)
        /// The first point on this day.
        case date(CivilDay)
    }

    public enum Basis: Sendable, Hashable {
        /// The instrument's own default.
        case standard
        /// One of the instrument's alternatives, by id.
        case named(String)
        case custom(sd: Double, reliability: Double)
    }

    public var baseline: Baseline
    public var basis: Basis
    /// A practice's values of cut points.
    public var settings: ScoringSettings

    public init(baseline: Baseline = .first, basis: Basis = .standard, settings: ScoringSettings = ScoringSettings()) {
        self.baseline = baseline
        self.basis = basis
        self.settings = settings
    }
}

/// Why a series cannot be judged.
public enum TrendError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownScale(String)
    case unknownBasis(String, known: [String])
    case baselineIndex(Int, count: Int)
    case baselineDate(CivilDay)
    /// A score that the scale cannot reach; `index` is its place in the series as given.
    case score(Double, index: Int, range: ScoreRange)
    case standardDeviation(Double)
    case reliability(Double)
    case points(Double)
    case tooManyPoints(Int)

    public var description: String {
        switch self {
        case .unknownScale(let id): "the instrument has no score \(id)"
        case .unknownBasis(let id, let known):
            "there is no way \(id) to judge reliable change; there are: \(known.joined(separator: ", "))"
        case .baselineIndex(let index, let count): "there is no point \(index + 1) for a baseline among \(count)"
        case .baselineDate(let day): "there is no point on \(day) for a baseline"
        case .score(let score, let index, let range):
            "score \(score.plain) (number \(index + 1)) is outside \(range.min.plain) to \(range.max.plain)"
        case .standardDeviation(let sd): "the standard deviation is \(sd.plain), but must be above 0"
        case .reliability(let reliability): "the reliability is \(reliability.plain), but must be from 0 to below 1"
        case .points(let points): "the reliable change is \(points.plain) points, but must be above 0"
        case .tooManyPoints(let count):
            "\(count) points are more than the \(Trend.mostPoints) that can be judged at once"
        }
    }
}

/// What a series of scores of one person shows.
///
/// Points are put in order of date; several on one day keep the order in which they were given. Scores are compared only
/// within one version of the instrument: where the version changes, a new segment begins with a baseline of its own.
/// Reliable change, minimal important difference, response, remission and recovery are separate statements: a drop from 8
/// to 4 on the PHQ-9 is response and remission, yet no reliable change.
public struct Trend: Sendable, Hashable, Codable {
    /// What the points of one segment are measured against.
    public struct Point: Sendable, Hashable, Codable {
        public var date: CivilDay
        public var score: Double
        public var version: Int
        public var band: Band?
        /// Whether it is the baseline of its segment.
        public var isBaseline: Bool
        /// Score minus the score before it in the segment.
        public var fromPrevious: Double?
        /// What it says against the baseline; nil for the baseline and for points before it.
        public var change: Change?
    }

    /// A later score against the baseline. Each statement is nil where the instrument has no figures for it.
    public struct Change: Sendable, Hashable, Codable {
        /// Score minus baseline.
        public var points: Double
        /// (x2 - x1) / standard error of the difference.
        public var index: Double?
        public var verdict: ReliableChange.Verdict?
        /// Better by at least the minimal important difference.
        public var isImportantImprovement: Bool?
        /// Better by at least the fraction of the baseline that counts as response.
        public var isResponse: Bool?
        /// On the well side of the limit; nil when the baseline was there already.
        public var isRemission: Bool?
        /// No longer beyond the caseness cut point; nil when the baseline was not beyond it.
        public var isRecovered: Bool?
    }

    /// Consecutive points of one version.
    public struct Segment: Sendable, Hashable, Codable {
        public var version: Int
        public var points: [Point]
        /// Nil when fewer than two days are known.
        public var slope: Slope?

        public var baseline: Point? { points.first { $0.isBaseline } }
    }

    public var instrument: String
    public var scale: String
    public var direction: Instrument.Direction
    public var reliableChange: ReliableChange?
    /// The other published figures in force.
    public var parameters: ChangeParameters?
    public var caseness: CutPoint?
    /// In order of date. Empty for an empty series.
    public var segments: [Segment]

    public var points: [Point] { segments.flatMap(\.points) }
    public var latest: Point? { segments.last?.points.last }

    static let mostPoints = 2000

    /// Judges a series in any order. An empty one gives a trend without segments; a single point is its own baseline.
    ///
    /// The instrument's figures for change, caseness included, are those of its main score. For another scale only the
    /// changes and the slope are known, and reliable change when `options` give its figures.
    public static func analyze(
        _ points: [TrendPoint],
        instrument: Instrument,
        scale: String = "total",
        options: TrendOptions = TrendOptions()
    ) throws(TrendError) -> Trend {
        guard let scaleDefinition = instrument.scale(scale) else { throw .unknownScale(scale) }
        guard points.count <= mostPoints else { throw .tooManyPoints(points.count) }
        for (index, point) in points.enumerated() where point.version == instrument.version {
            guard scaleDefinition.range.contains(point.score) else {
                throw .score(point.score, index: index, range: scaleDefinition.range)
            }
        }
        for (index, point) in points.enumerated() where !point.score.isFinite {
            throw .score(point.score, index: index, range: scaleDefinition.range)
        }
        let ordered = points.enumerated().sorted { ($0.element.date, $0.offset) < ($1.element.date, $1.offset) }.map(
            \.element
        )
        let chosen = try baseline(options.baseline, among: ordered)
        let isMain = instrument.total?.id == scale
        let analysis = TrendAnalysis(
            scale: scaleDefinition,
            version: instrument.version,
            direction: instrument.direction,
            reliable: try reliableChange(options.basis, instrument, isMain: isMain),
            parameters: isMain ? instrument.change : nil,
            caseness: instrument.cutPoints.first { $0.isCaseness && $0.score == scale },
            settings: options.settings
        )
        return Trend(
            instrument: instrument.code,
            scale: scale,
            direction: instrument.direction,
            reliableChange: analysis.reliable,
            parameters: analysis.parameters,
            caseness: analysis.caseness,
            segments: analysis.segments(ordered, baseline: chosen)
        )
    }

    private static func baseline(_ choice: TrendOptions.Baseline, among points: [TrendPoint]) throws(TrendError) -> Int?
    {
        switch choice {
        case .first: return nil
        case .index(let index):
            guard points.indices.contains(index) else { throw .baselineIndex(index, count: points.count) }
            return index
        case .date(let date):
            guard let index = points.firstIndex(where: { $0.date == date }) else { throw .baselineDate(date) }
            return index
        }
    }

    private static func reliableChange(
        _ choice: TrendOptions.Basis,
        _ instrument: Instrument,
        isMain: Bool
    ) throws(TrendError) -> ReliableChange? {
        let known = isMain ? instrument.change?.reliable ?? [] : []
        switch choice {
        case .standard:
            guard let basis = known.first else { return nil }
            return try ReliableChange(basis)
        case .named(let id):
            guard let basis = known.first(where: { $0.id == id }) else {
                throw .unknownBasis(id, known: known.map(\.id))
            }
            return try ReliableChange(basis)
        case .custom(let sd, let reliability):
            let measure = ReliableChangeBasis.Measure.index(sd: sd, reliability: reliability)
            return try ReliableChange(
                ReliableChangeBasis(id: "custom", measure: measure, source: "Given with the request")
            )
        }
    }
}
