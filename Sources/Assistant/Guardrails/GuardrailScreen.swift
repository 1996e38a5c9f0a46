/// Looks for requests that the assistant must not answer, or must answer with care.
public struct GuardrailScreen: Sendable {
    let ruleSet: RuleSet
    private let version: String
    /// Words around a match in which an exception counts.
    private static let reach = 18

    public init(_ prompts: Prompts) {
        ruleSet = prompts.ruleSet
        version = prompts.version
    }

    /// What applies to `text`, the strictest first; empty when the message may simply be answered.
    ///
    /// A rule with the action `allow` lifts the refusals of its category in the same sentence.
    public func check(_ text: String) -> [GuardrailEvent] { check(ScreenedText(text, ruleSet: ruleSet)) }

    func check(_ text: ScreenedText) -> [GuardrailEvent] {
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
    func matches(_ text: String) -> [(rule: Rule, sentence: Int)] { matches(ScreenedText(text, ruleSet: ruleSet)) }

    private func matches(_ text: ScreenedText) -> [(rule: Rule, sentence: Int)] {
        var found: [(rule: Rule, sentence: Int)] = []
        for reading in text.readings {
            for match in reading.matches where ruleSet.rules[match.rule].screen == .guardrails {
                if reading.isCancelled(match.rule, match.hit, reach: Self.reach) { continue }
                found.append((ruleSet.rules[match.rule], reading.sentence(match.hit)))
            }
        }
        return found
    }
}
