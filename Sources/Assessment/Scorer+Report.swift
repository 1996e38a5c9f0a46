extension Scorer {
    /// Gathers everything that the checked answers say.
    func report(on sheet: AnswerSheet, scores: [ScaleScore], ignored: [String]) -> Outcome {
        let flags = flags(on: sheet)
        var missing: [String] = []
        var answered = 0
        let slots = sheet.slots.span
        for position in slots.indices where slots[position].visibility == .shown {
            if slots[position].isAnswered {
                answered += 1
            } else if items[position].isNeeded {
                missing.append(instrument.items[position].id)
            }
        }
        var criteriaResults = blankCriteria
        for position in criteriaResults.indices {
            criteriaResults[position].met = holds(criteria[position], on: sheet, scores: scores)
        }
        var cutPointResults = blankCutPoints
        for position in cutPointResults.indices {
            cutPointResults[position].met = isMet(cutPoints[position], by: scores)
        }
        let report = ScoreReport(
            instrument: instrument.code,
            version: instrument.version,
            scales: scores,
            criteria: criteriaResults,
            cutPoints: cutPointResults,
            flags: flags.raised,
            unknownFlags: flags.unknown,
            missing: missing,
            ignored: ignored,
            answered: answered
        )
        return scores.first?.value == nil ? .incomplete(report) : .scored(report)
    }

    private func isMet(_ cutPoint: CompiledCutPoint, by scores: [ScaleScore]) -> Bool? {
        let score = scores[cutPoint.scale].evaluation
        if let known = score.value { return cutPoint.side.contains(known, limit: cutPoint.value) }
        let low = cutPoint.side.contains(score.possible.low, limit: cutPoint.value)
        let high = cutPoint.side.contains(score.possible.high, limit: cutPoint.value)
        return low == high ? low : nil
    }

    /// Judges each flagged answer by itself.
    func flags(on sheet: AnswerSheet) -> (raised: [RaisedFlag], unknown: [String]) {
        var raised: [RaisedFlag] = []
        var unknown: [String] = []
        for (position, item) in flagItems.enumerated() {
            let slot = sheet.slots[item]
            // An answer whose item may yet turn out to be shown is judged: to wait could be to miss it.
            guard slot.visibility != .hidden else { continue }
            if !slot.isAnswered {
                unknown.append(instrument.flags[position].id)
            } else if instrument.flags[position].accepts(slot.value) {
                let flag = instrument.flags[position]
                raised.append(
                    RaisedFlag(
                        id: flag.id,
                        item: flag.item,
                        value: slot.value,
                        level: flag.level,
                        reason: flag.reason
                    )
                )
            }
        }
        return (raised, unknown)
    }
}
