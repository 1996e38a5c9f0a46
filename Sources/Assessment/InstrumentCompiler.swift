/// An item as scoring sees it.
struct CompiledItem: Sendable {
    var isText: Bool
    var low: Int
    var high: Int
    /// The values that can be chosen, unless they are all from `low` to `high`.
    var values: Set<Int>?
    /// Place of its condition in the rule table.
    var condition: Int?
    /// Whether a form without it is unfinished.
    var isNeeded: Bool

    @inline(__always)
    func accepts(_ value: Int) -> Bool {
        guard !isText, value >= low, value <= high else { return false }
        return values?.contains(value) ?? true
    }

    /// What to answer, for messages.
    var expectation: String {
        if isText { return "write a text" }
        guard let values else { return "choose a whole number from \(low) to \(high)" }
        return "choose one of \(values.sorted().map(String.init).joined(separator: ", "))"
    }
}

/// A score as scoring sees it.
struct CompiledScale: Sendable {
    enum Method: Sendable {
        case sum, mean, highest
        case formula(Formula, scales: [String: Int])

        var addsOnly: Bool {
            switch self {
            case .sum, .highest: true
            case .mean, .formula: false
            }
        }
    }

    /// What an answer adds: `factor` × answer + `offset`, or with a threshold 1 or 0.
    struct Term: Sendable {
        var item: Int
        var factor: Double
        var offset: Double
        var threshold: Double?
        /// Lowest and highest contribution.
        var low: Double
        var high: Double
        /// Whether a missing answer forbids prorating.
        var isNamed: Bool

        @inline(__always)
        func contribution(_ value: Int) -> Double {
            let points = factor * Double(value) + offset
            guard let threshold else { return points }
            return points >= threshold ? 1 : 0
        }
    }

    var method: Method
    /// For a formula: the items below it, only to be counted.
    var terms: [Term]
    var multiplier: Double
    var decimals: Int
    /// Whether its arithmetic gives whole numbers only, so that nothing needs rounding.
    var isWhole: Bool
    /// Number of missing items that may be replaced by the mean of the others.
    var prorateUpTo: Int
    var rounding: MissingRule.Rounding
    /// Where each band begins and ends.
    var bands: [Interval]

    /// Place of the band that a value lies in.
    func band(for value: Double) -> Int? {
        for position in bands.indices where bands[position].contains(value) { return position }
        return nil
    }
}

/// A cut point as scoring sees it.
struct CompiledCutPoint: Sendable {
    var scale: Int
    var side: CutPoint.Side
    var value: Double
}

/// Turns the ids of a checked instrument into positions.
struct InstrumentCompiler {
    let instrument: Instrument
    let itemPositions: [String: Int]
    let scalePositions: [String: Int]

    init(_ instrument: Instrument) {
        self.instrument = instrument
        itemPositions = Dictionary(instrument.items.enumerated().map { ($1.id, $0) }) { first, _ in first }
        scalePositions = Dictionary(instrument.scores.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    func items(rules: inout RuleTable) -> [CompiledItem] {
        let conditioning = instrument.items.reduce(into: Set<String>()) { $1.showWhen?.collectItems(into: &$0) }
        return instrument.items.map { item in
            let values = item.options.map(\.value)
            let low = values.min() ?? 0
            let high = values.max() ?? 0
            return CompiledItem(
                isText: item.isText,
                low: low,
                high: high,
                values: values.count == high - low + 1 ? nil : Set(values),
                condition: item.showWhen.map { rules.add($0, by: self) },
                isNeeded: item.isRequired || item.isScored || conditioning.contains(item.id)
            )
        }
    }

    func scales() -> [CompiledScale] {
        instrument.scores.map { scale in
            let terms: [CompiledScale.Term]
            let method: CompiledScale.Method
            switch scale.method {
            case .sum, .count, .weighted: (method, terms) = (.sum, scale.items.compactMap { term($0, of: scale) })
            case .mean: (method, terms) = (.mean, scale.items.compactMap { term($0, of: scale) })
            case .highest: (method, terms) = (.highest, scale.items.compactMap { term($0, of: scale) })
            case .formula(let formula):
                method = .formula(formula, scales: scalePositions)
                var below = Set<String>()
                instrument.collectItems(below: scale.id, into: &below)
                terms = instrument.items.filter { below.contains($0.id) }.compactMap { term($0.id, of: scale) }
            }
            var prorateUpTo = 0
            var rounding = MissingRule.Rounding.nearest
            if case .prorate(let upTo, _, let stated) = scale.missing { (prorateUpTo, rounding) = (upTo, stated) }
            return CompiledScale(
                method: method,
                terms: terms,
                multiplier: scale.multiplier,
                decimals: scale.decimals,
                isWhole: scale.hasWholeValues && method.addsOnly,
                prorateUpTo: prorateUpTo,
                rounding: rounding,
                bands: scale.bands.map { Interval(low: $0.from, high: $0.to) }
            )
        }
    }

    private func term(_ id: String, of scale: Scale) -> CompiledScale.Term? {
        guard let position = itemPositions[id] else { return nil }
        let values = instrument.items[position].options.map(\.value)
        guard let low = values.min(), let high = values.max() else { return nil }
        let weight =
            switch scale.method {
            case .weighted(let weights), .highest(let weights): weights[id] ?? 1
            case .sum, .mean, .count, .formula: 1.0
            }
        let isReversed = scale.reversed.contains(id)
        var threshold: Double?
        if case .count(let atLeast) = scale.method { threshold = Double(atLeast) }
        var isNamed = false
        if case .prorate(_, let never, _) = scale.missing { isNamed = never.contains(id) }
        var term = CompiledScale.Term(
            item: position,
            factor: isReversed ? -weight : weight,
            offset: isReversed ? weight * Double(low + high) : 0,
            threshold: threshold,
            low: 0,
            high: 0,
            isNamed: isNamed
        )
        let points = values.map(term.contribution)
        term.low = points.min() ?? 0
        term.high = points.max() ?? 0
        return term
    }

    /// Each score after those that its formula uses. The checker has made sure that there is no cycle.
    func scaleOrder() -> [Int] {
        var order: [Int] = []
        var seen = Set<Int>()
        func visit(_ position: Int) {
            guard seen.insert(position).inserted else { return }
            if case .formula(let formula) = instrument.scores[position].method {
                for id in formula.scores { scalePositions[id].map(visit) }
            }
            order.append(position)
        }
        instrument.scores.indices.forEach(visit)
        return order
    }

    func tests(_ test: Rule.Test) -> [RuleTable.Test] {
        test.items.compactMap { id in
            itemPositions[id].map { position in
                RuleTable.Test(
                    item: position,
                    from: test.from ?? .min,
                    to: test.to ?? .max,
                    canPass: instrument.items[position].options.contains { test.accepts($0.value) }
                )
            }
        }
    }
}

extension Scale {
    /// Whether every value is a whole number: then bands meet without a step between whole numbers.
    var hasWholeValues: Bool {
        guard multiplier == multiplier.rounded() else { return false }
        switch method {
        case .sum, .count: return true
        case .weighted(let weights), .highest(let weights): return weights.values.allSatisfy { $0 == $0.rounded() }
        case .mean, .formula: return decimals == 0
        }
    }
}

extension Rule {
    /// Adds the ids of the items that the rule looks at itself.
    func collectItems(into ids: inout Set<String>) {
        switch self {
        case .count(let tests, _, _): ids.formUnion(tests.flatMap(\.items))
        case .score: break
        case .all(let rules), .any(let rules): for rule in rules { rule.collectItems(into: &ids) }
        case .not(let rule): rule.collectItems(into: &ids)
        }
    }

    /// Adds the ids of the scores that the rule looks at.
    func collectScores(into ids: inout Set<String>) {
        switch self {
        case .count: break
        case .score(let id, _, _): ids.insert(id)
        case .all(let rules), .any(let rules): for rule in rules { rule.collectScores(into: &ids) }
        case .not(let rule): rule.collectScores(into: &ids)
        }
    }
}

extension Instrument {
    /// Adds the ids of the items that a score counts, those of the scores in its formula included.
    func collectItems(below score: String, into ids: inout Set<String>) {
        var open = [score]
        var seen = Set<String>()
        while let id = open.popLast() {
            guard seen.insert(id).inserted, let scale = scale(id) else { continue }
            ids.formUnion(scale.items)
            if case .formula(let formula) = scale.method { open.append(contentsOf: formula.scores) }
        }
    }
}
