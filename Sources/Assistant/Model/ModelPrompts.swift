public import Foundation
public import Knowledge

/// What a language model is told, and how its sentences are checked, from `model.yaml`.
public struct ModelPrompts: Sendable {
    /// The version that the file declares and a digest of the file, so that any change shows: `1+9f86d081`.
    public let version: String
    private let languages: [String: Wording]

    /// What the file holds for one language.
    struct Wording: Sendable {
        let system: String
        let passage: String
        let user: String
        /// Says that a model worded what follows.
        let caption: String
        /// Stands before the quotation where the model's words end early.
        let cut: String
        /// Folded words that say nothing by themselves.
        let freeWords: Set<String>
        let negations: Set<String>
        /// Folded words that count as figures do.
        let exactWords: Set<String>
    }

    private static let keys = [
        "system", "passage", "user", "caption", "cut", "free_words", "negations", "exact_words",
    ]
    /// What has to stand in a template, since without it the model would answer out of the air.
    private static let blanks = ["passage": ["{text}"], "user": ["{passages}", "{question}"]]

    /// Reads `model.yaml` in `directory`. Throws everything that is wrong with it.
    public init(directory: URL) throws(KnowledgeError) {
        try self.init(file: KnowledgeFile.read(directory.appending(path: "model.yaml")))
    }

    init(file: KnowledgeFile) throws(KnowledgeError) {
        let collector = DiagnosticCollector(file: file.path)
        var languages: [String: Wording] = [:]
        var declared = ""
        if let map = YAMLValue.parse(file.text, collector: collector)?
            .map("the model's prompts", keys: ["version"] + ReplyTexts.languages)
        {
            declared = map.string("version") ?? ""
            for language in ReplyTexts.languages {
                guard let value = map.required(language), let part = value.map("a language", keys: Self.keys) else {
                    continue
                }
                languages[language] = Self.wording(part)
            }
        }
        if collector.hasErrors { throw KnowledgeError(collector.diagnostics) }
        self.languages = languages
        var hash: UInt32 = 0x811C_9DC5
        for byte in file.text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        version = declared + "+" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    private static func wording(_ map: YAMLMap) -> Wording {
        func text(_ key: String) -> String {
            let text = map.string(key) ?? ""
            for blank in blanks[key] ?? [] where !text.contains(blank) {
                map[key]?.error("`\(key)` does not hold \(blank)", remedy: "Put \(blank) where it belongs")
            }
            return text
        }
        func words(_ key: String) -> Set<String> {
            _ = map.required(key)
            return Set(map.strings(key).flatMap { Words.of($0) })
        }
        return Wording(
            system: text("system"),
            passage: text("passage"),
            user: text("user"),
            caption: text("caption"),
            cut: text("cut"),
            freeWords: words("free_words"),
            negations: words("negations"),
            exactWords: words("exact_words")
        )
    }

    /// Nil for a language that the assistant does not speak.
    func wording(_ language: String) -> Wording? { languages[language] }

    /// Fills the blanks of a template in one pass, so that a value that holds braces itself is left alone.
    static func fill(_ template: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            result += rest[..<open] + (values[name] ?? String(rest[open...close]))
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
