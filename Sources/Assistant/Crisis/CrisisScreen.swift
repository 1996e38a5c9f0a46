/// Looks for signs that somebody is in danger. Deterministic: rules, and readings trained beforehand that run in the process;
/// no network, no clock.
public struct CrisisScreen: Sendable {
    private let prompts: Prompts
    private let reading: SecondReading
    private var ruleSet: RuleSet { prompts.ruleSet }

    public init(_ prompts: Prompts) {
        self.prompts = prompts
        reading = SecondReading(prompts)
    }

    /// What `text` tells, given the conversation so far.
    ///
    /// - Complexity: linear in the length of the text; all of it is read.
    public func screen(_ text: String, state: ConversationState = .init()) -> CrisisFinding {
        screen(ScreenedText(text, prompts), state: state)
    }

    func screen(_ text: ScreenedText, state: ConversationState) -> CrisisFinding {
        var matches: [RuleMatch] = []
        var spanish = 0
        var isExcused = false
        for reading in text.readings {
            let judgement = CrisisJudgement(reading: reading)
            for match in reading.matches where ruleSet.rules[match.rule].screen == .crisis {
                if let found = judgement.judge(match.rule, match.hit) {
                    matches.append(found)
                } else {
                    isExcused = true
                }
            }
            let words = reading.wordCount(.spanish)
            if words > 0 { spanish += words - reading.wordCount(.english) }
        }
        let weighed = reading.weigh(Self.distinct(matches), isExcused: isExcused, text)
        // The practice's own rules come last: they add to the finding and change nothing of it.
        let all = weighed + Self.distinct(practiceMatches(text))
        return finding(
            all.count == weighed.count ? weighed : Self.distinct(all),
            text,
            state,
            language: spanish > 0 ? "es" : "en"
        )
    }

    /// What the practice's own rules find.
    func practiceMatches(_ text: ScreenedText) -> [RuleMatch] {
        text.practiceReadings.flatMap { reading in
            let judgement = CrisisJudgement(reading: reading)
            return reading.matches.compactMap { match in
                guard reading.ruleSet.rules[match.rule].screen == .crisis else { return nil as RuleMatch? }
                return judgement.judge(match.rule, match.hit)
            }
        }
    }

    /// One match a rule and place, the most urgent first.
    private static func distinct(_ matches: [RuleMatch]) -> [RuleMatch] {
        guard !matches.isEmpty else { return [] }
        var best: [String: RuleMatch] = [:]
        for match in matches {
            if let known = best[match.ruleID], (known.tier, -known.start) >= (match.tier, -match.start) { continue }
            best[match.ruleID] = match
        }
        return best.values.sorted { ($1.tier, $0.start, $0.ruleID) < ($0.tier, $1.start, $1.ruleID) }
    }

    // MARK: Combination

    private func finding(
        _ matches: [RuleMatch],
        _ text: ScreenedText,
        _ state: ConversationState,
        language: String
    ) -> CrisisFinding {
        var tier = matches.first?.tier ?? .none
        var categories: [String] = []
        for match in matches where !categories.contains(match.category) { categories.append(match.category) }
        // A practice's rule about somebody else does not hide that the writer is at risk.
        let builtIn = matches.filter { !$0.isPractice }
        let isWriters = builtIn.first?.tier.alerts == true && Self.subject(of: builtIn) == .writer
        var subject = isWriters ? .writer : Self.subject(of: matches)
        if let inherited = inherited(by: tier, text, state) {
            tier = inherited
            if matches.isEmpty { subject = state.lastRiskSubject }
            for category in state.lastRiskCategories where !categories.contains(category) {
                categories.append(category)
            }
        }
        return CrisisFinding(
            tier: tier,
            alert: tier.alerts,
            subject: subject,
            categories: categories,
            matches: matches,
            language: language,
            ruleSetVersion: prompts.version
        )
    }

    /// The writer's own risk goes before that of somebody else at the same tier.
    private static func subject(of matches: [RuleMatch]) -> CrisisFinding.Subject {
        guard let top = matches.first?.tier else { return .writer }
        let subjects = matches.filter { $0.tier == top }.map(\.subject)
        return subjects.contains(.writer) ? .writer : subjects.contains(.other) ? .other : subjects.first ?? .writer
    }

    /// The tier that the conversation gives a message, when that is more than its own words do.
    private func inherited(by tier: CrisisTier, _ text: ScreenedText, _ state: ConversationState) -> CrisisTier? {
        let turn = state.turns + 1
        let isAfterRisk = state.lastRiskTurn > 0 && turn - state.lastRiskTurn <= 3 && state.lastRiskTier.alerts
        // Goodbye, thanks or anything else soon after an imminent message: the danger is still there. An ordinary
        // question about the practice is one all the same.
        if isAfterRisk, state.lastRiskTier == .imminent, !isOrdinary(tier, text) {
            return tier < .imminent ? .imminent : nil
        }
        if isAfterRisk, tier < state.lastRiskTier.raised, text.has(.affirmation) { return state.lastRiskTier.raised }
        // Taking it back changes the tone of the answer, not what was said.
        if isAfterRisk, tier < state.lastRiskTier, text.has(.retraction) { return state.lastRiskTier }
        // A question about means or a place, after distress.
        let isAfterDistress = state.distressTurn > 0 && turn - state.distressTurn <= 3
        if isAfterRisk || isAfterDistress, tier < .high, text.has(.meansQuestion) { return .high }
        if tier == .elevated, state.elevatedCount >= 1 { return .high }
        return nil
    }

    /// Whether a message is about the practice and nothing else: no sign, no feeling, no answer to what was asked before.
    private func isOrdinary(_ tier: CrisisTier, _ text: ScreenedText) -> Bool {
        tier == .none && text.has(.administrative)
            && ![Context.affirmation, .retraction, .distress, .meansQuestion, .parting].contains(where: text.has)
    }

    /// The state after a message with this finding.
    public func remember(_ finding: CrisisFinding, text: String, in state: ConversationState) -> ConversationState {
        remember(finding, ScreenedText(text, prompts), in: state)
    }

    func remember(_ finding: CrisisFinding, _ text: ScreenedText, in state: ConversationState) -> ConversationState {
        var next = state
        next.turns += 1
        next.highestTier = max(state.highestTier, finding.tier)
        // A tier that was only inherited does not begin the three turns anew.
        // A practice's own rule does not put a lesser risk in the place of a graver one.
        if finding.matches.contains(where: { $0.tier.alerts && !$0.isPractice }) || finding.tier > state.lastRiskTier
            || finding.tier == state.lastRiskTier && finding.matches.contains(where: \.tier.alerts)
        {
            next.lastRiskTier = finding.tier
            next.lastRiskCategories = finding.categories
            next.lastRiskSubject = finding.subject
            next.lastRiskTurn = next.turns
        }
        if finding.tier == .elevated { next.elevatedCount += 1 }
        if text.has(.distress) { next.distressTurn = next.turns }
        return next
    }
}
