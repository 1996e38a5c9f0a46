import Knowledge

/// An instrument in one language, as programs and readers receive it.
public struct InstrumentDocument: Sendable, Hashable, Codable {
    public struct Option: Sendable, Hashable, Codable {
        public var value: Int
        public var label: String
    }

    public struct Item: Sendable, Hashable, Codable {
        public var id: String
        public var text: String
        /// Empty for an answer in free text.
        public var options: [Option]
        public var required: Bool
        public var scored: Bool
        /// Whether it is asked only when its condition holds.
        public var conditional: Bool
    }

    public struct Band: Sendable, Hashable, Codable {
        public var id: String
        public var label: String
        public var from: Double
        public var to: Double
    }

    public struct Score: Sendable, Hashable, Codable {
        public var id: String
        public var title: String
        public var range: ScoreRange
        public var bands: [Band]
    }

    public var code: String
    public var version: Int
    public var language: String
    public var title: String
    public var instructions: String?
    public var stem: String?
    public var items: [Item]
    public var scores: [Score]
    public var licence: String
    public var sources: [String]

    public init(_ instrument: Instrument, language: String) {
        code = instrument.code
        version = instrument.version
        self.language = language
        title = instrument.title.text(in: language)
        instructions = instrument.instructions?.text(in: language)
        stem = instrument.stem?.text(in: language)
        items = instrument.items.map { item in
            Item(
                id: item.id,
                text: item.text.text(in: language),
                options: item.options.map { Option(value: $0.value, label: $0.label.text(in: language)) },
                required: item.isRequired,
                scored: item.isScored,
                conditional: item.showWhen != nil
            )
        }
        scores = instrument.scores.map { score in
            Score(
                id: score.id,
                title: score.title.text(in: language),
                range: score.range,
                bands: score.bands.map {
                    Band(id: $0.code, label: $0.label.text(in: language), from: $0.from, to: $0.to)
                }
            )
        }
        licence = instrument.licence
        sources = instrument.sources
    }
}
