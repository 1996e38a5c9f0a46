import Knowledge

/// Limits that keep any file readable in a moment and any figure far from overflow.
enum InstrumentLimits {
    static let bytes = 512 * 1024
    static let items = 500
    static let options = 101
    static let scores = 50
    static let rules = 200
    static let ruleDepth = 8
    static let optionValue = 1000
    static let factor = 1000.0
}

/// Reads one instrument file and reports every fault in it. Used for one reading, then thrown away.
final class InstrumentReader {
    /// A text with the place where it was written, for finding missing translations.
    struct Written {
        var what: String
        var line: Int
        var text: LocalizedText
    }

    let collector: DiagnosticCollector
    var texts: [Written] = []
    var items: [Item] = []
    var itemLines: [String: Int] = [:]
    var itemPositions: [String: Int] = [:]
    /// What each item was asked to be shown for, read after the scores are known.
    var conditions: [(item: Int, value: YAMLValue)] = []
    var scores: [Scale] = []
    var scoreLines: [String: Int] = [:]
    var scoreMaps: [String: YAMLMap] = [:]
    /// Lines of the bands of a score, by the line of the score.
    var bandLines: [Int: [Int]] = [:]
    var direction = Instrument.Direction.higherIsWorse

    init(collector: DiagnosticCollector) { self.collector = collector }

    static let keys = [
        "code", "version", "title", "kind", "direction", "recall_period", "instructions", "stem", "completion", "ages",
        "licence", "sources", "loinc", "options", "items", "scores", "criteria", "cut_points", "flags", "change",
    ]

    func read(_ root: YAMLValue) -> Instrument? {
        guard let file = root.map("the instrument", keys: Self.keys) else { return nil }
        let code = code(file)
        let version = version(file)
        let title = text(file, "title")
        let kind = file.choice("kind", Instrument.Kind.self)
        if let stated = file.choice("direction", Instrument.Direction.self) { direction = stated }
        let recallPeriod = optionalText(file, "recall_period")
        let instructions = optionalText(file, "instructions")
        let stem = optionalText(file, "stem")
        let completion = file["completion"]?.map("completion", keys: ["ad_hoc", "proxy"])
        let ages = ages(file)
        let licence = file.string("licence")
        let sources = file.strings("sources")
        if sources.isEmpty, !file.has("sources") {
            file.value.error("the instrument has no `sources`", remedy: "List the publications that it rests on")
        }
        readItems(file, optionSets: optionSets(file))
        readScores(file)
        checkFormulas()
        readConditions()
        let criteria = readCriteria(file)
        let cutPoints = readCutPoints(file)
        let flags = readFlags(file)
        let change = file["change"].flatMap(readChange)
        markScoredItems()
        checkScores()
        let languages = checkTranslations()
        guard !collector.hasErrors, let code, let version, let title, let kind, let licence else { return nil }
        return Instrument(
            code: code,
            version: version,
            title: title,
            kind: kind,
            direction: direction,
            languages: languages,
            recallPeriod: recallPeriod,
            instructions: instructions,
            stem: stem,
            items: items,
            scores: scores,
            criteria: criteria,
            cutPoints: cutPoints,
            flags: flags,
            change: change,
            allowsAdHoc: completion?.optionalBoolean("ad_hoc") ?? false,
            allowsProxy: completion?.optionalBoolean("proxy") ?? false,
            ageRange: ages,
            licence: licence,
            sources: sources,
            loinc: file.optionalString("loinc")
        )
    }

    // MARK: - The head of the file

    private func code(_ file: YAMLMap) -> String? {
        guard let code = file.string("code") else { return nil }
        let isPlain =
            code.utf8.count <= 40 && code.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "- ".contains($0)) }
        guard isPlain, code.first?.isLetter == true, code.last != " " else {
            file["code"]?.error(
                "the code `\(code.prefix(60))` cannot be used in an address",
                remedy:
                    "Begin with a letter and use letters, digits, dashes and spaces, at most 40 in all, such as PHQ-9"
            )
            return nil
        }
        return code
    }

    private func version(_ file: YAMLMap) -> Int? {
        guard let version = file.integer("version") else { return nil }
        guard (1...9999).contains(version) else {
            file["version"]?.error("the version is \(version)", remedy: "Write a whole number from 1 to 9999")
            return nil
        }
        return version
    }

    private func ages(_ file: YAMLMap) -> ClosedRange<Int> {
        let everybody = 0...120
        guard let map = file["ages"]?.map("ages", keys: ["from", "to"]) else { return everybody }
        let from = map.optionalInteger("from") ?? 0
        let to = map.optionalInteger("to") ?? 120
        guard from >= 0, to <= 120, from <= to else {
            map.value.error("ages from \(from) to \(to) are no range", remedy: "Write ages in years between 0 and 120")
            return everybody
        }
        return from...to
    }

    // MARK: - Texts

    func text(_ map: YAMLMap, _ key: String) -> LocalizedText? { note(map, key, map.localized(key)) }

    func optionalText(_ map: YAMLMap, _ key: String) -> LocalizedText? { note(map, key, map.optionalLocalized(key)) }

    private func note(_ map: YAMLMap, _ key: String, _ text: LocalizedText?) -> LocalizedText? {
        if let text, let line = map[key]?.line {
            texts.append(Written(what: "`\(key)` of \(map.what)", line: line, text: text))
        }
        return text
    }

    /// A language that one text is written in must be there in every text.
    private func checkTranslations() -> [String] {
        let languages = texts.reduce(into: Set<String>()) { $0.formUnion($1.text.languages) }
        for written in texts {
            for language in languages.subtracting(written.text.languages).sorted() {
                collector.error(
                    line: written.line,
                    "\(written.what) has no text in `\(language)`, which other texts have",
                    remedy: "Add `\(language): …` to it, or remove `\(language)` from all texts"
                )
            }
        }
        return languages.sorted { ($0 == "en" ? "" : $0) < ($1 == "en" ? "" : $1) }
    }

    // MARK: - Ids

    /// A name made of letters, digits and underscores.
    func id(_ map: YAMLMap, key: String = "id", startsWithLetter: Bool = true) -> String? {
        guard let id = map.string(key) else { return nil }
        let isPlain = id.utf8.count <= 40 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isPlain, !startsWithLetter || id.first?.isLetter == true else {
            map[key]?.error(
                "`\(id.prefix(60))` cannot be a name",
                remedy: startsWithLetter
                    ? "Begin with a letter and use only letters, digits and underscores, at most 40"
                    : "Use only letters, digits and underscores, at most 40"
            )
            return nil
        }
        return id
    }

    /// Reports a name that was given before, and says whether it is new.
    func isNew(_ id: String, _ map: YAMLMap, _ lines: inout [String: Int]) -> Bool {
        if let line = lines[id] {
            (map["id"] ?? map.value).error(
                "`\(id)` is already the name of the one on line \(line)",
                remedy: "Give each its own `id`"
            )
            return false
        }
        lines[id] = map["id"]?.line ?? map.line
        return true
    }

    /// Item ids written as `all`, `3`, `1-9` or `[1, 2, 5-8]`; the order of the form. Reports unknown and repeated items.
    func itemList(_ map: YAMLMap, _ key: String) -> [String] {
        guard let value = map.required(key, remedy: "Name the items, such as `\(key): 1-9`") else { return [] }
        if value.string == "all" { return items.filter { !$0.isText }.map(\.id) }
        let parts = value.list ?? [value]
        guard !parts.isEmpty else {
            value.error("`\(key)` of \(map.what) is empty", remedy: "Name at least one item")
            return []
        }
        var positions: [Int] = []
        var seen = Set<Int>()
        for part in parts.prefix(InstrumentLimits.items) {
            guard let written = part.string else {
                part.error(
                    "`\(key)` of \(map.what) should name items",
                    remedy: "Write ids such as 3, or ranges such as 1-9"
                )
                continue
            }
            for position in range(written, part) {
                if seen.insert(position).inserted {
                    positions.append(position)
                } else {
                    part.error(
                        "item \(items[position].id) is named twice in `\(key)` of \(map.what)",
                        remedy: "Name it once"
                    )
                }
            }
        }
        return positions.sorted().map { items[$0].id }
    }

    private func range(_ written: String, _ value: YAMLValue) -> [Int] {
        let ends = written.split(separator: "-", omittingEmptySubsequences: false)
            .map { String($0.filter { !$0.isWhitespace }) }
        guard let first = ends.first.flatMap({ position($0, value) }) else { return [] }
        if ends.count == 1 { return [first] }
        guard ends.count == 2, let last = ends.last.flatMap({ position($0, value) }) else { return [] }
        guard first <= last else {
            value.error(
                "the range `\(written)` runs backwards",
                remedy: "Write the item that comes first in the form first"
            )
            return []
        }
        return Array(first...last)
    }

    /// Where the item stands in the form; reports an item that there is not.
    func position(_ id: String, _ value: YAMLValue) -> Int? {
        if let position = itemPositions[id] { return position }
        value.error("there is no item `\(id.prefix(60))`", remedy: remedy(id, among: items.map(\.id), what: "item"))
        return nil
    }

    func remedy(_ id: String, among known: [String], what: String) -> String {
        if known.isEmpty { return "Define the \(what) first" }
        guard known.count <= 30 else { return "Use the id of an \(what)" }
        return nearest(to: id, among: known).map { "Did you mean `\($0)`" }
            ?? "There are: \(known.joined(separator: ", "))"
    }

    /// A figure between -`limit` and `limit`.
    func bounded(_ map: YAMLMap, _ key: String, limit: Double = 1_000_000) -> Double? {
        guard let number = map.optionalNumber(key) else { return nil }
        guard number.magnitude <= limit else {
            map[key]?.error("`\(key)` of \(map.what) is too large", remedy: "Stay within \(limit.plain)")
            return nil
        }
        return number
    }

    /// The publication that a figure comes from, which every figure needs.
    func source(_ map: YAMLMap) -> String {
        guard map.has("source") else {
            map.value.error("\(map.what) has no `source`", remedy: "Add `source:` with the publication it comes from")
            return ""
        }
        return map.string("source") ?? ""
    }
}
