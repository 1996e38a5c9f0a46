public import Foundation
public import Knowledge

/// What is known about words beyond the articles themselves: which carry little meaning, and which mean the same here.
///
/// Read from `stopwords.LANGUAGE.yaml`, `synonyms.LANGUAGE.yaml` and `ordinary.LANGUAGE.yaml`.
public struct Lexicon: Sendable, Hashable {
    /// Words and phrases that stand for one thing in the portal, such as "bill", "owe" and "balance".
    public struct Group: Sendable, Hashable {
        /// Short name of the shared sense; unique in its language.
        public var sense: String
        /// Each of them finds all the others.
        public var words: [String]
        /// Find `words`, but are not found by them: everyday turns of phrase that articles do not use in this sense.
        public var from: [String]
        /// Weight of a match through the group, where the word itself has 1.
        public var weight: Double

        public init(sense: String, words: [String], from: [String] = [], weight: Double = Group.defaultWeight) {
            self.sense = sense
            self.words = words
            self.from = from
            self.weight = weight
        }

        public static let defaultWeight = 0.85
    }

    /// Weight of single words by their folded form: 0 for words that are left out ("the"), up to 1. A word that is not
    /// here has weight 1.
    public private(set) var wordWeights: [Language: [String: Double]] = [:]
    /// Everyday words; an unknown word is taken for a misspelling unless it is here.
    public private(set) var ordinaryWords: [Language: Set<String>] = [:]
    /// Those of them that belong to other subjects than the portal's.
    public private(set) var elsewhereWords: [Language: Set<String>] = [:]
    public private(set) var groups: [Language: [Group]] = [:]

    /// A digest of the files that it was read from; empty where there were none.
    public private(set) var version = ""

    /// A lexicon that knows nothing: every word counts, and stands only for itself.
    public init() {}

    /// Reads the YAML files in `directory`. Throws all faults found in them.
    public init(directory: URL) throws(KnowledgeError) {
        let files = try KnowledgeFile.readAll(below: directory, extensions: ["yaml", "yml"]).filter { file in
            Self.prefixes.contains { file.path.split(separator: "/").last?.hasPrefix($0) == true }
        }
        guard !files.isEmpty else {
            throw KnowledgeError([
                Diagnostic(
                    file: directory.path,
                    line: 1,
                    message: "there are no synonym and stop word files here",
                    remedy: "Add synonyms.en.yaml and stopwords.en.yaml"
                )
            ])
        }
        try self.init(files: files)
    }

    private static let prefixes = ["synonyms.", "stopwords.", "ordinary."]

    /// Reads the given files. Throws all faults found in them.
    public init(files: [KnowledgeFile]) throws(KnowledgeError) {
        var diagnostics: [Diagnostic] = []
        for file in files {
            let collector = DiagnosticCollector(file: file.path)
            read(file, collector)
            diagnostics += collector.diagnostics
        }
        if diagnostics.contains(where: { $0.severity == .error }) { throw KnowledgeError(diagnostics) }
        var digest = TextDigest()
        for file in files { digest.add(file.text) }
        version = digest.text
    }

    private mutating func read(_ file: KnowledgeFile, _ collector: DiagnosticCollector) {
        let keys = ["version", "language", "stop", "light", "ordinary", "elsewhere", "groups"]
        guard let map = YAMLValue.parse(file.text, collector: collector)?.map("the file", keys: keys) else { return }
        _ = map.integer("version")
        guard let language = map.choice("language", Language.self) else { return }
        var weights = wordWeights[language] ?? [:]
        for value in map.list("stop") { add(value, weight: 0, to: &weights) }
        for entry in map.list("light") {
            guard let entry = entry.map("an entry of `light`", keys: ["weight", "words"]),
                let weight = weight(in: entry)
            else { continue }
            for value in entry.list("words") { add(value, weight: weight, to: &weights) }
        }
        wordWeights[language] = weights
        let elsewhere = map.strings("elsewhere").flatMap { Folding.words($0) }
        let ordinary = map.strings("ordinary").flatMap { Folding.words($0) }
        elsewhereWords[language, default: []].formUnion(elsewhere)
        ordinaryWords[language, default: []].formUnion(elsewhere + ordinary)
        readGroups(map.list("groups"), language)
    }

    private func add(_ value: YAMLValue, weight: Double, to weights: inout [String: Double]) {
        let words = Folding.words(value.string ?? "")
        guard let word = words.first, words.count == 1 else {
            value.error("`\(value.string ?? "")` is not a single word", remedy: "Write one word for each entry")
            return
        }
        weights[word] = weight
    }

    private mutating func readGroups(_ values: [YAMLValue], _ language: Language) {
        var senses: Set<String> = Set((groups[language] ?? []).map(\.sense))
        for value in values {
            guard let entry = value.map("a group", keys: ["sense", "words", "from", "weight"]),
                let sense = entry.string("sense")
            else { continue }
            let words = entry.strings("words")
            let from = entry.strings("from")
            if words.isEmpty || words.count + from.count < 2 {
                value.error(
                    "group `\(sense)` needs two words or more, one of them under `words`",
                    remedy: "Add words, or remove the group"
                )
                continue
            }
            for word in words + from where Folding.words(word).isEmpty {
                value.error("group `\(sense)` has an entry without letters", remedy: "Remove `\(word)`")
            }
            guard senses.insert(sense).inserted else {
                value.error("the sense `\(sense)` is there twice", remedy: "Join the two groups or rename one")
                continue
            }
            let weight = entry.has("weight") ? weight(in: entry) ?? Group.defaultWeight : Group.defaultWeight
            groups[language, default: []].append(Group(sense: sense, words: words, from: from, weight: weight))
        }
    }

    private func weight(in map: YAMLMap) -> Double? {
        guard let weight = map.number("weight") else { return nil }
        guard weight > 0, weight <= 1 else {
            map["weight"]?.error(
                "`weight` of \(map.what) is not above 0 and up to 1",
                remedy: "Write a number such as 0.3"
            )
            return nil
        }
        return weight
    }
}
