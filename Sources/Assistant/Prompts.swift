public import Encoder
public import Foundation
public import Knowledge

/// All wording and rules of the assistant, read from the Prompts folder. Immutable.
public struct Prompts: Sendable {
    /// What the screens read by, so that any change shows: the version that `assistant.yaml` declares and a digest of the
    /// rules and crisis texts, `2026.11.1+9f86d081`; `.encoder-` and the encoder's where one reads beside the words; `.p`
    /// and the version of a practice's own rules, `.p3-1b2c3d4e`.
    public var version: String {
        filesVersion + (encodedReading.map { ".encoder-" + $0.encoder.weightsDigest.prefix(8) } ?? "") + practiceVersion
    }
    private let filesVersion: String
    /// Empty without rules of a practice's own.
    var practiceVersion = ""
    /// A digest of the wording and settings beside the rules, so that any change of theirs shows, too.
    public let wordingVersion: String
    public let settings: AssistantSettings
    /// Wording of everything that is no crisis panel.
    public let texts: ReplyTexts
    public let resources: ResourceDirectory
    /// What a language model is told, where one is used.
    public let model: ModelPrompts
    let ruleSet: RuleSet
    let reading: StatisticalReading
    /// What reads beside the words where there is a sentence encoder.
    var encodedReading: EncodedReading?
    private let head: TokenHead?
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
        let model = try ModelPrompts(directory: directory)
        let files = try RuleFiles(directory: directory)
        let errors = files.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else { throw KnowledgeError(errors) }
        self.settings = settings
        self.texts = texts
        self.model = model
        filesVersion = settings.version + "+" + files.digest
        var wording = TextDigest()
        for name in ["assistant.yaml", "replies.en.yaml", "replies.es.yaml"] {
            wording.add(try KnowledgeFile.read(directory.appending(path: name)).text)
        }
        wordingVersion = wording.text
        resources = files.resources
        ruleSet = files.ruleSet
        sources = files.sources
        reading = files.reading
        head = files.head
        crisisTexts = files.crisisTexts
    }

    /// The same with a sentence encoder reading beside the words, or without one.
    ///
    /// An encoder that `readings/head.safetensors` was not trained on reads nothing.
    public func reading(with encoder: SentenceEncoder?) -> Prompts {
        var prompts = self
        prompts.encodedReading = encoder.flatMap { encoder in
            head.flatMap { EncodedReading(encoder: encoder, head: $0) }
        }
        return prompts
    }

    /// Everything wrong with the folder, and every rule example that does not come out as written, by the words alone and
    /// with `encoder` reading beside them.
    public static func check(directory: URL, encoder: SentenceEncoder? = nil) -> [Diagnostic] {
        do throws(KnowledgeError) {
            let prompts = try Prompts(directory: directory)
            let plain = RuleExamples(prompts: prompts).check()
            let encoded = prompts.reading(with: encoder)
            guard encoded.encodedReading != nil else { return plain }
            return plain + RuleExamples(prompts: encoded).check().filter { !plain.contains($0) }
        } catch {
            return error.diagnostics
        }
    }

    /// The names of the features that the statistical reading sees in a text, one list for each stretch of it: what
    /// `Scripts/train-readings` learns from.
    public func features(of text: String) -> [[String]] {
        ScreenedText(text, self).views.flatMap { view in
            StatisticalReading.segments(view.text).map { segment in
                var names: [String] = []
                TextFeatures(view.text, segment, classes: reading.classes).forEach { _, name in names.append(name()) }
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
