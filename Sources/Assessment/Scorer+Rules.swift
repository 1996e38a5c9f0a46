extension Scorer {
    /// Whether the rule at `place` holds; nil when that depends on missing answers. Without `scores` they are
    /// computed from what is known so far.
    func holds(_ place: Int, on sheet: AnswerSheet, scores: [ScaleScore]?, isCondition: Bool = false) -> Bool? {
        switch rules.nodes[place].kind {
        case .count: return countHolds(rules.nodes[place], on: sheet)
        case .score: return scoreHolds(rules.nodes[place], on: sheet, scores: scores, isCondition: isCondition)
        case .all:
            var result: Bool? = true
            for part in rules.nodes[place].parts {
                switch holds(part, on: sheet, scores: scores, isCondition: isCondition) {
                case false?: return false
                case nil: result = nil
                case true?: continue
                }
            }
            return result
        case .any:
            var result: Bool? = false
            for part in rules.nodes[place].parts {
                switch holds(part, on: sheet, scores: scores, isCondition: isCondition) {
                case true?: return true
                case nil: result = nil
                case false?: continue
                }
            }
            return result
        case .not:
            guard let part = rules.nodes[place].parts.first else { return nil }
            return holds(part, on: sheet, scores: scores, isCondition: isCondition).map { !$0 }
        }
    }

    private func countHolds(_ rule: RuleTable.Node, on sheet: AnswerSheet) -> Bool? {
        var certain = 0
        var possible = 0
        let tests = rules.tests.span
        let slots = sheet.slots.span
        for place in rule.tests {
            let test = tests[place]
            let slot = slots[test.item]
            guard slot.visibility != .hidden else { continue }
            if slot.isAnswered {
                guard slot.value >= test.from, slot.value <= test.to else { continue }
                possible += 1
                if slot.visibility == .shown { certain += 1 }
            } else if test.canPass {
                possible += 1
            }
        }
        if possible < rule.atLeast || certain > rule.atMost { return false }
        return certain >= rule.atLeast && possible <= rule.atMost ? true : nil
    }

    private func scoreHolds(
        _ rule: RuleTable.Node,
        on sheet: AnswerSheet,
        scores: [ScaleScore]?,
        isCondition: Bool
    ) -> Bool? {
        let score = scores.map { $0[rule.scale].evaluation } ?? evaluation(of: rule.scale, on: sheet)
        // A prorated score may still move, so what is shown must not hang on it.
        if let value = score.value, score.prorated == 0 || !isCondition {
            return value >= rule.from && value <= rule.to
        }
        if score.possible.high < rule.from || score.possible.low > rule.to { return false }
        return score.possible.low >= rule.from && score.possible.high <= rule.to ? true : nil
    }
}
