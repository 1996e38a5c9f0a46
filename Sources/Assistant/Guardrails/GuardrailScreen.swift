/// Looks for requests that the assistant must not answer, or must answer with care.
public struct GuardrailScreen: Sendable {
    private let ruleSet: RuleSet
    private let repair: WordRepair
    private let version: String
    /// Words around a match in which an exception counts.
    private static let reach = 18

    public init(_ prompts: Prompts) {
        ruleSet = prompts.guardrailRules
        repair = WordRepair(vocabulary: prompts.guardrailRules.vocabulary)
        version = prompts.version
    }

    /// What applies to `text`, the strictest first; empty when the message may simply be answered.
    ///
    /// A rule with the action `allow` lifts the refusals of its category in the same sentence.
    public func check(_ text: String) -> [GuardrailEvent] {
        let found = matches(text)
        let allowed = found.filter { $0.rule.level == GuardrailAction.allow.rawValue }
        var events: [GuardrailEvent] = []
        for (rule, sentence) in found {
            guard let action = GuardrailAction(rawValue: rule.level),
                let category = GuardrailCategory(rawValue: rule.category),
                action != .allow
            else { continue }
            let isLifted =
                action == .refuse && allowed.contains { $0.rule.category == rule.category && $0.sentence == sentence }
            let event = GuardrailEvent(ruleID: rule.id, category: category, action: action, version: version)
            if !isLifted, !events.contains(event) { events.append(event) }
        }
        return events.sorted { (rank($0), $0.ruleID) < (rank($1), $1.ruleID) }
    }

    private func rank(_ event: GuardrailEvent) -> Int {
        (event.action == .refuse ? 0 : 100) + (GuardrailCategory.allCases.firstIndex(of: event.category) ?? 0)
    }

    /// The rules that match, with the sentence of each match.
    func matches(_ text: String) -> [(rule: Rule, sentence: Int)] {
        let cut = Tokenizer.tokenize(text)
        var found: [(rule: Rule, sentence: Int)] = []
        func read(_ tokens: [Token]) {
            let reading = Reading(tokens, ruleSet: ruleSet)
            for match in reading.matches where !reading.isCancelled(match.rule, match.hit, reach: Self.reach) {
                found.append((ruleSet.rules[match.rule], reading.sentence(match.hit)))
            }
        }
        for window in CrisisScreen.windows(cut.tokens) {
            let resolved = repair.resolve(Array(cut.tokens[window]))
            read(resolved)
            if let second = repair.secondView(raw: Array(cut.tokens[window]), resolved: resolved) { read(second) }
        }
        return found
    }
}
