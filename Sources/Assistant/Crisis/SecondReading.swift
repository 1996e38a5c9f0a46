/// Lets the statistical reading speak beside the rules, within bounds: it may raise a message to elevated, where help is
/// shown and the care team sees it the same day, and it may lower a rule's finding to support, where help is still shown.
/// It never pages anybody, never touches an imminent finding, and never hides help that a rule shows.
struct SecondReading: Sendable {
    let reading: StatisticalReading

    /// From here on a message in which no rule found anything is elevated.
    private static let raises: Float = 0.5
    /// The same for a message in which the rules found words of risk and an excuse for them: a denial, a joke, a title.
    private static let raisesExcused: Float = 0.9
    /// Below this in every stretch, what a rule found is taken for a turn of phrase.
    private static let lowers: Float = 0.05

    /// Rules of plain words, which it never talks down.
    private static let plainRules = ["suicide.", "abuse.", "self-harm.", "es.", "third.", "now."]
    /// In fewer words there is too little to read.
    private static let fewestWords = 5

    /// The matches after the second reading, the most urgent first.
    ///
    /// - Parameter isExcused: whether a rule matched and was cancelled by an idiom or an exception.
    func weigh(_ matches: [RuleMatch], isExcused: Bool, _ text: ScreenedText) -> [RuleMatch] {
        let tier = matches.first?.tier ?? .none
        guard tier < .imminent else { return matches }
        let danger = text.results.joined().lazy.filter { $0.range.count >= Self.fewestWords }.map(\.danger).max() ?? 0
        if tier.alerts {
            let isRepaired = text.views.contains { $0.pieces.contains(where: \.isRepaired) }
            let isPlain = matches.contains { match in
                match.tier.alerts && Self.plainRules.contains { match.ruleID.hasPrefix($0) }
            }
            return danger < Self.lowers && !isRepaired && !isPlain ? matches.map(lowered) : matches
        }
        // A denial stays one; a question about a place says nothing by itself.
        if matches.contains(where: { $0.notes.contains("negated") }) || text.has(.meansQuestion) { return matches }
        if tier == .none && isExcused { return matches }
        guard danger >= (tier == .none ? Self.raises : Self.raisesExcused) else { return matches }
        for (view, results) in zip(text.views, text.results) {
            if let result = results.first(where: { $0.danger == danger }) {
                return [match(of: result, in: view)] + matches
            }
        }
        return matches
    }

    private func lowered(_ match: RuleMatch) -> RuleMatch {
        guard match.tier.alerts else { return match }
        return RuleMatch(
            ruleID: match.ruleID,
            tier: .support,
            category: match.category,
            subject: match.subject,
            start: match.start,
            end: match.end,
            notes: match.notes + ["turn_of_phrase"]
        )
    }

    /// The finding of a stretch, with the features that spoke most for it.
    private func match(of result: StatisticalReading.Result, in view: FoldedText) -> RuleMatch {
        let kind = result.kind
        let (category, subject): (String, CrisisFinding.Subject) =
            switch kind {
            case .none, .support, .suicide: ("suicide", .writer)
            case .third: ("suicide", .thirdParty)
            case .abuse: ("abuse", .writer)
            case .harm: ("harm_to_others", .other)
            case .health: ("medical", .writer)
            }
        let pieces = view.pieces[result.range]
        return RuleMatch(
            ruleID: "reading.\(kind)",
            tier: .elevated,
            category: category,
            subject: subject,
            start: Int(pieces.map(\.start).min() ?? 0),
            end: Int(pieces.map(\.end).max() ?? 0),
            notes: reading.reasons(view, result.range, for: kind)
        )
    }
}
