/// Lets the statistical reading speak beside the rules, within bounds: it may raise a message to elevated, where help is
/// shown and the care team sees it the same day, and it may lower a rule's finding to support, where help is still shown.
/// By one message it never pages anybody; two elevated ones in a conversation count as high, as any two do. It never touches
/// an imminent finding, and never hides help that a rule shows.
struct SecondReading: Sendable {
    private let reading: StatisticalReading

    /// From which probability of danger on it speaks against the rules.
    private struct Limits {
        /// A message in which no rule found anything becomes elevated.
        var raises: Float
        /// The same where a rule was cancelled by an idiom or an exception.
        var raisesCancelled: Float
        /// The same where the rules found words of risk and an excuse for them: a joke, a title, a questionnaire.
        var raisesExcused: Float
        /// The same where they found a denial.
        var raisesDenied: Float
        /// Below this in every stretch, what a rule found is taken for a turn of phrase.
        var lowers: Float
        /// The same for rules of plain words.
        var lowersPlain: Float
        /// In fewer words there is too little to read.
        var fewestWords: Int
        /// Whether it may talk down what was found in words whose spelling was repaired.
        var lowersRepaired: Bool
    }

    /// Counted words alone are easily led astray by a denial, a joke or a message of three words.
    private static let ofWords = Limits(
        raises: 0.5,
        raisesCancelled: .infinity,
        raisesExcused: 0.9,
        raisesDenied: .infinity,
        lowers: 0.05,
        lowersPlain: 0,
        fewestWords: 5,
        lowersRepaired: false
    )
    /// With the sentence encoder reading too. Set on messages of Tests/Evaluation/development that it was not trained on.
    private static let ofWordsAndEncoder = Limits(
        raises: 0.45,
        raisesCancelled: 0.5,
        raisesExcused: 0.6,
        raisesDenied: 0.6,
        lowers: 0.2,
        lowersPlain: 0.1,
        fewestWords: 2,
        lowersRepaired: true
    )
    private let limits: Limits

    init(_ prompts: Prompts) {
        reading = prompts.reading
        limits = prompts.encodedReading == nil ? Self.ofWords : Self.ofWordsAndEncoder
    }

    /// Rules of plain words, which it hardly ever talks down.
    private static let plainRules = ["suicide.", "abuse.", "self-harm.", "es.", "third.", "now."]

    /// The matches after the second reading, the most urgent first.
    ///
    /// - Parameter isExcused: whether a rule matched and was cancelled by an idiom or an exception.
    func weigh(_ matches: [RuleMatch], isExcused: Bool, _ text: ScreenedText) -> [RuleMatch] {
        let tier = matches.first?.tier ?? .none
        guard tier < .imminent else { return matches }
        let danger = text.results.joined().lazy.filter { $0.range.count >= limits.fewestWords }.map(\.danger).max() ?? 0
        if tier.alerts {
            let isRepaired = text.views.contains { $0.text.pieces.contains(where: \.isRepaired) }
            let isPlain = matches.contains { match in
                match.tier.alerts && Self.plainRules.contains { match.ruleID.hasPrefix($0) }
            }
            let limit = isRepaired && !limits.lowersRepaired ? 0 : isPlain ? limits.lowersPlain : limits.lowers
            return danger < limit ? matches.map(lowered) : matches
        }
        // A question about a place says nothing by itself.
        if text.has(.meansQuestion) { return matches }
        let isDenied = matches.contains { $0.notes.contains("negated") }
        let limit =
            isDenied
            ? limits.raisesDenied
            : tier > .none ? limits.raisesExcused : isExcused ? limits.raisesCancelled : limits.raises
        guard danger >= limit else { return matches }
        for (view, results) in zip(text.views, text.results) {
            if let result = results.first(where: { $0.danger == danger }) {
                return [match(of: result, in: view.text)] + matches
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
