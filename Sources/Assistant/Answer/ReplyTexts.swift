public import Foundation
public import Knowledge

/// The assistant's own words, and the phrases by which it knows small talk, from `replies.en.yaml` and `replies.es.yaml`.
public struct ReplyTexts: Sendable {
    /// A text by name. `{practice}`, `{question}`, `{title}` and the like are replaced when it is used.
    enum Key: String, CaseIterable, Sendable {
        case disclosure, empty, handover, clarify, abstain, redacted, also, draft, from
        case hello, thanks, goodbye, wellbeing, identity, capabilities, feelings
        case abstainNear = "abstain_near"
        case abstainNone = "abstain_none"
        case refuseDiagnosis = "refuse_diagnosis"
        case refuseMedication = "refuse_medication"
        case refuseClinical = "refuse_clinical"
        case refuseInjection = "refuse_injection"
        case refusePrivacy = "refuse_privacy"
        case refuseOfftopic = "refuse_offtopic"
        case refuseCan = "refuse_can"
        case refuseRelated = "refuse_related"
        case abuseCalm = "abuse_calm"
        case otherQuestion = "other_question"
        case otherLanguage = "other_language"
        case safeFallback = "safe_fallback"
        case draftEmpty = "draft_empty"
        case linkMessage = "link_message"
        case linkHelp = "link_help"
        case practice
        case teamThere = "team_there"
        case teamThereOpen = "team_there_open"
        case teamAway = "team_away"
        case teamAwayOpen = "team_away_open"
    }

    /// The phrases of one language.
    struct Phrases: Sendable {
        let smallTalk: [SmallTalk: [Cue]]
        /// Words around small talk that say nothing: "ok", "so", "please".
        let fillers: [Cue]
        /// Beginnings that go on about what was said before: "and", "what about".
        let followUps: [Cue]
        /// Words that stand for something said before: "it", "that one".
        let pronouns: [Cue]
        /// What joins two questions into one sentence: "and also".
        let joints: [Cue]
        /// Beginnings of questions and requests.
        let questionStarts: [Cue]
        /// Words that say nothing about the subject: "how", "long", "please".
        let lightWords: Set<String>
        /// Words that only say when or how much: "January", "really".
        let noise: Set<String>
        /// Words that begin another clause: "and", "because".
        let connectors: Set<String>
        let firstChoice: [Cue]
        let secondChoice: [Cue]
        /// What must never be in a reply: a diagnosis, a promise that somebody is watching.
        let neverSay: [Cue]
    }

    /// Languages that the assistant speaks.
    static let languages = ["en", "es"]

    private let texts: [String: [Key: String]]
    private let phrases: [String: Phrases]

    /// Reads `replies.en.yaml` and `replies.es.yaml` in `directory`. Throws everything that is wrong with them.
    public init(directory: URL) throws(KnowledgeError) {
        var texts: [String: [Key: String]] = [:]
        var phrases: [String: Phrases] = [:]
        var diagnostics: [Diagnostic] = []
        for language in Self.languages {
            let file = try KnowledgeFile.read(directory.appending(path: "replies.\(language).yaml"))
            let collector = DiagnosticCollector(file: file.path)
            if let map = YAMLValue.parse(file.text, collector: collector)?.map("the replies", keys: Self.keys) {
                texts[language] = Self.texts(map)
                phrases[language] = Self.phrases(map)
            }
            diagnostics += collector.diagnostics.filter { $0.severity == .error }
        }
        if !diagnostics.isEmpty { throw KnowledgeError(diagnostics) }
        self.texts = texts
        self.phrases = phrases
    }

    private static let keys = [
        "language", "texts", "small_talk", "light_words", "noise", "connectors", "fillers", "follow_ups", "pronouns",
        "joints", "question_starts", "first_choice",
        "second_choice", "never_say",
    ]

    private static func texts(_ map: YAMLMap) -> [Key: String] {
        guard let map = map.required("texts")?.map("the texts", keys: Key.allCases.map(\.rawValue)) else { return [:] }
        var texts: [Key: String] = [:]
        for key in Key.allCases { texts[key] = map.string(key.rawValue) }
        return texts
    }

    private static func phrases(_ map: YAMLMap) -> Phrases {
        let smallTalk = map.required("small_talk")?.map("the small talk", keys: SmallTalk.allCases.map(\.rawValue))
        var cues: [SmallTalk: [Cue]] = [:]
        for kind in SmallTalk.allCases { cues[kind] = smallTalk?.cues(kind.rawValue) }
        func words(_ key: String) -> Set<String> {
            _ = map.required(key)
            return Set(map.strings(key).flatMap { Words.of($0) })
        }
        return Phrases(
            smallTalk: cues,
            fillers: map.cues("fillers"),
            followUps: map.cues("follow_ups"),
            pronouns: map.cues("pronouns"),
            joints: map.cues("joints"),
            questionStarts: map.cues("question_starts"),
            lightWords: words("light_words").union(words("noise")),
            noise: words("noise"),
            connectors: words("connectors"),
            firstChoice: map.cues("first_choice"),
            secondChoice: map.cues("second_choice"),
            neverSay: map.cues("never_say")
        )
    }

    /// The text in `language`, else in English, with each `{name}` replaced.
    func text(_ key: Key, _ language: String, _ values: [String: String] = [:]) -> String {
        let text = texts[language]?[key] ?? texts["en"]?[key] ?? ""
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result = ""
        var rest = text[...]
        // One pass, so that a value that holds braces itself is left alone.
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            result += rest[..<open] + (values[name] ?? "")
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// The words of `words` that say what a message is about.
    static func content(_ words: [String], _ phrases: [Phrases]) -> [String] {
        words.filter { word in !phrases.contains { $0.lightWords.contains(word) } }
    }

    /// The phrases of every language, that of the conversation first.
    func phrases(_ language: String) -> [Phrases] {
        ([language] + Self.languages.filter { $0 != language }).compactMap { phrases[$0] }
    }
}
