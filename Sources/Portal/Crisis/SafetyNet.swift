public import Assistant
public import Records
import Store

/// The crisis screen and its resources, for every place where a client writes. Needs no database and cannot fail.
public struct SafetyNet: Sendable {
    private let rules: RuleShelf
    private let crisisScreen: CrisisScreen
    private var prompts: Prompts { rules.builtIn }

    init(rules: RuleShelf) {
        self.rules = rules
        crisisScreen = CrisisScreen(rules.builtIn)
    }

    /// Screens one text on its own with the built-in rules.
    public func screen(_ text: String) -> CrisisFinding { crisisScreen.screen(text) }

    /// The same with the practice's own rules beside them.
    public func screen(_ text: String, of practice: ID<Practice>) -> CrisisFinding {
        CrisisScreen(rules.prompts(of: practice)).screen(text)
    }

    /// The help to show for a tier.
    public func panel(for tier: CrisisTier, language: String, region: String) -> CrisisPanel {
        prompts.panel(tier: tier, language: language, region: region)
    }

    /// Writes down a finding and, when it calls for it, raises the alert, in the transaction of what was written.
    func record(
        _ finding: CrisisFinding,
        text: String,
        source: CrisisEvent.Source,
        sourceID: String,
        access: ClientAccess,
        alerts: AlertService,
        surroundings: Surroundings
    ) throws {
        let bytes = Array(text.utf8)
        // Several rules may match the same words.
        let ranges = Set(finding.matches.map { $0.range.clamped(to: 0..<bytes.count) }).sorted {
            $0.lowerBound < $1.lowerBound
        }
        let spans = ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
        let alert =
            finding.alert
            ? try alerts.raise(
                AlertSignal(
                    kind: .crisisText,
                    severity: finding.tier.severity,
                    source: source.rawValue,
                    sourceID: sourceID,
                    episodeKey: "text",
                    summary: summary(finding, source, words: spans),
                    followsOn: finding.followsOn
                ),
                under: access
            ) : nil
        try CrisisEvent(
            id: surroundings.newID(),
            clientID: access.clientID,
            accountID: access.principal.accountID,
            source: source,
            sourceID: sourceID,
            tier: finding.tier,
            subject: finding.subject.rawValue,
            categories: finding.categories.joined(separator: ","),
            ruleCodes: finding.matches.map(\.ruleID).joined(separator: ","),
            matchedSpans: SealedText(spans.joined(separator: " … ")),
            rulesVersion: finding.ruleSetVersion,
            alertID: alert,
            at: access.now
        ).record(access.onward(.create, on: .alerts, work: "crisis.record", entity: "crisis_events"))
        if finding.alert {
            try access.append(DomainEvent("crisis.detected", subject: sourceID), ids: surroundings)
        }
    }

    /// What the clinician reads: kind, urgency, and the words that matched. The rest of the conversation stays the client's.
    private func summary(_ finding: CrisisFinding, _ source: CrisisEvent.Source, words: [String]) -> String {
        let place =
            switch source {
            case .chat: "to the assistant"
            case .message: "in a message"
            case .assessment: "in a questionnaire"
            case .journal: "in a shared journal entry"
            case .mood: "with a shared mood entry"
            case .form: "in a form"
            }
        let whose =
            switch finding.subject {
            case .writer: "about themselves"
            case .thirdParty: "about somebody else"
            case .other: "about somebody they may harm"
            }
        let said =
            words.isEmpty
            ? "Nothing new in these words; they follow on what was written before."
            : "Words: \(words.map { "“\($0)”" }.joined(separator: " … "))"
        return
            "Wrote \(place) \(whose): \(finding.categories.joined(separator: ", ")), tier \(finding.tier.rawValue). \(said)"
    }
}
