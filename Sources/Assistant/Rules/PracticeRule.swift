public import Knowledge

/// A rule that a practice adds to the built-in ones, in the format of the rule files.
public struct PracticeRule: Sendable, Hashable, Codable {
    /// Begins with ``PracticeRule/prefix``, so that no built-in rule ever has it.
    public let id: String
    public let screen: Rule.Screen
    /// The rule as it stands in a rule file, without the dash before it.
    public let source: String

    /// What the ids of practices' rules begin with.
    public static let prefix = "practice."
    /// Longest source, in UTF-8 bytes.
    public static let longestSource = 20_000
    /// Most rules of a practice.
    public static let mostRules = 100

    public init(id: String, screen: Rule.Screen, source: String) {
        self.id = id
        self.screen = screen
        self.source = source
    }

    /// The rule as a file of one rule. Its source stands below one line, and four columns in.
    var file: KnowledgeFile {
        let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let indented = lines.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
        return KnowledgeFile(path: "\(id).yaml", text: "rules:\n" + indented.joined(separator: "\n") + "\n")
    }

    /// What is wrong with the rule before it is read: what could make reading it slow, or lets it be more than one rule.
    func faults() -> [Diagnostic] {
        var faults: [Diagnostic] = []
        func fault(_ message: String, _ remedy: String) {
            faults.append(Diagnostic(file: id, line: 1, message: message, remedy: remedy))
        }
        let name = id.dropFirst(Self.prefix.count)
        if !id.hasPrefix(Self.prefix) || name.isEmpty || id.utf8.count > 60
            || !name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 0x2D })
        {
            fault("the id is `\(id)`", "Write `\(Self.prefix)` and then lower-case letters, digits and hyphens")
        }
        if source.utf8.count > Self.longestSource || source.utf8.contains(0) {
            fault("the rule is longer than \(Self.longestSource) bytes", "Make two rules of it")
        }
        let collector = DiagnosticCollector(file: id)
        if let map = YAMLValue.parse(source, collector: collector)?.map("the rule", keys: Self.keys) {
            if map.optionalString("id") != id { fault("the rule names another id", "Write `id: \(id)`") }
            if screen == .crisis, map.has("action") { fault("a crisis rule has no action", "Write `tier:`") }
            if screen == .guardrails, map.has("tier") { fault("a guardrail has no tier", "Write `action:`") }
            if map.optionalString("action") == GuardrailAction.allow.rawValue {
                fault("the rule would lift built-in guardrails", "Write `action: refuse` or `action: warn`")
            }
            let patterns = ["patterns", "unless", "needs"].flatMap { map.list($0) }.compactMap(\.string)
            if patterns.count > 60 { fault("the rule has more than 60 patterns", "Make two rules of it") }
            for pattern in patterns where pattern.count > 500 || Self.breadth(pattern) > 5000 {
                fault("the pattern `\(pattern.prefix(60))…` stands for too many phrases", "Split it")
            }
            if ["hits", "misses"].contains(where: { map.list($0).count > 100 }) {
                fault("the rule has more than 100 examples", "Keep those that show a difference")
            }
        }
        faults += collector.diagnostics
        // An alias lets a short text stand for a very long one.
        if source.contains(/(?m)(?:^|[\s\[,:-])[&*][A-Za-z0-9_]/) {
            fault("the rule holds an anchor or an alias of YAML", "Write the text out")
        }
        return faults
    }

    private static let keys = [
        "id", "category", "tier", "action", "reason", "language", "subject", "negation", "time", "figurative",
        "patterns", "unless", "needs", "hits", "misses",
    ]

    /// Bound on the phrases that the groups of a pattern stand for together.
    static func breadth(_ pattern: String) -> Int {
        var product = 1
        var open: [Int] = []
        for character in pattern {
            switch character {
            case "(": open.append(2)
            case "|": if let last = open.indices.last { open[last] += 1 }
            case ")":
                product = min(product.multipliedReportingOverflow(by: open.popLast() ?? 1).partialValue, 1_000_000)
            default: break
            }
        }
        return product
    }
}

/// A practice's rules, read. They are matched apart from the built-in ones, with the same words, classes and contexts: so
/// they add to what those find, and can take nothing of it away, not even by a word that changes how another is repaired.
struct PracticeRuleSet: Sendable {
    let ruleSet: RuleSet

    func readings(_ text: String) -> [Reading] { ScreenedText.readings(text, ruleSet).readings }
}

extension Prompts {
    /// What is wrong with these rules: how they are written, which of their examples do not come out as written, and on which
    /// built-in examples they fire. The built-in rules' own outcomes they cannot change.
    public func check(_ rules: [PracticeRule]) -> [Diagnostic] {
        do throws(KnowledgeError) {
            let candidate = try adding(rules, version: 0)
            return RuleExamples(prompts: candidate).check(candidate.practiceRules?.ruleSet.rules ?? [])
                + candidate.strays()
        } catch {
            return error.diagnostics
        }
    }

    /// The same with a practice's rules beside the built-in ones, which stay as they are. The version names both.
    ///
    /// Throws every fault of the rules.
    public func adding(_ rules: [PracticeRule], version number: Int) throws(KnowledgeError) -> Prompts {
        var copy = self
        guard !rules.isEmpty else {
            copy.practiceRules = nil
            return copy
        }
        var faults = rules.flatMap { $0.faults() }
        if rules.count > PracticeRule.mostRules {
            faults.append(
                Diagnostic(
                    file: "rules",
                    line: 1,
                    message: "there are more than \(PracticeRule.mostRules) rules",
                    remedy: "Remove those that the built-in ones cover"
                )
            )
        }
        guard faults.isEmpty else { throw KnowledgeError(faults) }
        let tiers = CrisisTier.allCases.map(\.rawValue).filter { $0 != CrisisTier.none.rawValue }
        let actions = GuardrailAction.allCases.filter { $0 != .allow }.map(\.rawValue)
        func own(_ screen: Rule.Screen) -> [KnowledgeFile] { rules.filter { $0.screen == screen }.map(\.file) }
        let read = RuleReader.read([
            .init(files: sources.crisis, levels: tiers, readsRules: false),
            .init(files: sources.guardrails, levels: actions, screen: .guardrails, readsRules: false),
            .init(files: own(.crisis), levels: tiers),
            .init(files: own(.guardrails), levels: actions, screen: .guardrails),
        ])
        // The line of the source: the file has one more before it.
        let errors = read.diagnostics.filter { $0.severity == .error }.map { finding in
            var finding = finding
            finding.line = max(1, finding.line - 1)
            return finding
        }
        let crisisCategories = Set(ruleSet.rules.filter { $0.screen == .crisis }.map(\.category))
        let unknown = read.ruleSet.rules.compactMap { rule -> Diagnostic? in
            let known =
                rule.screen == .crisis ? crisisCategories : Set(GuardrailCategory.allCases.map(\.rawValue))
            guard !known.contains(rule.category) else { return nil }
            return Diagnostic(
                file: rule.file,
                line: 1,
                message: "rule `\(rule.id)` has the unknown category `\(rule.category)`",
                remedy: "Choose one of: \(known.sorted().joined(separator: ", "))"
            )
        }
        guard errors.isEmpty, unknown.isEmpty else { throw KnowledgeError(errors + unknown) }
        copy.practiceRules = PracticeRuleSet(ruleSet: read.ruleSet)
        var hash = TextDigest()
        for rule in rules.sorted(by: { $0.id < $1.id }) {
            hash.add("\(rule.screen.rawValue)\n\(rule.id)\n\(rule.source)\n")
        }
        copy.practiceVersion = ".p\(number)-\(String(hash.text.prefix(8)))"
        return copy
    }

    /// The practice's own rules that fire on a text, each once and in order: all that differs from the built-in screens.
    public func practiceRules(on text: String) -> [String] {
        guard let practiceRules else { return [] }
        // Rules match words; the encoder has no say in which of them do.
        var prompts = self
        prompts.encodedReading = nil
        let crisis = CrisisScreen(prompts).practiceMatches(ScreenedText(text, prompts)).filter { $0.tier > .none }.map(
            \.ruleID
        )
        let guardrails = practiceRules.readings(text).flatMap { reading in
            GuardrailScreen.matches(in: reading).map(\.rule.id)
        }
        return Set(crisis + guardrails).sorted()
    }

    /// Texts that a built-in rule must leave alone, on which one of the practice's fires.
    private func strays() -> [Diagnostic] {
        ruleSet.rules.flatMap { rule in
            rule.misses.flatMap { example in
                practiceRules(on: example.text).map { id in
                    Diagnostic(
                        file: "\(id).yaml",
                        line: 1,
                        severity: .warning,
                        message: "rule \(id) fires on “\(example.text)”, which `\(rule.id)` is meant to leave alone",
                        remedy: "Read whether that is meant"
                    )
                }
            }
        }
    }
}
