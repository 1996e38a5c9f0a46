/// Looks for requests that the assistant must not answer, or must answer with care.
public struct GuardrailScreen: Sendable {
    private let prompts: Prompts
    private var version: String { prompts.version }
    /// Words around a match in which an exception counts.
    private static let reach = 18

    public init(_ prompts: Prompts) {
        self.prompts = prompts
    }

    /// What applies to `text`, the strictest first; empty when the message may simply be answered.
    ///
    /// A rule with the action `allow` lifts the refusals of its category in the same sentence.
    public func check(_ text: String) -> [GuardrailEvent] { check(ScreenedText(text, prompts)) }

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
        events.sort { (rank($0), $0.ruleID) < (rank($1), $1.ruleID) }
        return adding(own(text), to: second(events, allowed.map(\.rule.category), text))
    }

    /// What the practice's own rules refuse or warn of; the built-in ones and the statistical reading lift none of it.
    private func own(_ text: ScreenedText) -> [GuardrailEvent] {
        text.practiceReadings.flatMap(Self.matches(in:)).compactMap { rule, _ in
            guard let action = GuardrailAction(rawValue: rule.level), action != .allow,
                let category = GuardrailCategory(rawValue: rule.category)
            else { return nil }
            return GuardrailEvent(ruleID: rule.id, category: category, action: action, version: version)
        }
    }

    private func adding(_ own: [GuardrailEvent], to events: [GuardrailEvent]) -> [GuardrailEvent] {
        var all = events
        for event in own where !all.contains(event) {
            // After every built-in one of its rank.
            all.insert(event, at: all.firstIndex { rank($0) > rank(event) } ?? all.endIndex)
        }
        return all
    }

    /// From which probability on the statistical reading speaks against the rules.
    private struct Limits {
        /// Of all that is no ordinary question together: it refuses by itself.
        var refuses: Float
        /// The same where a rule allows what the message seems to ask.
        var refusesAllowed: Float
        /// The same beside a refusal of a rule, whose category then comes second.
        var goesFirst: Float
        /// Of an ordinary question: it takes a rule's refusal for a turn of phrase.
        var answers: Float
        /// In fewer words there is too little to read.
        var fewestWords: Int
    }

    private static let ofWords = Limits(
        refuses: 0.45,
        refusesAllowed: 0.85,
        goesFirst: 0.75,
        answers: 0.97,
        fewestWords: 4
    )
    /// With the sentence encoder reading too. Set on messages of Tests/Evaluation/development that it was not trained on.
    private static let ofWordsAndEncoder = Limits(
        refuses: 0.5,
        refusesAllowed: 0.6,
        goesFirst: 0.75,
        answers: 0.9,
        fewestWords: 2
    )
    private var limits: Limits { prompts.encodedReading == nil ? Self.ofWords : Self.ofWordsAndEncoder }

    /// Lets the statistical reading speak beside the rules: it refuses what no rule foresaw, says which of several
    /// refusals comes first, and lifts a refusal when it is all but sure of an ordinary question.
    private func second(_ events: [GuardrailEvent], _ allowed: [String], _ text: ScreenedText) -> [GuardrailEvent] {
        // In fewer words there is too little to read.
        let results = text.results.joined().filter { $0.range.count >= limits.fewestWords }
        guard let most = results.min(by: { $0.requests[0] < $1.requests[0] }) else { return events }
        let refusals = events.filter { $0.action == .refuse }
        if refusals.first?.category == .injection { return events }
        if most.requests[0] >= limits.answers {
            // What touches the rules of the assistant, another person's data or a medicine is never answered on a
            // likelihood.
            return events.filter { event in
                event.action != .refuse || [.injection, .privacy, .medication].contains(event.category)
            }
        }
        guard let category = Self.category(of: most.refusal) else { return events }
        let limit =
            !refusals.isEmpty
            ? limits.goesFirst : allowed.contains(category.rawValue) ? limits.refusesAllowed : limits.refuses
        guard 1 - most.requests[0] >= limit else { return events }
        let same = refusals.filter { $0.category == category }
        let own = GuardrailEvent(
            ruleID: "reading.\(category.rawValue)",
            category: category,
            action: .refuse,
            version: version
        )
        return (same.isEmpty ? [own] : same) + events.filter { !same.contains($0) }
    }

    private static func category(of request: StatisticalReading.Request) -> GuardrailCategory? {
        switch request {
        case .answer: nil
        case .clinical: .clinical
        case .medication: .medication
        case .diagnosis: .diagnosis
        case .injection: .injection
        case .privacy: .privacy
        case .offtopic: .offtopic
        }
    }

    private func rank(_ event: GuardrailEvent) -> Int {
        (event.action == .refuse ? 0 : 100) + (GuardrailCategory.allCases.firstIndex(of: event.category) ?? 0)
    }

    /// The rules that match, with the sentence of each match.
    func matches(_ text: String) -> [(rule: Rule, sentence: Int)] {
        let screened = ScreenedText(text, prompts)
        return matches(screened) + screened.practiceReadings.flatMap(Self.matches(in:))
    }

    private func matches(_ text: ScreenedText) -> [(rule: Rule, sentence: Int)] {
        text.readings.flatMap(Self.matches(in:))
    }

    static func matches(in reading: Reading) -> [(rule: Rule, sentence: Int)] {
        reading.matches.compactMap { match in
            let rule = reading.ruleSet.rules[match.rule]
            guard rule.screen == .guardrails, !reading.isCancelled(match.rule, match.hit, reach: reach) else {
                return nil
            }
            return (rule, reading.sentence(match.hit))
        }
    }
}
