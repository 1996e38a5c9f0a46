/// Finds every pattern of a rule set in a tokenized text.
struct PatternMatcher {
    private let ruleSet: RuleSet
    private let tokens: [Token]
    /// Symbols that begin at each token, with their length in words; those of token t are at `chartStart[t]..<chartStart[t + 1]`.
    private var chart: [(symbol: Symbol, length: Int32)] = []
    private var chartStart: [Int] = [0]

    init(_ ruleSet: RuleSet, tokens: [Token]) {
        self.ruleSet = ruleSet
        self.tokens = tokens
        chartStart.reserveCapacity(tokens.count + 1)
        for index in tokens.indices {
            for word in tokens[index].words { walk(word: word, from: index, node: 0, length: 1) }
            chartStart.append(chart.count)
        }
    }

    private mutating func walk(word: Int32, from start: Int, node: Int32, length: Int32) {
        guard let next = ruleSet.phrases.child(of: node, word: word) else { return }
        for symbol in ruleSet.phrases.symbols(at: next)
        where !chart[chartStart[start]...].contains(where: { $0 == (symbol, length) }) {
            chart.append((symbol, length))
        }
        let following = start + Int(length)
        guard following < tokens.count, tokens[following].sentence == tokens[start].sentence,
            ruleSet.phrases.hasChildren(next)
        else { return }
        for word in tokens[following].words { walk(word: word, from: start, node: next, length: length + 1) }
    }

    /// Every match, one for each pattern and starting word at most, in the order of their starts.
    func hits() -> [PatternHit] {
        var hits: [PatternHit] = []
        var tried = [Int32](repeating: -1, count: ruleSet.patterns.count)
        var deadEnds = [UInt64](repeating: 0, count: ruleSet.mostSteps)
        for start in tokens.indices where chartStart[start] < chartStart[start + 1] {
            for entry in chart[chartStart[start]..<chartStart[start + 1]] {
                for pattern in ruleSet.patterns(beginningWith: entry.symbol) where tried[pattern] != Int32(start) {
                    tried[pattern] = Int32(start)
                    if let hit = match(ruleSet.patterns[pattern], at: start, &deadEnds) { hits.append(hit) }
                }
            }
        }
        return hits
    }

    private func match(_ pattern: Pattern, at start: Int, _ deadEnds: inout [UInt64]) -> PatternHit? {
        for step in pattern.steps.indices { deadEnds[step] = 0 }
        var attempt = Attempt(pattern: pattern, start: start)
        guard let end = advance(&attempt, &deadEnds, step: 0, at: start, gaps: 0) else { return nil }
        return PatternHit(owner: pattern.owner, start: start, end: end, gapMask: attempt.gapMask)
    }

    /// One try of one pattern.
    private struct Attempt {
        let pattern: Pattern
        let start: Int
        var gapMask: UInt64 = 0
    }

    /// Tries `step` at `position`. Remembers dead ends (a bit for each distance from the start), so that the work is
    /// bounded by steps × words.
    private func advance(
        _ attempt: inout Attempt,
        _ deadEnds: inout [UInt64],
        step: Int,
        at position: Int,
        gaps: UInt64
    )
        -> Int?
    {
        guard step < attempt.pattern.steps.count else {
            attempt.gapMask = gaps
            return position
        }
        let distance = position - attempt.start
        guard distance <= Pattern.longestMatch, deadEnds[step] & (1 << UInt64(distance)) == 0 else { return nil }
        if let end = tryStep(&attempt, &deadEnds, step: step, at: position, gaps: gaps) { return end }
        deadEnds[step] |= 1 << UInt64(distance)
        return nil
    }

    private func tryStep(
        _ attempt: inout Attempt,
        _ deadEnds: inout [UInt64],
        step: Int,
        at position: Int,
        gaps: UInt64
    ) -> Int? {
        switch attempt.pattern.steps[step] {
        case .one(let set): return consume(set, &attempt, &deadEnds, step: step, at: position, gaps: gaps)
        case .optional(let set):
            if let end = consume(set, &attempt, &deadEnds, step: step, at: position, gaps: gaps) { return end }
            return advance(&attempt, &deadEnds, step: step + 1, at: position, gaps: gaps)
        case .gap(let limit):
            var mask = gaps
            for length in 0...limit {
                if let end = advance(&attempt, &deadEnds, step: step + 1, at: position + length, gaps: mask) {
                    return end
                }
                let next = position + length
                guard isInSentence(next, attempt.start), next - attempt.start < Pattern.longestMatch else { return nil }
                mask |= 1 << UInt64(next - attempt.start)
            }
            return nil
        case .ahead(let set):
            return begins(set, at: position, attempt.start)
                ? advance(&attempt, &deadEnds, step: step + 1, at: position, gaps: gaps) : nil
        case .notAhead(let set):
            return begins(set, at: position, attempt.start)
                ? nil : advance(&attempt, &deadEnds, step: step + 1, at: position, gaps: gaps)
        case .sentenceStart:
            let isStart = position == 0 || tokens[position - 1].sentence != tokens[position].sentence
            return isStart ? advance(&attempt, &deadEnds, step: step + 1, at: position, gaps: gaps) : nil
        case .sentenceEnd:
            return isInSentence(position, attempt.start)
                ? nil : advance(&attempt, &deadEnds, step: step + 1, at: position, gaps: gaps)
        }
    }

    private func consume(
        _ set: SymbolSet,
        _ attempt: inout Attempt,
        _ deadEnds: inout [UInt64],
        step: Int,
        at position: Int,
        gaps: UInt64
    ) -> Int? {
        guard isInSentence(position, attempt.start) else { return nil }
        for entry in chart[chartStart[position]..<chartStart[position + 1]] where set.contains(entry.symbol) {
            if let end = advance(&attempt, &deadEnds, step: step + 1, at: position + Int(entry.length), gaps: gaps) {
                return end
            }
        }
        return nil
    }

    private func begins(_ set: SymbolSet, at position: Int, _ start: Int) -> Bool {
        isInSentence(position, start)
            && chart[chartStart[position]..<chartStart[position + 1]].contains { set.contains($0.symbol) }
    }

    private func isInSentence(_ position: Int, _ start: Int) -> Bool {
        position < tokens.count && tokens[position].sentence == tokens[start].sentence
    }
}
