import Assistant

/// In what two replies to one message differ.
enum ReplyComparison {
    /// The names of the parts that differ, in the order of the reply.
    ///
    /// - Parameter isRedacted: whether the second was made from a message without its numbers, so that places in the text
    ///   are others.
    static func differences(_ first: Reply, _ second: Reply, isRedacted: Bool) -> [String] {
        var parts: [(name: String, isSame: Bool)] = [
            ("decision", first.decision == second.decision),
            ("crisis", isSame(first.crisis, second.crisis, placesCount: !isRedacted)),
            ("crisis panel", first.crisisPanel == second.crisisPanel),
            ("guardrails", first.guardrails.map(\.ruleID) == second.guardrails.map(\.ruleID)),
            ("redactions", first.redactions == second.redactions),
            ("paragraphs", first.paragraphs == second.paragraphs),
            ("citations", first.citations == second.citations),
            ("links", first.links == second.links),
            ("suggestions", first.suggestions == second.suggestions),
            ("team", first.team == second.team),
            ("draft message", first.draftMessage == second.draftMessage),
            ("disclosure", first.disclosure == second.disclosure),
            ("confidence", first.confidence == second.confidence),
            ("topics", first.topics == second.topics),
            ("memory", first.state == second.state),
            ("rules version", first.rulesVersion == second.rulesVersion),
        ]
        if !isRedacted { parts.append(("guardrail details", first.guardrails == second.guardrails)) }
        return parts.filter { !$0.isSame }.map(\.name)
    }

    private static func isSame(_ first: CrisisFinding?, _ second: CrisisFinding?, placesCount: Bool) -> Bool {
        guard !placesCount, let first, let second else { return first == second }
        return first.tier == second.tier && first.subject == second.subject && first.categories == second.categories
            && first.matches.map(\.ruleID) == second.matches.map(\.ruleID)
    }
}
