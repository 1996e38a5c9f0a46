/// Looks for signs that somebody is in danger. Deterministic; no model, no network, no clock.
public struct CrisisScreen: Sendable {
    private let ruleSet: RuleSet
    private let repair: WordRepair
    private let version: String

    public init(_ prompts: Prompts) {
        ruleSet = prompts.crisisRules
        repair = WordRepair(vocabulary: prompts.crisisRules.vocabulary)
        version = prompts.version
    }

    init(ruleSet: RuleSet, version: String) {
        self.ruleSet = ruleSet
        repair = WordRepair(vocabulary: ruleSet.vocabulary)
        self.version = version
    }

    /// What `text` tells, given the conversation so far.
    ///
    /// - Complexity: linear in the length of the text; all of it is read.
    public func screen(_ text: String, state: ConversationState = .init()) -> CrisisFinding {
        let cut = Tokenizer.tokenize(text)
        var matches: [RuleMatch] = []
        var memory = Memory()
        var spanish = 0
        for window in Self.windows(cut.tokens) {
            let resolved = repair.resolve(Array(cut.tokens[window]))
            let reading = Reading(resolved, ruleSet: ruleSet)
            read(reading, into: &matches, &memory, &spanish)
            if let second = repair.secondView(raw: Array(cut.tokens[window]), resolved: resolved) {
                read(Reading(second, ruleSet: ruleSet), into: &matches, &memory, &spanish)
            }
        }
        return finding(Self.distinct(matches), memory, state, language: spanish > 0 ? "es" : "en")
    }

    /// What the contexts of a message say to the conversation.
    private struct Memory {
        var affirms = false
        var takesBack = false
        var asksMeans = false
    }

    private func read(_ reading: Reading, into matches: inout [RuleMatch], _ memory: inout Memory, _ spanish: inout Int)
    {
        let judgement = CrisisJudgement(reading: reading)
        for match in reading.matches {
            if let found = judgement.judge(match.rule, match.hit) { matches.append(found) }
        }
        if reading.has("affirmation") { memory.affirms = true }
        if reading.has("retraction") { memory.takesBack = true }
        if reading.has("means_question") { memory.asksMeans = true }
        spanish += reading.context("spanish").count - reading.context("english").count
    }

    /// Whether the message tells of plain distress, without a sign of danger.
    func isDistressed(_ text: String) -> Bool {
        Reading(repair.resolve(Tokenizer.tokenize(text).tokens), ruleSet: ruleSet).has("distress")
    }

    // MARK: Windows

    private static let windowLength = 400
    private static let windowOverlap = 60

    /// Overlapping stretches of a long message, so that the work on each is bounded.
    static func windows(_ tokens: [Token]) -> [Range<Int>] {
        guard tokens.count > windowLength else { return [0..<tokens.count] }
        return stride(from: 0, to: tokens.count - windowOverlap, by: windowLength - windowOverlap).map {
            $0..<min($0 + windowLength, tokens.count)
        }
    }

    /// One match a rule and place, the most urgent first.
    private static func distinct(_ matches: [RuleMatch]) -> [RuleMatch] {
        var best: [String: RuleMatch] = [:]
        for match in matches {
            if let known = best[match.ruleID], (known.tier, -known.start) >= (match.tier, -match.start) { continue }
            best[match.ruleID] = match
        }
        return best.values.sorted { ($1.tier, $0.start, $0.ruleID) < ($0.tier, $1.start, $1.ruleID) }
    }

    // MARK: Combination

    private func finding(_ matches: [RuleMatch], _ memory: Memory, _ state: ConversationState, language: String)
        -> CrisisFinding
    {
        var tier = matches.first?.tier ?? .none
        var categories: [String] = []
        for match in matches where !categories.contains(match.category) { categories.append(match.category) }
        var subject = Self.subject(of: matches)
        if let inherited = inherited(by: tier, memory, state) {
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
            ruleSetVersion: version
        )
    }

    /// The writer's own risk goes before that of somebody else at the same tier.
    private static func subject(of matches: [RuleMatch]) -> CrisisFinding.Subject {
        guard let top = matches.first?.tier else { return .writer }
        let subjects = matches.filter { $0.tier == top }.map(\.subject)
        return subjects.contains(.writer) ? .writer : subjects.contains(.other) ? .other : subjects.first ?? .writer
    }

    /// The tier that the conversation gives a message, when that is more than its own words do.
    private func inherited(by tier: CrisisTier, _ memory: Memory, _ state: ConversationState) -> CrisisTier? {
        let turn = state.turns + 1
        let isAfterRisk = state.lastRiskTurn > 0 && turn - state.lastRiskTurn <= 3 && state.lastRiskTier.alerts
        // Goodbye, thanks or anything else soon after an imminent message: the danger is still there.
        if isAfterRisk, state.lastRiskTier == .imminent { return tier < .imminent ? .imminent : nil }
        if isAfterRisk, memory.affirms, tier < state.lastRiskTier.raised { return state.lastRiskTier.raised }
        // Taking it back changes the tone of the answer, not what was said.
        if isAfterRisk, memory.takesBack, tier < state.lastRiskTier { return state.lastRiskTier }
        // A question about means or a place, after distress.
        let isAfterDistress = state.distressTurn > 0 && turn - state.distressTurn <= 3
        if memory.asksMeans, isAfterRisk || isAfterDistress, tier < .high { return .high }
        if tier == .elevated, state.elevatedCount >= 1 { return .high }
        return nil
    }

    /// The state after a message with this finding.
    public func remember(_ finding: CrisisFinding, text: String, in state: ConversationState) -> ConversationState {
        var next = state
        next.turns += 1
        next.highestTier = max(state.highestTier, finding.tier)
        // A tier that was only inherited does not begin the three turns anew.
        if finding.matches.contains(where: \.tier.alerts) || finding.tier > state.lastRiskTier {
            next.lastRiskTier = finding.tier
            next.lastRiskCategories = finding.categories
            next.lastRiskSubject = finding.subject
            next.lastRiskTurn = next.turns
        }
        if finding.tier == .elevated { next.elevatedCount += 1 }
        if isDistressed(text) { next.distressTurn = next.turns }
        return next
    }
}
