/// One view of a stretch of a message: its words, the rules that match, and whatever else is looked up in it. What
/// stands around a match is looked for only when there is a match.
final class Reading {
    let text: FoldedText
    let ruleSet: RuleSet
    private let charts: [Chart]
    /// Matches of rules, with the rule's number.
    let matches: [(rule: Int, hit: PatternHit)]
    private var contexts: [[PatternHit]?]
    private var unless: [Int: [PatternHit]] = [:]
    private var needs: [Int: [PatternHit]] = [:]

    init(_ text: FoldedText, ruleSet: RuleSet) {
        self.text = text
        self.ruleSet = ruleSet
        charts = Chart.blocks(of: text, ruleSet.phraseSets)
        contexts = Array(repeating: nil, count: Context.allCases.count)
        var matches: [(rule: Int, hit: PatternHit)] = []
        var hits: [PatternHit] = []
        for chart in charts {
            let matcher = PatternMatcher(ruleSet: ruleSet, chart: chart)
            for entry in chart.present {
                for pattern in ruleSet.waiting[Int(entry.set)] {
                    let pattern = ruleSet.patterns[Int(pattern)]
                    hits.removeAll(keepingCapacity: true)
                    matcher.find(pattern, into: &hits)
                    for hit in hits { matches.append((Int(pattern.rule), hit)) }
                }
            }
        }
        self.matches = matches
    }

    private func find(_ patterns: [Int32]) -> [PatternHit] {
        var hits: [PatternHit] = []
        for chart in charts {
            let matcher = PatternMatcher(ruleSet: ruleSet, chart: chart)
            for pattern in patterns { matcher.find(ruleSet.patterns[Int(pattern)], into: &hits) }
        }
        return hits.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    func context(_ context: Context) -> [PatternHit] {
        let number = context.number
        if let known = contexts[number] { return known }
        let found = find(ruleSet.ofContext[number])
        contexts[number] = found
        return found
    }

    /// How far around a match its sentence counts, in words: people often write without full stops.
    private static let reach = 18

    func sentence(_ hit: PatternHit) -> Int { Int(text.pieces[hit.start].sentence) }

    func isNear(_ hit: PatternHit, _ other: PatternHit) -> Bool {
        sentence(hit) == sentence(other) && other.start < hit.end + Self.reach && hit.start < other.end + Self.reach
    }

    /// Whether the context stands in the sentence of `hit`.
    func has(_ context: Context, near hit: PatternHit) -> Bool { self.context(context).contains { isNear(hit, $0) } }

    /// Whether the context stands in the sentence of `hit`, or in the one before or after it.
    func has(_ context: Context, around hit: PatternHit) -> Bool {
        self.context(context).contains {
            abs(sentence($0) - sentence(hit)) <= 1 && abs($0.start - hit.start) <= 2 * Self.reach
        }
    }

    /// How often the words of a context occur that is a list of words.
    func wordCount(_ context: Context) -> Int {
        var count = 0
        for chart in charts {
            for pattern in ruleSet.ofContext[context.number] {
                let steps = ruleSet.patterns[Int(pattern)].steps
                guard steps.count == 1 else { continue }
                count += (chart.places(of: ruleSet.steps[Int(steps.lowerBound)].value) & chart.own).nonzeroBitCount
            }
        }
        return count
    }

    func has(_ context: Context) -> Bool { !self.context(context).isEmpty }

    /// Whether what cancels the rule stands within `reach` words of the match, or what it needs is missing.
    func isCancelled(_ rule: Int, _ hit: PatternHit, reach: Int) -> Bool {
        let exceptions = unless[rule] ?? find(ruleSet.ofUnless[rule])
        unless[rule] = exceptions
        let isCancelled = exceptions.contains { other in
            sentence(hit) == sentence(other) && other.start < hit.end + reach && hit.start < other.end + reach
        }
        if isCancelled { return true }
        guard ruleSet.isNeeding[rule] else { return false }
        let wanted = needs[rule] ?? find(ruleSet.ofNeeds[rule])
        needs[rule] = wanted
        return !wanted.contains { abs(sentence(hit) - sentence($0)) <= 1 }
    }

    /// The words of a match that carry risk, other than those that only a gap passed over.
    func riskTokens(_ hit: PatternHit) -> [Int] {
        (hit.start..<hit.end).filter { index in
            !hit.isGap(index) && text.words(text.pieces[index]).contains { ruleSet.isRisk[Int($0)] }
        }
    }

    /// Whether a phrase of the context covers a risk word of the match.
    func covers(_ context: Context, _ hit: PatternHit) -> Bool {
        let overlapping = self.context(context).filter { $0.overlaps(hit) }
        guard !overlapping.isEmpty else { return false }
        // "my account after I kill": a frame does not reach over a new subject.
        let subjects = self.context(.meSubject)
        let spans = overlapping.filter { span in
            !subjects.contains {
                $0.start >= span.start && $0.start < span.end && span.isGap($0.start)
                    && text.words(text.pieces[$0.start]).contains(ruleSet.i)
            }
        }
        guard !spans.isEmpty else { return false }
        let risk = riskTokens(hit)
        return spans.contains { span in risk.contains { $0 >= span.start && $0 < span.end && !span.isGap($0) } }
    }
}
