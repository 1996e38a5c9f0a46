import Knowledge

/// The result of scoring one form as programs receive it. The shape is fixed: every key is always there (except `id`, which
/// only a batch has), null or empty where there is nothing to say.
public struct ScoreDocument: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        case scored, incomplete, error
    }

    public struct Raised: Sendable, Hashable, Codable {
        public var id: String
        public var item: String
        public var value: Int
        public var level: AlertLevel
        public var reason: String
    }

    /// The value in force, where it comes from, and whether the score meets it (null while that is not known).
    public struct CutPoint: Sendable, Hashable, Codable {
        public var value: Double
        public var met: Bool?
        public var source: String

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(value, forKey: .value)
            try container.encode(met, forKey: .met)
            try container.encode(source, forKey: .source)
        }
    }

    public struct Interpretation: Sendable, Hashable, Codable {
        public var client: String?
        public var clinician: String?

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(client, forKey: .client)
            try container.encode(clinician, forKey: .clinician)
        }
    }

    /// Name of the row in a batch.
    public var id: String?
    public var outcome: Kind
    /// Code of the instrument; null when it is unknown.
    public var instrument: String?
    public var version: Int?
    public var total: Double?
    /// Published English name of the band, in lower case: "moderately severe".
    public var severity: String?
    /// Name of the band for programs: "moderately_severe".
    public var severityCode: String?
    /// What the total can be at all.
    public var range: ScoreRange?
    /// What the total can still be, given the answers there are.
    public var possible: ScoreRange?
    /// Scores beside the total, by id.
    public var subscales: [String: Double?]
    /// Met, not met, or null while that depends on missing answers.
    public var criteria: [String: Bool?]
    public var cutPoints: [String: CutPoint]
    public var flags: [Raised]
    public var unknownFlags: [String]
    public var missing: [String]
    public var ignored: [String]
    /// Number of answers that the total replaced by the mean of the others.
    public var prorated: Int
    public var answered: Int
    /// Null while the band is not certain.
    public var interpretation: Interpretation?
    public var errors: [AnswerError]
    public var engine: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id, outcome, instrument, version, total, severity
        case severityCode = "severity_code"
        case range, possible, subscales, criteria
        case cutPoints = "cut_points"
        case flags
        case unknownFlags = "unknown_flags"
        case missing, ignored, prorated, answered, interpretation, errors, engine
    }

    /// Describes an outcome; texts in `language`.
    public init(_ responses: Responses, scorer: Scorer, id: String? = nil, language: String = "en") {
        let outcome = scorer.score(responses)
        switch outcome {
        case .invalid(let errors):
            let flags = scorer.flags(responses)
            self.init(id: id, instrument: scorer.instrument, errors: errors)
            self.flags = flags.raised.map { Raised($0, language: language) }
            unknownFlags = flags.unknown
        case .scored(let report), .incomplete(let report):
            self.init(report, id: id, language: language)
        }
    }

    /// Describes a report; texts in `language`.
    public init(_ report: ScoreReport, id: String? = nil, language: String = "en") {
        let total = report.total
        self.id = id
        outcome = total?.value == nil ? .incomplete : .scored
        instrument = report.instrument
        version = report.version
        self.total = total?.value
        severity = total?.band?.label.text(in: "en").lowercased()
        severityCode = total?.band?.code
        range = total?.range
        possible = total?.possible
        subscales = Dictionary(report.scales.dropFirst().map { ($0.id, $0.value) }) { first, _ in first }
        criteria = Dictionary(report.criteria.map { ($0.id, $0.met) }) { first, _ in first }
        cutPoints = Dictionary(
            report.cutPoints.map { ($0.id, CutPoint(value: $0.value, met: $0.met, source: $0.source)) }
        ) {
            first,
            _ in first
        }
        flags = report.flags.map { Raised($0, language: language) }
        unknownFlags = report.unknownFlags
        missing = report.missing
        ignored = report.ignored
        prorated = total?.prorated ?? 0
        answered = report.answered
        interpretation = total?.band.map { band in
            Interpretation(client: band.client?.text(in: language), clinician: band.clinician?.text(in: language))
        }
        errors = []
        engine = engineVersion
    }

    /// Describes answers that could not be scored.
    public init(id: String? = nil, instrument: Instrument? = nil, errors: [AnswerError]) {
        self.id = id
        outcome = .error
        self.instrument = instrument?.code
        version = instrument?.version
        range = instrument?.total?.range
        subscales = [:]
        criteria = [:]
        cutPoints = [:]
        flags = []
        unknownFlags = []
        missing = []
        ignored = []
        prorated = 0
        answered = 0
        self.errors = errors
        engine = engineVersion
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(id, forKey: .id)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(instrument, forKey: .instrument)
        try container.encode(version, forKey: .version)
        try container.encode(total, forKey: .total)
        try container.encode(severity, forKey: .severity)
        try container.encode(severityCode, forKey: .severityCode)
        try container.encode(range, forKey: .range)
        try container.encode(possible, forKey: .possible)
        try container.encode(subscales, forKey: .subscales)
        try container.encode(criteria, forKey: .criteria)
        try container.encode(cutPoints, forKey: .cutPoints)
        try container.encode(flags, forKey: .flags)
        try container.encode(unknownFlags, forKey: .unknownFlags)
        try container.encode(missing, forKey: .missing)
        try container.encode(ignored, forKey: .ignored)
        try container.encode(prorated, forKey: .prorated)
        try container.encode(answered, forKey: .answered)
        try container.encode(interpretation, forKey: .interpretation)
        try container.encode(errors, forKey: .errors)
        try container.encode(engine, forKey: .engine)
    }
}

extension ScoreDocument.Raised {
    init(_ flag: RaisedFlag, language: String) {
        self.init(
            id: flag.id,
            item: flag.item,
            value: flag.value,
            level: flag.level,
            reason: flag.reason.text(in: language)
        )
    }
}
