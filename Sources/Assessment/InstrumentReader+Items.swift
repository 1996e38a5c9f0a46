import Knowledge

extension InstrumentReader {
    /// The lists of answers that items refer to by name.
    func optionSets(_ file: YAMLMap) -> [String: [Item.Option]] {
        guard let value = file["options"] else { return [:] }
        guard let entries = value.entries else {
            value.error(
                "`options` should name lists of answers",
                remedy: "Write `options:`, then `frequency:` and its list"
            )
            return [:]
        }
        var sets: [String: [Item.Option]] = [:]
        for entry in entries.prefix(InstrumentLimits.items) {
            sets[entry.key] = options(entry.value, "option set `\(entry.key.prefix(60))`")
        }
        return sets
    }

    private func options(_ value: YAMLValue, _ what: String) -> [Item.Option] {
        guard let list = value.list, !list.isEmpty else {
            value.error("\(what) holds no answers", remedy: "List them as `- {value: 0, label: Not at all}`")
            return []
        }
        guard list.count <= InstrumentLimits.options else {
            value.error("\(what) has \(list.count) answers", remedy: "Offer at most \(InstrumentLimits.options)")
            return []
        }
        var options: [Item.Option] = []
        var lines: [Int: Int] = [:]
        for entry in list {
            guard let map = entry.map("an answer of \(what)", keys: ["value", "label", "loinc"]) else { continue }
            let number = map.integer("value")
            let label = text(map, "label")
            guard let number, let label else { continue }
            guard number.magnitude <= UInt(InstrumentLimits.optionValue) else {
                map["value"]?.error(
                    "the value \(number) is too large",
                    remedy: "Stay within \(InstrumentLimits.optionValue)"
                )
                continue
            }
            if let line = lines[number] {
                map["value"]?.error(
                    "the value \(number) is already that of the answer on line \(line)",
                    remedy: "Give each answer its own value"
                )
                continue
            }
            lines[number] = map.line
            options.append(Item.Option(value: number, label: label, loinc: map.optionalString("loinc")))
        }
        return options
    }

    func readItems(_ file: YAMLMap, optionSets: [String: [Item.Option]]) {
        guard file.required("items", remedy: "List the questions under `items:`") != nil else { return }
        let list = file.list("items")
        guard !list.isEmpty else {
            file["items"]?.error("the instrument has no items", remedy: "List at least one question")
            return
        }
        guard list.count <= InstrumentLimits.items else {
            file["items"]?.error(
                "the instrument has \(list.count) items",
                remedy: "Ask at most \(InstrumentLimits.items) questions"
            )
            return
        }
        var usedSets = Set<String>()
        for (index, entry) in list.enumerated() {
            readItem(entry, number: index + 1, optionSets, &usedSets)
        }
        let unused = Set(optionSets.keys).subtracting(usedSets).sorted()
        if let name = unused.first, let value = file["options"] {
            value.warning(
                "no item uses the option set `\(name)`",
                remedy: "Remove it, or name it in an item's `options`"
            )
        }
    }

    private func readItem(
        _ entry: YAMLValue,
        number: Int,
        _ optionSets: [String: [Item.Option]],
        _ usedSets: inout Set<String>
    ) {
        let keys = ["id", "text", "options", "answer", "required", "show_when", "loinc"]
        guard let map = entry.map("item \(number)", keys: keys) else { return }
        let id = id(map, startsWithLetter: false)
        let wording = text(map, "text")
        let isRequired = map.optionalBoolean("required") ?? true
        let options = itemOptions(map, optionSets, &usedSets)
        guard let id, let wording, isNew(id, map, &itemLines) else { return }
        if let condition = map["show_when"] { conditions.append((items.count, condition)) }
        itemPositions[id] = items.count
        items.append(
            Item(
                id: id,
                text: wording,
                options: options,
                isScored: false,
                isRequired: isRequired,
                showWhen: nil,
                loinc: map.optionalString("loinc")
            )
        )
    }

    private func itemOptions(
        _ map: YAMLMap,
        _ optionSets: [String: [Item.Option]],
        _ usedSets: inout Set<String>
    ) -> [Item.Option] {
        if let answer = map.optionalString("answer") {
            if answer != "text" {
                map["answer"]?.error(
                    "`answer` of \(map.what) is `\(answer.prefix(60))`",
                    remedy: "Write `answer: text`, or name `options`"
                )
            }
            if let value = map["options"] {
                value.error("\(map.what) has both `options` and `answer: text`", remedy: "Keep one of the two")
            }
            return []
        }
        let hint = "Name an option set, list the answers, or write `answer: text`"
        guard let value = map.required("options", remedy: hint) else { return [] }
        guard let name = value.string else { return options(value, map.what) }
        usedSets.insert(name)
        if let set = optionSets[name] { return set }
        value.error(
            "there is no option set `\(name.prefix(60))`",
            remedy: remedy(name, among: optionSets.keys.sorted(), what: "option set")
        )
        return []
    }

    /// Reads the conditions, now that scores are known, and holds each to what comes before its item.
    func readConditions() {
        for condition in conditions {
            guard let rule = rule(condition.value, "the condition of item \(items[condition.item].id)") else {
                continue
            }
            var looksAt = Set<String>()
            rule.collectItems(into: &looksAt)
            var names = Set<String>()
            rule.collectScores(into: &names)
            for id in looksAt.sorted() {
                guard let position = itemPositions[id], position >= condition.item else { continue }
                condition.value.error(
                    "the condition of item \(items[condition.item].id) looks at item \(id), which comes "
                        + (position == condition.item ? "at the same place" : "later"),
                    remedy: "Let a condition look only at earlier items"
                )
            }
            for name in names.sorted() { checkScoreInCondition(name, condition) }
            items[condition.item].showWhen = rule
        }
    }

    private func checkScoreInCondition(_ name: String, _ condition: (item: Int, value: YAMLValue)) {
        var below = Set<String>()
        collectItems(below: name, into: &below)
        let late = below.compactMap { itemPositions[$0] }.filter { $0 >= condition.item }
        if let first = late.min() {
            condition.value.error(
                "the condition of item \(items[condition.item].id) looks at the score `\(name)`, which counts item "
                    + "\(items[first].id)",
                remedy: "Let a condition look only at scores of earlier items"
            )
        }
    }

    /// Adds the items that a score counts, those of the scores in its formula included.
    func collectItems(below score: String, into ids: inout Set<String>) {
        var open = [score]
        var seen = Set<String>()
        while let id = open.popLast() {
            guard seen.insert(id).inserted, let scale = scores.first(where: { $0.id == id }) else { continue }
            ids.formUnion(scale.items)
            if case .formula(let formula) = scale.method { open.append(contentsOf: formula.scores) }
        }
    }

    func markScoredItems() {
        let scored = scores.reduce(into: Set<String>()) { $0.formUnion($1.items) }
        for position in items.indices { items[position].isScored = scored.contains(items[position].id) }
    }
}
