public import Foundation
public import Knowledge

/// All wording and rules of the assistant, read from the Prompts folder. Immutable.
public struct Prompts: Sendable {
    /// The version that `assistant.yaml` declares, and a digest of the rules and crisis texts, so that any change shows:
    /// `2026.11.1+9f86d081`. A practice's own rules add theirs: `2026.11.1+9f86d081.p3-1b2c3d4e`.
    public internal(set) var version: String
    public let settings: AssistantSettings
    /// Wording of everything that is no crisis panel.
    public let texts: ReplyTexts
    public let resources: ResourceDirectory
    let ruleSet: RuleSet
    let reading: StatisticalReading
    let crisisTexts: CrisisTexts
    let sources: RuleSources
    /// Those of the practice whose messages are read; nil without any.
    var practiceRules: PracticeRuleSet?

    /// Every rule, with its examples; the practice's own last.
    public var rules: [Rule] { ruleSet.rules + (practiceRules?.ruleSet.rules ?? []) }

    /// Reads the folder. Throws every error that the files hold; ``check(directory:)`` also runs the rules' examples.
    public init(directory: URL) throws(KnowledgeError) {
        let settings = try AssistantSettings(directory: directory)
        let texts = try ReplyTexts(directory: directory)
        let files = try RuleFiles(directory: directory)
        let errors = files.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else { throw KnowledgeError(errors) }
        self.settings = settings
        self.texts = texts
        version = settings.version + "+" + files.digest
        resources = files.resources
        ruleSet = files.ruleSet
        sources = files.sources
        reading = files.reading
        crisisTexts = files.crisisTexts
    }

    /// Everything wrong with the folder, and every rule example that does not come out as written.
    public static func check(directory: URL) -> [Diagnostic] {
        do throws(KnowledgeError) {
            return RuleExamples(prompts: try Prompts(directory: directory)).check()
        } catch {
            return error.diagnostics
        }
    }

    /// The names of the features that the statistical reading sees in a text, one list for each stretch of it: what
    /// `Scripts/train-readings` learns from.
    public func features(of text: String) -> [[String]] {
        ScreenedText(text, self).views.flatMap { view in
            StatisticalReading.segments(view).map { segment in
                var names: [String] = []
                TextFeatures(view, segment, classes: reading.classes).forEach { _, name in names.append(name()) }
                return names
            }
        }
    }

    /// How probable the statistical reading finds each of its outcomes in each stretch of a text: seven of danger
    /// (none, support, suicide, third, abuse, harm, health), seven of requests (answer, clinical, medication, diagnosis,
    /// injection, privacy, offtopic).
    public func outcomes(of text: String) -> [[Float]] {
        ScreenedText(text, self).results.joined().map { result in
            (0..<7).map { result.crisis[$0] } + (0..<7).map { result.requests[$0] }
        }
    }

    // MARK: Crisis panels

    /// The panel for a flagged questionnaire answer or another sign that was not a message.
    public func panel(tier: CrisisTier, language: String, region: String) -> CrisisPanel {
        let situation: CrisisSituation =
            switch tier {
            case .none, .support: .support
            case .elevated: .selfElevated
            case .high: .selfHigh
            case .imminent: .selfImminent
            }
        return panel(situation, tier: tier, categories: [], language: language, region: region)
    }

    /// The panel for what the screen found in a message.
    public func panel(for finding: CrisisFinding, language: String, region: String) -> CrisisPanel {
        panel(
            CrisisSituation(finding),
            tier: finding.tier,
            categories: finding.categories,
            language: language,
            region: region
        )
    }

    private func panel(
        _ situation: CrisisSituation,
        tier: CrisisTier,
        categories: [String],
        language: String,
        region: String
    )
        -> CrisisPanel
    {
        guard let words = crisisTexts.situation(situation, language) else { return .fallback(language: language) }
        let purposes = Set(categories).union([tier.rawValue, situation.rawValue])
        let found = resources.resources(for: purposes, region: region, language: language)
        return CrisisPanel(
            situation: situation,
            lead: words.lead,
            resources: found.isEmpty ? CrisisPanel.fallback(language: language).resources : found,
            lines: words.lines + (tier.alerts ? [crisisTexts.text("not_watched", language)] : []),
            language: language,
            quickExit: situation == .abuse ? crisisTexts.text("quick_exit", language) : nil
        )
    }

    /// The sentence that a service adds to a panel once the alert has been stored, and not before.
    public func alertSent(language: String) -> String { crisisTexts.text("alert_sent", language) }
    /// The line that keeps help in reach later in a conversation that held a risk.
    public func stillHere(language: String) -> String { crisisTexts.text("still_here", language) }
    /// The line for a message that takes an earlier one back.
    public func afterRetraction(language: String) -> String { crisisTexts.text("retraction", language) }
}
