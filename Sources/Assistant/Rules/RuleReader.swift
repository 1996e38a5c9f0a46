import Knowledge

/// Reads the rule files of one folder into a rule set, and reports everything that is wrong with them.
struct RuleReader {
    private var compiler = PatternCompiler()
    private var rules: [Rule] = []
    private var needing: Set<Int> = []
    private var patterns: [Pattern] = []
    private var knownIDs: [String: String] = [:]
    private(set) var diagnostics: [Diagnostic] = []

    /// Rule files whose rules may have the same levels.
    struct Folder {
        let files: [KnowledgeFile]
        /// The tiers or actions that a rule may have.
        let levels: [String]
        var screen = Rule.Screen.crisis
        /// Without, only their words, classes and contexts are read.
        var readsRules = true
    }

    private static let fileKeys = [
        "language", "category", "note", "expansions", "misspelled", "real_words", "classes", "contexts", "rules",
    ]
    private static let ruleKeys = [
        "id", "category", "tier", "action", "reason", "language", "subject", "negation", "time", "figurative",
        "patterns", "unless",
        "needs", "hits", "misses",
    ]

    /// Reads `files`, whose rules may have these levels.
    static func read(_ files: [KnowledgeFile], levels: [String]) -> (ruleSet: RuleSet, diagnostics: [Diagnostic]) {
        read([Folder(files: files, levels: levels)])
    }

    /// Reads the files of all folders into one rule set. Those whose name begins with `lexicon` come first, since the
    /// others use their classes.
    static func read(_ folders: [Folder]) -> (ruleSet: RuleSet, diagnostics: [Diagnostic]) {
        var reader = RuleReader()
        func isLexicon(_ file: KnowledgeFile) -> Bool {
            file.path.split(separator: "/").last?.hasPrefix("lexicon") ?? false
        }
        let all = folders.flatMap { folder in folder.files.map { (file: $0, folder: folder) } }
        var parsed: [(map: YAMLMap, collector: DiagnosticCollector, folder: Folder)] = []
        for (file, folder) in all.filter({ isLexicon($0.file) }) + all.filter({ !isLexicon($0.file) }) {
            let collector = DiagnosticCollector(file: file.path)
            if let map = YAMLValue.parse(file.text, collector: collector)?.map("the rule file", keys: fileKeys) {
                parsed.append((map, collector, folder))
            } else {
                reader.diagnostics += collector.diagnostics
            }
        }
        // Spelling first, so that every class is written in spelled-out words; then classes; then what uses them.
        for file in parsed { reader.readSpelling(file.map) }
        for file in parsed { reader.readClasses(file.map) }
        reader.readMisspelled(parsed.map(\.map))
        for file in parsed {
            reader.readContexts(file.map)
            if file.folder.readsRules { reader.readRules(file.map, of: file.folder) }
            reader.diagnostics += file.collector.diagnostics
        }
        return (reader.ruleSet(), reader.diagnostics)
    }

    private func ruleSet() -> RuleSet {
        RuleSet(compiler: compiler, rules: rules, needing: needing, patterns: patterns)
    }

    private mutating func readSpelling(_ file: YAMLMap) {
        for entry in file["expansions"]?.entries ?? [] {
            guard let text = entry.value.string else { continue }
            compiler.vocabulary.addExpansion(entry.key, text.split(separator: " ").map(String.init))
        }
        for word in file.strings("real_words") {
            for one in word.split(separator: " ") { compiler.vocabulary.addRealWord(String(one)) }
        }
    }

    private mutating func readMisspelled(_ files: [YAMLMap]) {
        for file in files {
            for line in file.strings("misspelled") {
                for word in line.split(separator: " ").map(String.init) {
                    _ = compiler.vocabulary.intern(word)
                    compiler.vocabulary.addHead(word)
                }
            }
        }
    }

    private mutating func readClasses(_ file: YAMLMap) {
        for entry in file["classes"]?.entries ?? [] {
            if compiler.hasClass(entry.key) {
                file.collector.error(
                    line: entry.line,
                    "the word class `\(entry.key)` is defined twice",
                    remedy: "Join the two, or rename one"
                )
                continue
            }
            guard let entries = entry.value.list?.flatMap({ $0.list ?? [$0] }), !entries.isEmpty else {
                entry.value.error("the word class `\(entry.key)` is empty", remedy: "List its words")
                continue
            }
            compiler.define(entry.key, entries: entries)
        }
    }

    private mutating func readContexts(_ file: YAMLMap) {
        for entry in file["contexts"]?.entries ?? [] {
            guard let list = entry.value.list, !list.isEmpty else {
                entry.value.error("the context `\(entry.key)` is empty", remedy: "List its patterns")
                continue
            }
            guard let context = Context(rawValue: entry.key) else {
                entry.value.error(
                    "there is no context `\(entry.key)`",
                    remedy: nearest(to: entry.key, among: Context.allCases.map(\.rawValue)).map {
                        "Did you mean `\($0)`"
                    }
                        ?? "The contexts are: \(Context.allCases.map(\.rawValue).joined(separator: ", "))"
                )
                continue
            }
            add(list, owner: .context(context))
        }
    }

    private mutating func add(_ values: [YAMLValue], owner: Pattern.Owner) {
        for value in values {
            for steps in compiler.compile(value) { patterns.append(Pattern(owner: owner, steps: steps)) }
        }
    }

    private mutating func readRules(_ file: YAMLMap, of folder: Folder) {
        let language = file.optionalString("language") ?? "en"
        let category = file.optionalString("category")
        for value in file.list("rules") {
            guard let map = value.map("the rule", keys: Self.ruleKeys), let id = map.string("id") else { continue }
            if let other = knownIDs[id] {
                value.error("the rule id `\(id)` is already used at \(other)", remedy: "Give it another id")
                continue
            }
            knownIDs[id] = "\(file.collector.file):\(value.line)"
            readRule(map, id: id, language: language, category: category, of: folder)
        }
    }

    private mutating func readRule(
        _ map: YAMLMap,
        id: String,
        language: String,
        category: String?,
        of folder: Folder
    ) {
        let level = map.optionalString("tier") ?? map.optionalString("action") ?? ""
        if !folder.levels.contains(level) {
            map.value.error(
                "rule `\(id)` has no valid tier or action: `\(level)`",
                remedy: "Choose one of: \(folder.levels.joined(separator: ", "))"
            )
        }
        guard let category = map.optionalString("category") ?? category else {
            map.value.error("rule `\(id)` has no category", remedy: "Add `category:` to the rule or its file")
            return
        }
        let number = rules.count
        let written = map.list("patterns")
        if written.isEmpty {
            map.value.error("rule `\(id)` has no patterns", remedy: "Add at least one under `patterns:`")
        }
        add(written, owner: .rule(number))
        add(map.list("unless"), owner: .unless(number))
        if map.has("needs") {
            needing.insert(number)
            add(map.list("needs"), owner: .needs(number))
        }
        func examples(_ key: String) -> [Rule.Example] {
            let examples = map.list(key).compactMap { value in
                value.string.map { Rule.Example(text: $0, line: value.line) }
            }
            if examples.isEmpty {
                map.value.error("rule `\(id)` has no `\(key)`", remedy: "Add at least one example under `\(key):`")
            }
            return examples
        }
        rules.append(
            Rule(
                id: id,
                screen: folder.screen,
                category: category,
                level: level,
                reason: map.string("reason") ?? "",
                language: map.optionalString("language") ?? language,
                subject: map.optionalChoice("subject", Rule.Subject.self) ?? .auto,
                isNegatable: map.optionalBoolean("negation") ?? true,
                isTimed: map.optionalBoolean("time") ?? true,
                isFigurative: map.optionalBoolean("figurative") ?? true,
                hits: examples("hits"),
                misses: examples("misses"),
                file: map.collector.file,
                line: map.line
            )
        )
    }
}
