import Knowledge

extension InstrumentReader {
    private static let ruleKeys = ["items", "from", "to", "at_least", "at_most", "of", "score", "all", "any", "not"]

    /// Reads a rule: `{items: 1-8, from: 2, at_least: 5}`, `{of: [...], at_least: 5}`, `{score: total, from: 10}`, or
    /// `all`, `any` and `not` of rules. Reports rules that can never hold.
    func rule(_ value: YAMLValue, _ what: String, depth: Int = 1) -> Rule? {
        guard depth <= InstrumentLimits.ruleDepth else {
            value.error("\(what) is nested too deep", remedy: "Stay within \(InstrumentLimits.ruleDepth) levels")
            return nil
        }
        guard let map = value.map(what, keys: Self.ruleKeys) else { return nil }
        let forms = ["items", "of", "score", "all", "any", "not"].filter(map.has)
        guard forms.count == 1, let form = forms.first else {
            let found = forms.isEmpty ? "none" : forms.joined(separator: ", ")
            value.error(
                "\(what) should say exactly one of items, of, score, all, any, not; it says \(found)",
                remedy: "Combine several with `all:` or `any:`"
            )
            return nil
        }
        let bounds: Set<String> =
            switch form {
            case "items": ["from", "to", "at_least", "at_most"]
            case "of": ["at_least", "at_most"]
            case "score": ["from", "to"]
            default: []
            }
        for key in ["from", "to", "at_least", "at_most"] where !bounds.contains(key) {
            map[key]?.error("`\(key)` has no meaning beside `\(form)` in \(what)", remedy: "Remove it")
        }
        switch form {
        case "items": return countRule([itemTest(map)], map)
        case "of":
            let tests = map.list("of").prefix(InstrumentLimits.rules).compactMap { entry in
                entry.map("a part of \(what)", keys: ["items", "from", "to"]).map { itemTest($0) }
            }
            return countRule(tests, map)
        case "score": return scoreRule(map)
        case "not": return map["not"].flatMap { rule($0, what, depth: depth + 1) }.map { .not($0) }
        default:
            let parts = map.list(form)
            guard !parts.isEmpty, parts.count <= InstrumentLimits.rules else {
                map[form]?.error(
                    "`\(form)` of \(what) has \(parts.count) parts",
                    remedy: "List 1 to \(InstrumentLimits.rules) rules"
                )
                return nil
            }
            let rules = parts.compactMap { rule($0, what, depth: depth + 1) }
            guard rules.count == parts.count else { return nil }
            return form == "all" ? .all(rules) : .any(rules)
        }
    }

    private func itemTest(_ map: YAMLMap) -> Rule.Test? {
        let ids = itemList(map, "items")
        let from = map.optionalInteger("from")
        let to = map.optionalInteger("to")
        guard from != nil || to != nil else {
            if !map.has("from"), !map.has("to") {
                map.value.error(
                    "\(map.what) does not say which answers count",
                    remedy: "Add `from:`, such as `from: 2`"
                )
            }
            return nil
        }
        guard !ids.isEmpty else { return nil }
        let test = Rule.Test(items: ids, from: from, to: to)
        for id in ids {
            guard let position = itemPositions[id] else { continue }
            let options = items[position].options
            if !options.isEmpty, !options.contains(where: { test.accepts($0.value) }) {
                map.value.error(
                    "no answer to item \(id) can meet the threshold of \(map.what)",
                    remedy: "Its answers are \(options.map { String($0.value) }.joined(separator: ", "))"
                )
            } else if items[position].isText, !collector.hasErrors {
                map.value.error(
                    "item \(id) is answered in free text",
                    remedy: "Use only items with options in \(map.what)"
                )
            }
        }
        return test
    }

    private func countRule(_ tests: [Rule.Test?], _ map: YAMLMap) -> Rule? {
        let atLeast = map.optionalInteger("at_least") ?? 1
        let atMost = map.optionalInteger("at_most")
        let known = tests.compactMap(\.self)
        guard !known.isEmpty, known.count == tests.count else {
            if tests.isEmpty {
                map.value.error("\(map.what) names no items", remedy: "Write `- {items: 1-8, from: 2}` lines")
            }
            return nil
        }
        let ids = known.flatMap(\.items)
        if Set(ids).count != ids.count {
            map.value.error("\(map.what) counts an item twice", remedy: "Name each item in one part only")
        }
        if atLeast < 0 || atLeast > ids.count || (atMost ?? .max) < atLeast {
            map.value.error(
                "\(map.what) can never hold: at least \(atLeast)\(atMost.map { " and at most \($0)" } ?? "") of \(ids.count) items",
                remedy: "Correct `at_least` and `at_most`"
            )
            return nil
        }
        return .count(of: known, atLeast: atLeast, atMost: atMost)
    }

    private func scoreRule(_ map: YAMLMap) -> Rule? {
        guard let name = map.string("score") else { return nil }
        guard let scale = scale(name, map["score"]) else { return nil }
        let from = bounded(map, "from")
        let to = bounded(map, "to")
        if from == nil, to == nil {
            if !map.has("from"), !map.has("to") {
                map.value.error(
                    "\(map.what) does not say which scores count",
                    remedy: "Add `from:`, such as `from: 10`"
                )
            }
            return nil
        }
        if (from ?? scale.range.min) > scale.range.max || (to ?? scale.range.max) < scale.range.min
            || (from ?? 0) > (to ?? .infinity)
        {
            map.value.error(
                "the score `\(name)` can never meet \(map.what)",
                remedy: "It reaches \(scale.range.min.plain) to \(scale.range.max.plain)"
            )
        }
        return .score(name, from: from, to: to)
    }

    /// The score of that name; reports when there is none.
    func scale(_ name: String, _ value: YAMLValue?) -> Scale? {
        if let scale = scores.first(where: { $0.id == name }) { return scale }
        value?.error(
            "there is no score `\(name.prefix(60))`",
            remedy: remedy(name, among: scores.map(\.id), what: "score")
        )
        return nil
    }

    // MARK: - What rules are used for

    func readCriteria(_ file: YAMLMap) -> [Criterion] {
        var lines: [String: Int] = [:]
        return file.list("criteria").prefix(InstrumentLimits.rules).compactMap { entry in
            guard let map = entry.map("a criterion", keys: ["id", "title", "rule", "clinician", "source"]) else {
                return nil
            }
            let id = id(map)
            let title = text(map, "title")
            let clinician = optionalText(map, "clinician")
            let source = source(map)
            let rule = map.required("rule").flatMap { self.rule($0, "the rule of `\(id ?? "a criterion")`") }
            guard let id, let title, let rule, isNew(id, map, &lines) else { return nil }
            return Criterion(id: id, title: title, rule: rule, clinician: clinician, source: source)
        }
    }

    func readCutPoints(_ file: YAMLMap) -> [CutPoint] {
        var lines: [String: Int] = [:]
        return file.list("cut_points").prefix(InstrumentLimits.rules).compactMap { entry in
            let keys = ["id", "title", "score", "from", "below", "source", "alternatives", "caseness"]
            guard let map = entry.map("a cut point", keys: keys) else { return nil }
            let id = id(map)
            let title = text(map, "title")
            let source = source(map)
            let score = map.optionalString("score") ?? "total"
            guard map.has("from") != map.has("below") else {
                map.value.error(
                    "the cut point should say either `from` or `below`",
                    remedy: "Write `from: 33` when 33 counts"
                )
                return nil
            }
            let side = map.has("from") ? CutPoint.Side.from : .below
            let key = side == .from ? "from" : "below"
            guard let scale = scale(score, map["score"] ?? map.value), let value = bounded(map, key) else { return nil }
            if !separates(value, side, scale) {
                map[key]?.error(
                    "the cut point \(value.plain) does not divide the score",
                    remedy: "The score reaches \(scale.range.min.plain) to \(scale.range.max.plain)"
                )
            }
            let alternatives = alternatives(map, scale, side)
            let isCaseness = map.optionalBoolean("caseness") ?? false
            guard let id, let title, isNew(id, map, &lines) else { return nil }
            return CutPoint(
                id: id,
                title: title,
                score: score,
                side: side,
                value: value,
                source: source,
                alternatives: alternatives,
                isCaseness: isCaseness
            )
        }
    }

    private func separates(_ value: Double, _ side: CutPoint.Side, _ scale: Scale) -> Bool {
        value > scale.range.min && value <= scale.range.max
    }

    private func alternatives(_ map: YAMLMap, _ scale: Scale, _ side: CutPoint.Side) -> [CutPoint.Alternative] {
        map.list("alternatives").prefix(InstrumentLimits.rules).compactMap { entry in
            guard let other = entry.map("an alternative of the cut point", keys: ["value", "source"]) else {
                return nil
            }
            let source = source(other)
            guard let value = other.number("value") else { return nil }
            guard separates(value, side, scale) else {
                other.value.error(
                    "the cut point \(value.plain) does not divide the score",
                    remedy: "The score reaches \(scale.range.min.plain) to \(scale.range.max.plain)"
                )
                return nil
            }
            return CutPoint.Alternative(value: value, source: source)
        }
    }

    func readFlags(_ file: YAMLMap) -> [ItemFlag] {
        var lines: [String: Int] = [:]
        return file.list("flags").prefix(InstrumentLimits.rules).compactMap { entry in
            let keys = ["id", "item", "from", "to", "level", "reason"]
            guard let map = entry.map("a flag", keys: keys) else { return nil }
            let id = id(map)
            let level = map.choice("level", AlertLevel.self)
            let reason = text(map, "reason")
            let from = map.optionalInteger("from")
            let to = map.optionalInteger("to")
            guard let name = map.string("item"), let value = map["item"], let position = position(name, value) else {
                return nil
            }
            guard from != nil || to != nil else {
                if !map.has("from"), !map.has("to") {
                    map.value.error(
                        "the flag does not say which answers raise it",
                        remedy: "Add `from:`, such as `from: 1`"
                    )
                }
                return nil
            }
            guard let id, let level, let reason, isNew(id, map, &lines) else { return nil }
            let flag = ItemFlag(id: id, item: name, from: from, to: to, level: level, reason: reason)
            let options = items[position].options
            if !options.contains(where: { flag.accepts($0.value) }) {
                (map["from"] ?? map["to"] ?? map.value).error(
                    "no answer to item \(name) can raise the flag `\(id)`",
                    remedy: options.isEmpty
                        ? "Flag an item with options"
                        : "Its answers are \(options.map { String($0.value) }.joined(separator: ", "))"
                )
            }
            return flag
        }
    }
}
