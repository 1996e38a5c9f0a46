public import Knowledge

/// A questionnaire: what is asked, how the answers become scores, and what the scores mean.
///
/// An instrument is immutable. A change of wording or scoring is a new `version`; responses keep the version that they
/// were given to.
public struct Instrument: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case clinical, outcome, satisfaction, custom
    }

    /// Which way a score moves when the person gets better.
    public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
        case higherIsWorse = "higher is worse"
        case higherIsBetter = "higher is better"
    }

    /// The name it is known by: "PHQ-9".
    public var code: String
    /// Whole number from 1, higher is newer.
    public var version: Int
    public var title: LocalizedText
    public var kind: Kind
    public var direction: Direction
    /// Languages that every text is written in, English first.
    public var languages: [String]
    /// The time that the questions ask about: "the last 2 weeks".
    public var recallPeriod: LocalizedText?
    /// Shown once before the items.
    public var instructions: LocalizedText?
    /// The question that the items complete.
    public var stem: LocalizedText?
    public var items: [Item]
    /// The main score first.
    public var scores: [Scale]
    public var criteria: [Criterion]
    public var cutPoints: [CutPoint]
    public var flags: [ItemFlag]
    /// How change of the main score is judged, where there are published figures.
    public var change: ChangeParameters?
    /// Whether a client may fill it in without being asked.
    public var allowsAdHoc: Bool
    /// Whether somebody else may answer for the client.
    public var allowsProxy: Bool
    /// Ages in years that it may be offered to.
    public var ageRange: ClosedRange<Int>
    public var licence: String
    public var sources: [String]
    /// LOINC code of the panel.
    public var loinc: String?

    /// The code in lower case with dashes, for addresses and file names: "phq-9".
    public var slug: String { code.lowercased().replacing(" ", with: "-") }

    /// The main score.
    public var total: Scale? { scores.first }

    public func item(_ id: String) -> Item? { items.first { $0.id == id } }
    public func scale(_ id: String) -> Scale? { scores.first { $0.id == id } }
    public func criterion(_ id: String) -> Criterion? { criteria.first { $0.id == id } }
    public func cutPoint(_ id: String) -> CutPoint? { cutPoints.first { $0.id == id } }
}
