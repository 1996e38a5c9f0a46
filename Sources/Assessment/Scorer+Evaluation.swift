/// What the answers make of one score.
struct Evaluation: Sendable {
    var value: Double?
    var answered = 0
    var missing = 0
    var prorated = 0
    var possible: Interval
}

extension Scorer {
    /// All scores, in the order of the instrument.
    func scores(on sheet: AnswerSheet) -> [ScaleScore] {
        // Filling in copies of prepared results costs less than making each anew.
        var scores = blankScores
        let order = scaleOrder.span
        for place in order.indices {
            let position = order[place]
            let evaluation = evaluate(position, on: sheet, earlier: scores)
            fillIn(&scores[position], with: evaluation, at: position)
        }
        return scores
    }

    private func fillIn(_ score: inout ScaleScore, with evaluation: Evaluation, at position: Int) {
        score.value = evaluation.value
        score.answered = evaluation.answered
        score.missing = evaluation.missing
        score.prorated = evaluation.prorated
        score.possible = ScoreRange(min: evaluation.possible.low, max: evaluation.possible.high)
        // Without a value the band is certain when every possible value lies in it.
        let low = evaluation.value ?? evaluation.possible.low
        let high = evaluation.value ?? evaluation.possible.high
        if let band = scales[position].band(for: low), scales[position].bands[band].contains(high) {
            score.band = instrument.scores[position].bands[band]
        }
    }

    /// One score; `earlier` holds those that its formula uses.
    private func evaluate(_ position: Int, on sheet: AnswerSheet, earlier: [ScaleScore]) -> Evaluation {
        switch scales[position].method {
        case .sum: return sum(scales[position], sheet)
        case .mean: return mean(scales[position], sheet)
        case .highest: return highest(scales[position], sheet)
        case .formula(let formula, let positions):
            return evaluate(formula, of: position, positions, on: sheet, earlier: earlier)
        }
    }

    /// What is known of one score while conditions are decided.
    func evaluation(of position: Int, on sheet: AnswerSheet) -> Evaluation {
        guard case .formula = scales[position].method else { return evaluate(position, on: sheet, earlier: []) }
        return scores(on: sheet)[position].evaluation
    }

    private func sum(_ scale: CompiledScale, _ sheet: AnswerSheet) -> Evaluation {
        var result = Evaluation(possible: Interval(0))
        var points = 0.0
        var low = 0.0
        var high = 0.0
        var mayProrate = true
        // Spans, since this loop is most of the work: an array's elements are counted in and out at every step.
        let terms = scale.terms.span
        let slots = sheet.slots.span
        for place in terms.indices {
            let term = terms[place]
            let slot = slots[term.item]
            switch (slot.visibility, slot.isAnswered) {
            case (.shown, true):
                let contribution = term.contribution(slot.value)
                points += contribution
                low += contribution
                high += contribution
                result.answered += 1
            case (.shown, false):
                low += term.low
                high += term.high
                result.missing += 1
                if term.isNamed { mayProrate = false }
            case (.undetermined, let isAnswered):
                let contribution = isAnswered ? term.contribution(slot.value) : 0
                low += min(0, isAnswered ? contribution : term.low)
                high += max(0, isAnswered ? contribution : term.high)
                result.missing += 1
                mayProrate = false
            case (.hidden, _): continue
            }
        }
        result.possible = Interval(low: scale.finished(low), high: scale.finished(high))
        if result.missing == 0 {
            result.value = result.possible.low
        } else if mayProrate, result.missing <= scale.prorateUpTo, result.answered > 0 {
            // Multiplying before dividing keeps exact halves exact: 4 points on 8 of 9 items are 4.5.
            let whole = points * Double(result.answered + result.missing) / Double(result.answered)
            result.value = scale.finished(scale.rounded(whole))
            result.prorated = result.missing
        }
        return result
    }

    private func mean(_ scale: CompiledScale, _ sheet: AnswerSheet) -> Evaluation {
        var result = Evaluation(possible: Interval(0))
        var points = 0.0
        var low = 0.0
        var high = 0.0
        var shown = 0.0
        var mayProrate = true
        var open: [Interval] = []
        for term in scale.terms {
            let slot = sheet.slots[term.item]
            let contribution = slot.isAnswered ? term.contribution(slot.value) : 0
            let ends = slot.isAnswered ? Interval(contribution) : Interval(low: term.low, high: term.high)
            switch slot.visibility {
            case .hidden: continue
            case .undetermined:
                open.append(ends)
                result.missing += 1
                mayProrate = false
                continue
            case .shown: break
            }
            shown += 1
            low += ends.low
            high += ends.high
            points += contribution
            if slot.isAnswered {
                result.answered += 1
            } else {
                result.missing += 1
                if term.isNamed { mayProrate = false }
            }
        }
        // At least one item of a mean has no condition, so `shown` is not 0.
        guard shown > 0 else { return result }
        // Items that may yet be shown pull the mean at most to their own ends.
        low = open.reduce(low / shown) { min($0, $1.low) }
        high = open.reduce(high / shown) { max($0, $1.high) }
        result.possible = Interval(low: scale.finished(low), high: scale.finished(high))
        if result.missing == 0 {
            result.value = result.possible.low
        } else if mayProrate, result.missing <= scale.prorateUpTo, result.answered > 0 {
            result.value = scale.finished(points / Double(result.answered))
            result.prorated = result.missing
        }
        return result
    }

    private func highest(_ scale: CompiledScale, _ sheet: AnswerSheet) -> Evaluation {
        var result = Evaluation(possible: Interval(0))
        var low: Double?
        var high: Double?
        for term in scale.terms {
            let slot = sheet.slots[term.item]
            guard slot.visibility != .hidden else { continue }
            let contribution = slot.isAnswered ? term.contribution(slot.value) : 0
            let ends = slot.isAnswered ? Interval(contribution) : Interval(low: term.low, high: term.high)
            high = max(high ?? ends.high, ends.high)
            if slot.visibility == .shown { low = max(low ?? ends.low, ends.low) }
            if slot.isAnswered, slot.visibility == .shown { result.answered += 1 } else { result.missing += 1 }
        }
        result.possible = Interval(low: scale.finished(low ?? 0), high: scale.finished(high ?? 0))
        if result.missing == 0 { result.value = result.possible.low }
        return result
    }

    private func evaluate(
        _ formula: Formula,
        of position: Int,
        _ positions: [String: Int],
        on sheet: AnswerSheet,
        earlier: [ScaleScore]
    ) -> Evaluation {
        let scale = scales[position]
        let range = instrument.scores[position].range
        var result = Evaluation(possible: Interval(low: range.min, high: range.max))
        for term in scale.terms {
            let slot = sheet.slots[term.item]
            switch (slot.visibility, slot.isAnswered) {
            case (.hidden, _): continue
            case (.shown, true): result.answered += 1
            case (.shown, false), (.undetermined, _): result.missing += 1
            }
        }
        var prorated = 0
        let value = formula.value { id in
            positions[id].flatMap { position in
                prorated = max(prorated, earlier[position].prorated)
                return earlier[position].value.map { Interval($0) }
            }
        }
        result.value = value.map { scale.finished($0.low) }
        result.prorated = result.value == nil ? 0 : prorated
        if let ends = formula.value({ id in positions[id].map { earlier[$0].evaluation.possible } }) {
            result.possible = Interval(
                low: max(range.min, scale.finished(ends.low)),
                high: min(range.max, scale.finished(ends.high))
            )
        }
        return result
    }
}

extension ScaleScore {
    var evaluation: Evaluation {
        Evaluation(
            value: value,
            answered: answered,
            missing: missing,
            prorated: prorated,
            possible: Interval(low: possible.min, high: possible.max)
        )
    }
}

extension CompiledScale {
    /// The figure after the multiplier, rounded to the stated decimals.
    @inline(__always)
    func finished(_ points: Double) -> Double {
        let value = points * multiplier
        return isWhole ? value : value.rounded(places: decimals)
    }

    /// A prorated sum as a whole number.
    func rounded(_ points: Double) -> Double {
        switch rounding {
        case .nearest: (points + 0.5).rounded(.down)
        case .up: points.rounded(.up)
        case .down: points.rounded(.down)
        }
    }
}
