public import Foundation
public import Knowledge

/// The wording of all mail, from `Prompts/mail`, a file a language. Immutable.
public struct MailWording: Sendable {
    /// The languages that every template must be there in. The first one is for those who read none of them.
    public static let languages = ["en", "es"]

    struct Frame: Sendable {
        let greeting: String
        let linkHint: String
        let footer: String
        /// Whom to call; left out for a practice without a phone.
        let contact: String
        let emergency: String
    }

    struct Words: Sendable {
        let subject: String
        let paragraphs: [String]
        /// What the button says that opens `{link}`.
        let button: String?
        /// What to do when it was not oneself.
        let notYou: String
    }

    private(set) var frames: [String: Frame] = [:]
    private(set) var words: [String: [MailTemplate: Words]] = [:]

    /// Reads the folder `mail` of `prompts`. Throws every error that the files hold.
    public init(prompts: URL) throws(KnowledgeError) {
        let (wording, diagnostics) = Self.read(try Self.files(prompts))
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else { throw KnowledgeError(errors) }
        self = wording
    }

    private init() {}

    /// Everything wrong with the folder `mail` of `prompts`: a language, template or parameter that is missing, and one
    /// that nobody knows.
    public static func check(prompts: URL) -> [Diagnostic] {
        do throws(KnowledgeError) {
            return read(try files(prompts)).diagnostics
        } catch {
            return error.diagnostics
        }
    }

    private static func files(_ prompts: URL) throws(KnowledgeError) -> [KnowledgeFile] {
        let folder = prompts.appending(path: "mail", directoryHint: .isDirectory)
        var files: [KnowledgeFile] = []
        for language in languages { files.append(try .read(folder.appending(path: "\(language).yaml"))) }
        return files
    }

    // MARK: - Reading

    private static let frameKeys = ["greeting", "link_hint", "footer", "contact", "emergency"]
    private static let wordsKeys = ["subject", "paragraphs", "button", "not_you"]

    static func read(_ files: [KnowledgeFile]) -> (wording: MailWording, diagnostics: [Diagnostic]) {
        var wording = MailWording()
        var diagnostics: [Diagnostic] = []
        for file in files {
            let collector = DiagnosticCollector(file: file.path)
            let root = YAMLValue.parse(file.text, collector: collector)
            if let map = root?.map("the mail wording", keys: ["language", "frame", "templates"]),
                let language = map.string("language")
            {
                let named = file.path.split(separator: "/").last?.split(separator: ".").first.map(String.init)
                if named != language {
                    collector.error(
                        line: map["language"]?.line ?? 1,
                        "the file is named for `\(named ?? "")` and says that it is `\(language)`",
                        remedy: "Make `language` and the file's name the same"
                    )
                }
                wording.frames[language] = frame(map)
                wording.words[language] = templates(map)
            }
            diagnostics += collector.diagnostics
        }
        return (wording, diagnostics)
    }

    private static func frame(_ map: YAMLMap) -> Frame? {
        guard let entries = map.required("frame")?.map("`frame`", keys: frameKeys) else { return nil }
        let texts = frameKeys.map { key in
            let text = entries.string(key)
            if let text, let value = entries[key] {
                MailGaps.check(
                    text,
                    of: "`\(key)`",
                    at: value,
                    allowed: key == "contact" ? ["practice", "phone"] : ["practice"]
                )
                if key == "contact", !text.contains("{phone}") {
                    value.error("`contact` does not use `{phone}`", remedy: "Say where to call: {phone}")
                }
            }
            return text ?? ""
        }
        return Frame(greeting: texts[0], linkHint: texts[1], footer: texts[2], contact: texts[3], emergency: texts[4])
    }

    private static func templates(_ map: YAMLMap) -> [MailTemplate: Words] {
        let names = MailTemplate.allCases.map(\.rawValue)
        guard let entries = map.required("templates")?.map("`templates`", keys: names) else { return [:] }
        var all: [MailTemplate: Words] = [:]
        for template in MailTemplate.allCases {
            guard let value = entries.required(template.rawValue),
                let words = value.map("`\(template.rawValue)`", keys: wordsKeys)
            else { continue }
            all[template] = read(words, of: template)
        }
        return all
    }

    private static func read(_ words: YAMLMap, of template: MailTemplate) -> Words? {
        guard let subject = words.string("subject"), let notYou = words.string("not_you") else { return nil }
        let paragraphs = words.strings("paragraphs")
        if paragraphs.isEmpty { words.required("paragraphs")?.error("there is no paragraph", remedy: "Write one") }
        let button = words.optionalString("button")
        let gaps = template.parameters.map(\.rawValue)
        if let value = words["subject"] {
            // Subjects show on locked screens.
            MailGaps.check(subject, of: "the subject", at: value, allowed: ["practice"])
        }
        for value in words.list("paragraphs") + [words["not_you"]].compactMap(\.self) {
            MailGaps.check(
                value.string ?? "",
                of: "`\(template.rawValue)`",
                at: value,
                allowed: gaps.filter { $0 != "link" } + ["practice"]
            )
        }
        if let value = words["button"] {
            MailGaps.check(button ?? "", of: "the button", at: value, allowed: ["practice"])
        }
        let body = (paragraphs + [notYou]).joined(separator: " ")
        for gap in gaps.sorted() where gap != "link" && !body.contains("{\(gap)}") {
            words.value.error("`\(template.rawValue)` does not use `{\(gap)}`", remedy: "Say it in a paragraph")
        }
        if template.parameters.contains(.link) != (button != nil) {
            words.value.error(
                button == nil
                    ? "`\(template.rawValue)` has a link but no button for it"
                    : "`\(template.rawValue)` has a button but no link",
                remedy: button == nil ? "Add `button:` with the words on it" : "Take `button` out"
            )
        }
        return Words(subject: subject, paragraphs: paragraphs, button: button, notYou: notYou)
    }
}

/// The gaps of a wording: `{name}`.
enum MailGaps {
    /// Reports gaps that cannot be filled there, and braces that are none.
    static func check(_ text: String, of what: String, at value: YAMLValue, allowed: [String]) {
        for piece in text.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard let end = piece.firstIndex(of: "}") else {
                value.error("\(what) has a `{` without its `}`", remedy: "Write `{name}`")
                continue
            }
            let name = String(piece[..<end])
            guard !allowed.contains(name) else { continue }
            let choices = allowed.sorted().map { "{\($0)}" }.joined(separator: ", ")
            value.error(
                "\(what) cannot use `{\(name)}`",
                remedy: nearest(to: name, among: allowed).map { "Did you mean `{\($0)}`" }
                    ?? "Choose one of: \(choices)"
            )
        }
    }

    /// Fills every gap in one pass, so that what is filled in can open no gap of its own. What is unknown becomes nothing.
    static func fill(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        for (index, piece) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            if index > 0, let end = piece.firstIndex(of: "}") {
                result += values[String(piece[..<end])] ?? ""
                result += piece[piece.index(after: end)...]
            } else {
                result += piece
            }
        }
        return result
    }
}
