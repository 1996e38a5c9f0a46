import Knowledge

extension InstrumentReader {
    /// Finds formulas over unknown scores and cycles, and computes what range each score can reach.
    func checkFormulas() {
        let names = scores.map(\.id)
        var isSound = true
        for scale in scores {
            guard case .formula(let formula) = scale.method, let value = scoreMaps[scale.id]?["formula"] else {
                continue
            }
            for id in formula.scores where !names.contains(id) {
                value.error(
                    "the formula uses a score `\(id)` that there is not",
                    remedy: remedy(id, among: names, what: "score")
                )
                isSound = false
            }
            if formula.scores.isEmpty {
                value.error("the formula uses no score", remedy: "Use the names of other scores")
                isSound = false
            }
        }
        guard isSound, let order = formulaOrder() else { return }
        for position in order { findRange(position) }
    }

    /// Each score after those that its formula uses; nil (reported) when formulas use each other in a circle.
    private func formulaOrder() -> [Int]? {
        let positions = Dictionary(scores.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var order: [Int] = []
        var isOpen = Set<Int>()
        var isDone = Set<Int>()
        var path: [String] = []
        var isSound = true
        func visit(_ position: Int) {
            guard !isDone.contains(position) else { return }
            path.append(scores[position].id)
            defer { path.removeLast() }
            guard isOpen.insert(position).inserted else {
                let circle = path.drop { $0 != scores[position].id }.joined(separator: " → ")
                scoreMaps[scores[position].id]?["formula"]?.error(
                    "the formula uses itself: \(circle)",
                    remedy: "Let formulas use only scores that do not depend on them"
                )
                isSound = false
                return
            }
            if case .formula(let formula) = scores[position].method {
                for id in formula.scores { positions[id].map(visit) }
            }
            isOpen.remove(position)
            if isDone.insert(position).inserted { order.append(position) }
        }
        scores.indices.forEach(visit)
        return isSound ? order : nil
    }

    private func findRange(_ position: Int) {
        let scale = scores[position]
        guard let map = scoreMaps[scale.id] else { return }
        let finish = { (points: Double) in (points * scale.multiplier).rounded(places: scale.decimals) }
        if case .formula(let formula) = scale.method {
            let reach = formula.value { id in
                self.scores.first { $0.id == id }.map { Interval(low: $0.range.min, high: $0.range.max) }
            }
            guard let reach else { return reportDivision(position, map) }
            let low = finish(reach.low)
            let high = finish(reach.high)
            scores[position].range = ScoreRange(min: low, max: high)
            guard let stated = statedRange(map) else { return }
            if stated.min > low || stated.max < high {
                map["range"]?.error(
                    "the formula reaches \(low.plain) to \(high.plain), outside the stated range",
                    remedy: "Widen `range`, or hold the formula in with min and max"
                )
            }
            scores[position].range = stated
        } else if let reach = reach(of: scale) {
            let range = ScoreRange(min: finish(reach.low), max: finish(reach.high))
            scores[position].range = range
            if let stated = statedRange(map), stated != range {
                map["range"]?.error(
                    "the items reach \(range.min.plain) to \(range.max.plain), not \(stated.min.plain) to \(stated.max.plain)",
                    remedy: "Correct `range`, the items or their options"
                )
            }
        }
    }

    /// A formula whose divisor can be 0. The value is then missing; the main score must always have one.
    private func reportDivision(_ position: Int, _ map: YAMLMap) {
        let message = "the formula can divide by zero, or its figures grow too large"
        let remedy = "Keep the divisor above 0, for example with max(1, …)"
        if position == 0 {
            map["formula"]?.error(message, remedy: remedy)
        } else {
            map["formula"]?.warning("\(message); the score then has no value", remedy: remedy)
        }
        guard let stated = statedRange(map) else {
            map.value.error("`range` of \(map.what) cannot be found out", remedy: "Write `range: {from: …, to: …}`")
            return
        }
        scores[position].range = stated
    }

    private func statedRange(_ map: YAMLMap) -> ScoreRange? {
        guard let range = map["range"]?.map("`range` of \(map.what)", keys: ["from", "to"]) else { return nil }
        guard let low = bounded(range, "from"), let high = bounded(range, "to"), low <= high else {
            range.value.error("`range` of \(map.what) is no range", remedy: "Write `range: {from: 0, to: 27}`")
            return nil
        }
        return ScoreRange(min: low, max: high)
    }

    /// What an item can add to a score.
    private func contributions(of id: String, to scale: Scale) -> [Double] {
        guard let position = itemPositions[id] else { return [] }
        let values = items[position].options.map(\.value)
        guard let low = values.min(), let high = values.max() else { return [] }
        return values.map { value in
            let points = Double(scale.reversed.contains(id) ? low + high - value : value)
            switch scale.method {
            case .sum, .mean, .formula: return points
            case .count(let atLeast): return points >= Double(atLeast) ? 1 : 0
            case .weighted(let weights), .highest(let weights): return points * (weights[id] ?? 1)
            }
        }
    }

    private func reach(of scale: Scale) -> Interval? {
        let conditional = Set(conditions.map(\.item))
        let always = scale.items.filter { itemPositions[$0].map { !conditional.contains($0) } ?? false }
        let sometimes = scale.items.filter { !always.contains($0) }
        let ends = { (ids: [String]) in
            ids.compactMap { id -> Interval? in Interval(spanning: self.contributions(of: id, to: scale)) }
        }
        let fixed = ends(always)
        let open = ends(sometimes)
        guard !fixed.isEmpty || !open.isEmpty else { return nil }
        switch scale.method {
        case .sum, .count, .weighted:
            return Interval(
                low: fixed.reduce(0) { $0 + $1.low } + open.reduce(0) { $0 + min(0, $1.low) },
                high: fixed.reduce(0) { $0 + $1.high } + open.reduce(0) { $0 + max(0, $1.high) }
            )
        case .mean, .highest:
            guard !fixed.isEmpty else {
                scoreMaps[scale.id]?["items"]?.error(
                    "every item of the score is conditional, so there may be none to count",
                    remedy: "Add an item that is always asked, or use the method sum"
                )
                return nil
            }
            if case .mean = scale.method {
                let low = fixed.reduce(0) { $0 + $1.low } / Double(fixed.count)
                let high = fixed.reduce(0) { $0 + $1.high } / Double(fixed.count)
                return Interval(
                    low: open.reduce(low) { min($0, $1.low) },
                    high: open.reduce(high) { max($0, $1.high) }
                )
            }
            let low = fixed.map(\.low).max() ?? 0
            return Interval(low: low, high: (fixed + open).map(\.high).max() ?? low)
        case .formula: return nil
        }
    }

    // MARK: - Bands

    /// Holds the bands of every score against its range.
    func checkScores() {
        for scale in scores {
            guard let map = scoreMaps[scale.id], scale.range.min <= scale.range.max else { continue }
            checkBands(of: scale, lines: bandLines[map.line] ?? [])
        }
    }

    private func checkBands(of scale: Scale, lines: [Int]) {
        // Without a range a fault in the items or the formula was reported already.
        guard scale.bands.count == lines.count, scale.range.min < scale.range.max else { return }
        var step = 1.0
        if !scale.hasWholeValues { for _ in 0..<scale.decimals { step /= 10 } }
        let reached = reachedValues(of: scale)
        var previous: Band?
        for (band, line) in zip(scale.bands, lines) {
            let onGrid = [band.from, band.to].allSatisfy { (($0 / step).rounded() * step - $0).magnitude < step / 1000 }
            if !onGrid {
                collector.error(
                    line: line,
                    "the band `\(band.code)` has a limit between two values of the score",
                    remedy: "Values of the score are \(step.plain) apart"
                )
            }
            if let previous {
                let distance = band.from - previous.to
                if distance < step / 2 {
                    collector.error(
                        line: line,
                        "the band `\(band.code)` (from \(band.from.plain)) overlaps `\(previous.code)` (to \(previous.to.plain))",
                        remedy: "Begin it at \((previous.to + step).rounded(places: 6).plain)"
                    )
                } else if distance > step * 1.5 {
                    collector.error(
                        line: line,
                        "there is a gap between the bands `\(previous.code)` (to \(previous.to.plain)) and `\(band.code)` (from \(band.from.plain))",
                        remedy: "Begin it at \((previous.to + step).rounded(places: 6).plain)"
                    )
                }
            }
            if band.from < scale.range.min || band.to > scale.range.max {
                collector.error(
                    line: line,
                    "the band `\(band.code)` lies outside the values that the score can reach",
                    remedy: "Keep it between \(scale.range.min.plain) and \(scale.range.max.plain)"
                )
            } else if let reached, !reached.contains(where: { band.from <= $0 && $0 <= band.to }) {
                collector.error(
                    line: line,
                    "no answers lead to the band `\(band.code)`",
                    remedy: "Widen it, or remove it"
                )
            }
            previous = band
        }
        if let first = scale.bands.first, let line = lines.first, first.from > scale.range.min {
            collector.error(
                line: line,
                "there is a gap below the first band `\(first.code)`",
                remedy: "Begin it at \(scale.range.min.plain)"
            )
        }
        if let last = scale.bands.last, let line = lines.last, last.to < scale.range.max {
            collector.error(
                line: line,
                "there is a gap above the last band `\(last.code)`",
                remedy: "End it at \(scale.range.max.plain)"
            )
        }
    }

    /// Every value that a sum of whole numbers can take; nil when it is another kind of score, or too long a list.
    private func reachedValues(of scale: Scale) -> [Double]? {
        guard scale.hasWholeValues, scale.range.max - scale.range.min <= 2000, scale.items.count <= 200 else {
            return nil
        }
        switch scale.method {
        case .sum, .count, .weighted: break
        case .mean, .highest, .formula: return nil
        }
        let conditional = Set(conditions.map(\.item))
        var sums: Set<Double> = [0]
        for id in scale.items {
            var points = Set(contributions(of: id, to: scale))
            if let position = itemPositions[id], conditional.contains(position) { points.insert(0) }
            sums = sums.reduce(into: Set<Double>()) { next, sum in
                for point in points { next.insert(sum + point) }
            }
        }
        return sums.map { $0 * scale.multiplier }
    }
}
