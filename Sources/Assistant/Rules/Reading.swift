/// One view of a stretch of a message with every rule and context found in it.
struct Reading {
    let tokens: [Token]
    let ruleSet: RuleSet
    /// Matches of rules, with the rule's number.
    private(set) var matches: [(rule: Int, hit: PatternHit)] = []
    private var unless: [Int: [PatternHit]] = [:]
    private var needs: [Int: [PatternHit]] = [:]
    private var contexts: [String: [PatternHit]] = [:]

    init(_ tokens: [Token], ruleSet: RuleSet) {
        self.tokens = tokens
        self.ruleSet = ruleSet
        for hit in PatternMatcher(ruleSet, tokens: tokens).hits() {
            switch ruleSet.owners[hit.owner] {
            case .rule(let number): matches.append((number, hit))
            case .unless(let number): unless[number, default: []].append(hit)
            case .needs(let number): needs[number, default: []].append(hit)
            case .context(let name): contexts[name, default: []].append(hit)
            }
        }
    }

    func context(_ name: String) -> [PatternHit] { contexts[name] ?? [] }

    /// How far around a match its sentence counts, in words: people often write without full stops.
    private static let reach = 18

    func sentence(_ hit: PatternHit) -> Int { tokens[hit.start].sentence }

    func isNear(_ hit: PatternHit, _ other: PatternHit) -> Bool {
        sentence(hit) == sentence(other) && other.start < hit.end + Self.reach && hit.start < other.end + Self.reach
    }

    /// Whether the context stands in the sentence of `hit`.
    func has(_ name: String, near hit: PatternHit) -> Bool { context(name).contains { isNear(hit, $0) } }

    /// Whether the context stands in the sentence of `hit`, or in the one before or after it.
    func has(_ name: String, around hit: PatternHit) -> Bool {
        context(name).contains { abs(sentence($0) - sentence(hit)) <= 1 && abs($0.start - hit.start) <= 2 * Self.reach }
    }

    func has(_ name: String) -> Bool { contexts[name] != nil }

    /// Whether what cancels the rule stands within `reach` words of the match, or what it needs is missing.
    func isCancelled(_ rule: Int, _ hit: PatternHit, reach: Int) -> Bool {
        let isCancelled = unless[rule]?.contains { other in
            sentence(hit) == sentence(other) && other.start < hit.end + reach && hit.start < other.end + reach
        }
        if isCancelled ?? false { return true }
        return ruleSet.needing.contains(rule)
            && !(needs[rule]?.contains { abs(sentence(hit) - sentence($0)) <= 1 } ?? false)
    }

    /// The words of a match that carry risk, other than those that only a gap passed over.
    func riskTokens(_ hit: PatternHit) -> [Int] {
        (hit.start..<hit.end).filter { index in
            !hit.isGap(index) && tokens[index].words.contains { ruleSet.riskWords.contains($0) }
        }
    }

    /// Whether a phrase of the context covers a risk word of the match.
    func covers(_ name: String, _ hit: PatternHit) -> Bool {
        // "my account after I kill": a frame does not reach over a new subject.
        let subjects = context("me_subject")
        let spans = context(name).filter { span in
            span.overlaps(hit)
                && !subjects.contains {
                    $0.start >= span.start && $0.start < span.end && span.isGap($0.start)
                        && tokens[$0.start].text == "i"
                }
        }
        guard !spans.isEmpty else { return false }
        let risk = riskTokens(hit)
        return spans.contains { span in risk.contains { $0 >= span.start && $0 < span.end && !span.isGap($0) } }
    }
}
