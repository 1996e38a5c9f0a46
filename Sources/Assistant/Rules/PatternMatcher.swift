/// Runs patterns of a rule set over a chart: all beginnings at once, a mask of places for each step. Nothing is tried
/// twice, and no step costs more than a few shifts.
struct PatternMatcher {
    let ruleSet: RuleSet
    let chart: Chart

    /// Whether every set that the pattern needs occurs.
    func isPossible(_ pattern: RuleSet.Compiled) -> Bool {
        for place in Int(pattern.needed.lowerBound)..<Int(pattern.needed.upperBound)
        where !chart.holds(ruleSet.needed[place]) {
            return false
        }
        return true
    }

    /// Appends the matches of a pattern, at most one for each word that one can begin with.
    func find(_ pattern: RuleSet.Compiled, into hits: inout [PatternHit]) {
        guard isPossible(pattern) else { return }
        var starts = chart.own
        if pattern.steps.count > 0, ruleSet.steps[Int(pattern.steps.lowerBound)].kind == .one {
            starts &= chart.places(of: ruleSet.steps[Int(pattern.steps.lowerBound)].value)
        }
        guard starts != 0, reaches(pattern, from: starts) else { return }
        while starts != 0 {
            let start = starts & (0 &- starts)
            starts &= starts &- 1
            if let hit = hit(of: pattern, from: start) { hits.append(hit) }
        }
    }

    /// Whether the pattern matches from any of the places.
    private func reaches(_ pattern: RuleSet.Compiled, from starts: UInt64) -> Bool {
        var places = starts
        for step in Int(pattern.steps.lowerBound)..<Int(pattern.steps.upperBound) {
            places = advance(ruleSet.steps[step], from: places)
            if places == 0 { return false }
        }
        return true
    }

    private func advance(_ step: RuleSet.Step, from places: UInt64) -> UInt64 {
        switch step.kind {
        case .one: chart.take(step.value, from: places)
        case .optional: places | chart.take(step.value, from: places)
        case .gap: chart.skip(step.value, from: places)
        case .ahead: places & chart.places(of: step.value)
        case .notAhead: places & ~chart.places(of: step.value)
        case .sentenceStart: places & chart.starts
        case .sentenceEnd: places & chart.ends
        }
    }

    /// The shortest match that begins at one place, with the words that only gaps passed over.
    private func hit(of pattern: RuleSet.Compiled, from start: UInt64) -> PatternHit? {
        var reached: [UInt64] = []
        reached.reserveCapacity(pattern.steps.count + 1)
        var places = start
        for step in Int(pattern.steps.lowerBound)..<Int(pattern.steps.upperBound) {
            reached.append(places)
            places = advance(ruleSet.steps[step], from: places)
            if places == 0 { return nil }
        }
        let first = start.trailingZeroBitCount
        let end = places.trailingZeroBitCount
        guard end > first else { return nil }
        var gaps: UInt64 = 0
        var place = end
        // Backwards through the steps, by the shortest way.
        for offset in reached.indices.reversed() {
            let step = ruleSet.steps[Int(pattern.steps.lowerBound) + offset]
            let from = origin(step, of: place, among: reached[offset])
            if step.kind == .gap { for passed in from..<place { gaps |= 1 &<< UInt64(passed - first) } }
            place = from
        }
        return PatternHit(start: Int(chart.wordAt[first]), end: Int(chart.wordAt[first]) + (end - first), gapMask: gaps)
    }

    /// The place among `places` from which a step leads to `place`: the nearest.
    private func origin(_ step: RuleSet.Step, of place: Int, among places: UInt64) -> Int {
        let goal: UInt64 = 1 &<< UInt64(place)
        switch step.kind {
        case .one, .optional:
            if step.kind == .optional, places & goal != 0, chart.take(step.value, from: places) & goal == 0 {
                return place
            }
            var left = places & (goal &- 1)
            while left != 0 {
                let from = 63 - left.leadingZeroBitCount
                left &= ~(1 &<< UInt64(from))
                if chart.take(step.value, from: 1 &<< UInt64(from)) & goal != 0 { return from }
            }
            return place
        case .gap:
            let before = places & (goal | (goal &- 1))
            return before == 0 ? place : 63 - before.leadingZeroBitCount
        case .ahead, .notAhead, .sentenceStart, .sentenceEnd: return place
        }
    }
}
