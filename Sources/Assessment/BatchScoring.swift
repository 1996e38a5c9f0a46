/// Scores forms that stand one to a line as JSON: `{"id": "a", "instrument": "PHQ-9", "responses": {"1": 0, "9": null}}`.
/// `responses` may also be a list in the order of the items, and `version` may name a version of the instrument.
public struct BatchScoring: Sendable {
    private let scorers: [String: Scorer]
    private let library: InstrumentLibrary
    private let language: String

    public init(library: InstrumentLibrary, language: String = "en") {
        self.library = library
        self.language = language
        scorers = Dictionary(library.all.map { ("\($0.code) \($0.version)", Scorer($0)) }) { first, _ in first }
    }

    /// The result of one row. A row that cannot be read gives an outcome `error` that names its line.
    public func score(_ row: some StringProtocol, line: Int) -> ScoreDocument {
        let json: JSONText
        do {
            json = try JSONText(row)
        } catch {
            return fault("line \(line): not valid JSON: \(error.message)")
        }
        guard case .object(let members) = json else {
            return fault("line \(line): the row is \(json.written), not an object")
        }
        let id: String? =
            switch json["id"] {
            case .string(let text): text
            case .integer(let number): String(number)
            default: nil
            }
        let known = ["id", "instrument", "version", "responses"]
        if let other = members.first(where: { !known.contains($0.key) }) {
            return fault(
                "line \(line): unknown key \"\(other.key.prefix(40))\"; known are \(known.joined(separator: ", "))",
                id
            )
        }
        if Set(members.map(\.key)).count != members.count { return fault("line \(line): a key stands there twice", id) }
        guard id != nil || json["id"]?.isNull ?? true else {
            return fault("line \(line): \"id\" is neither a text nor a whole number")
        }
        guard case .string(let code)? = json["instrument"] else {
            return fault("line \(line): \"instrument\" is missing or not a text", id)
        }
        let instrument: Instrument?
        switch json["version"] {
        case nil, .null?: instrument = library[code]
        case .integer(let version)?: instrument = library.instrument(code, version: version)
        default: return fault("line \(line): \"version\" is not a whole number", id)
        }
        guard let instrument, let scorer = scorers["\(instrument.code) \(instrument.version)"] else {
            return fault("line \(line): there is no such instrument \"\(code.prefix(40))\"", id)
        }
        guard let answers = json["responses"] else {
            return fault("line \(line): \"responses\" is missing", id, instrument)
        }
        do {
            let responses = try Responses(answers, for: instrument)
            var document = ScoreDocument(responses, scorer: scorer, id: id, language: language)
            document.errors = document.errors.map { AnswerError(item: $0.item, message: "line \(line): \($0.message)") }
            return document
        } catch {
            return ScoreDocument(
                id: id,
                instrument: instrument,
                errors: [AnswerError(item: error.item, message: "line \(line): \(error.message)")]
            )
        }
    }

    private func fault(_ message: String, _ id: String? = nil, _ instrument: Instrument? = nil) -> ScoreDocument {
        ScoreDocument(id: id, instrument: instrument, errors: [AnswerError(item: nil, message: message)])
    }
}
