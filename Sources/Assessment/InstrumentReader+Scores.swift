import Knowledge

/// The method of a score as it is written.
private enum MethodName: String, CaseIterable {
    case sum, mean, count, weighted, highest, formula
}

extension InstrumentReader {
    static let scoreKeys = [
        "id", "title", "method", "items", "at_least", "weights", "reverse", "multiply", "decimals", "formula", "range",
        "missing", "bands", "loinc",
    ]

    func readScores(_ file: YAMLMap) {
        guard file.required("scores", remedy: "Define at least the score `total`") != nil else { return }
        let list = file.list("scores")
        guard let first = list.first else {
            file["scores"]?.error("the instrument has no scores", remedy: "Define at least the score `total`")
            return
        }
        guard list.count <= InstrumentLimits.scores else {
            file["scores"]?.error("there are \(list.count) scores", remedy: "Define at most \(InstrumentLimits.scores)")
            return
        }
        for (index, entry) in list.enumerated() { readScore(entry, number: index + 1) }
        if let main = scores.first?.id, main != "total" {
            first.error("the first score is `\(main)`", remedy: "Put the main score first and call it `total`")
        }
    }

    private func readScore(_ entry: YAMLValue, number: Int) {
        guard let map = entry.map("score \(number)", keys: Self.scoreKeys) else { return }
        let id = id(map)
        let title = text(map, "title")
        guard let name = map.choice("method", MethodName.self) else { return }
        let items = name == .formula ? [] : scoredItems(map)
        guard let method = method(map, name, items), let id, let title, isNew(id, map, &scoreLines) else { return }
        var scale = Scale(
            id: id,
            title: title,
            method: method,
            items: items,
            reversed: reversed(map, items),
            multiplier: multiplier(map),
            decimals: decimals(map),
            range: ScoreRange(min: 0, max: 0),
            bands: [],
            missing: .noneAllowed,
            loinc: map.optionalString("loinc")
        )
        scale.missing = missingRule(map, scale)
        scale.bands = bands(map)
        if ["min", "max", "round"].contains(id) {
            map["id"]?.error("`\(id)` is a function of formulas", remedy: "Choose another name for the score")
        }
        scoreMaps[id] = map
        scores.append(scale)
    }

    /// The items of a score, without those answered in free text.
    private func scoredItems(_ map: YAMLMap) -> [String] {
        let ids = itemList(map, "items")
        for id in ids where itemPositions[id].map({ items[$0].isText }) == true && map["items"]?.string != "all" {
            guard let position = itemPositions[id], !isFaulty(position) else { continue }
            map["items"]?.error("item \(id) is answered in free text", remedy: "Count only items with options")
        }
        let answerable = ids.filter { id in itemPositions[id].map { !items[$0].isText } ?? false }
        if ids.isEmpty, map["items"]?.string == "all" {
            map["items"]?.error("no item has options that could be counted", remedy: "Give the items `options`")
        }
        return answerable
    }

    /// Whether an item has no options because of a fault that is already reported.
    private func isFaulty(_ position: Int) -> Bool { collector.hasErrors && items[position].options.isEmpty }

    private func method(_ map: YAMLMap, _ name: MethodName, _ items: [String]) -> Scale.Method? {
        let own: [String: MethodName] = ["at_least": .count, "formula": .formula]
        for (key, method) in own.sorted(by: { $0.key < $1.key }) where method != name {
            map[key]?.error(
                "`\(key)` is only for the method `\(method.rawValue)`",
                remedy: "Remove it, or change the method"
            )
        }
        if name != .weighted, name != .highest {
            map["weights"]?.error(
                "`weights` are only for the methods `weighted` and `highest`",
                remedy: "Remove them, or change the method"
            )
        }
        if name == .formula {
            for key in ["items", "reverse", "missing"] {
                map[key]?.error("a formula has no `\(key)`", remedy: "State it at the scores that the formula uses")
            }
        }
        switch name {
        case .sum: return .sum
        case .mean: return .mean
        case .count: return countMethod(map, items)
        case .weighted: return .weighted(weights(map, items))
        case .highest: return .highest(weights(map, items))
        case .formula: return formula(map).map { .formula($0) }
        }
    }

    private func countMethod(_ map: YAMLMap, _ items: [String]) -> Scale.Method? {
        guard let threshold = map.integer("at_least") else { return nil }
        let highest = items.compactMap { itemPositions[$0] }.flatMap { self.items[$0].options.map(\.value) }.max()
        if let highest, threshold > highest {
            map["at_least"]?.error(
                "no answer reaches \(threshold)",
                remedy: "The highest answer is \(highest); lower `at_least`"
            )
        }
        return .count(atLeast: threshold)
    }

    private func formula(_ map: YAMLMap) -> Formula? {
        guard let written = map.string("formula") else { return nil }
        do {
            return try Formula(written)
        } catch {
            map["formula"]?.error(
                "the formula of \(map.what) cannot be read: \(error.message)",
                remedy: "Use score names, numbers, + - * /, parentheses, min, max and round"
            )
            return nil
        }
    }

    private func weights(_ map: YAMLMap, _ items: [String]) -> [String: Double] {
        guard let value = map.required("weights", remedy: "Write `weights:` with `item: weight` lines") else {
            return [:]
        }
        guard let entries = value.entries else {
            value.error("`weights` should be `item: weight` lines", remedy: "Write, for example, `1: 2`")
            return [:]
        }
        var weights: [String: Double] = [:]
        for entry in entries.prefix(InstrumentLimits.items) {
            guard items.contains(entry.key) else {
                collector.error(
                    line: entry.line,
                    "the score does not count an item `\(entry.key.prefix(60))`",
                    remedy: remedy(entry.key, among: items, what: "item")
                )
                continue
            }
            guard let weight = entry.value.number, weight.magnitude <= InstrumentLimits.factor else {
                entry.value.error(
                    "the weight of item \(entry.key) is no number up to 1000",
                    remedy: "Write a number such as 0.5"
                )
                continue
            }
            weights[entry.key] = weight
        }
        return weights
    }

    private func reversed(_ map: YAMLMap, _ items: [String]) -> Set<String> {
        guard map.has("reverse") else { return [] }
        let ids = itemList(map, "reverse")
        for id in ids where !items.contains(id) {
            map["reverse"]?.error(
                "item \(id) is reversed but not counted",
                remedy: "Add it to `items`, or remove it here"
            )
        }
        return Set(ids)
    }

    private func multiplier(_ map: YAMLMap) -> Double {
        guard let factor = bounded(map, "multiply", limit: InstrumentLimits.factor) else { return 1 }
        guard factor > 0 else {
            map["multiply"]?.error(
                "`multiply` is \(factor.plain)",
                remedy: "Write a number above 0; use `reverse` to turn items round"
            )
            return 1
        }
        return factor
    }

    private func decimals(_ map: YAMLMap) -> Int {
        guard let places = map.optionalInteger("decimals") else { return 2 }
        guard (0...6).contains(places) else {
            map["decimals"]?.error("`decimals` is \(places)", remedy: "Write a whole number from 0 to 6")
            return 2
        }
        return places
    }

    // MARK: - Missing answers

    private func missingRule(_ map: YAMLMap, _ scale: Scale) -> MissingRule {
        guard let value = map["missing"], value.string != "none" else { return .noneAllowed }
        guard let rule = value.map("`missing`", keys: ["prorate_up_to", "never", "rounding"]) else {
            return .noneAllowed
        }
        let never = rule.has("never") ? itemList(rule, "never") : []
        for id in never where !scale.items.contains(id) {
            rule["never"]?.error("item \(id) is not counted by the score", remedy: "Name only items of the score")
        }
        guard let upTo = rule.integer("prorate_up_to") else { return .noneAllowed }
        if upTo < 1 || upTo >= scale.items.count {
            rule["prorate_up_to"]?.error(
                "\(upTo) of \(scale.items.count) items cannot be replaced",
                remedy: "Write a number from 1 to \(max(1, scale.items.count - 1))"
            )
        }
        var rounding = rule.optionalChoice("rounding", MissingRule.Rounding.self)
        switch scale.method {
        case .sum:
            if rounding == nil, !rule.has("rounding") {
                rule.value.error(
                    "a prorated sum has no `rounding`",
                    remedy: "Write `rounding: nearest`, `up` or `down`; 4.5 may lie in either of two bands"
                )
            }
        case .mean: rounding = rounding ?? .nearest
        case .count, .weighted, .highest, .formula:
            value.error("only a sum or a mean can be prorated", remedy: "Write `missing: none`")
        }
        let spans = Set(
            scale.items.compactMap { itemPositions[$0] }.map { position in
                let values = items[position].options.map(\.value)
                return [values.min() ?? 0, values.max() ?? 0]
            }
        )
        if spans.count > 1 {
            value.error(
                "the items have different ranges of answers, so their mean cannot stand for one of them",
                remedy: "Write `missing: none`"
            )
        }
        return .prorate(upTo: upTo, never: Set(never), rounding: rounding ?? .nearest)
    }

    // MARK: - Bands

    private func bands(_ map: YAMLMap) -> [Band] {
        var bands: [Band] = []
        var codes: [String: Int] = [:]
        for entry in map.list("bands").prefix(InstrumentLimits.rules) {
            let keys = ["id", "label", "from", "to", "client", "clinician"]
            guard let band = entry.map("a band of \(map.what)", keys: keys) else { continue }
            let code = id(band)
            let label = text(band, "label")
            let client = optionalText(band, "client")
            let clinician = optionalText(band, "clinician")
            let from = band.number("from")
            let to = band.number("to")
            guard let code, let label, let from, let to, isNew(code, band, &codes) else { continue }
            guard from <= to else {
                band.value.error("the band `\(code)` ends before it begins", remedy: "Write the lower value at `from`")
                continue
            }
            bands.append(Band(code: code, label: label, from: from, to: to, client: client, clinician: clinician))
            bandLines[map.line, default: []].append(band.line)
        }
        return bands
    }
}
