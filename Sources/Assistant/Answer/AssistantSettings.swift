public import Foundation
public import Knowledge

/// Thresholds and limits of the assistant, from `assistant.yaml`.
public struct AssistantSettings: Sendable, Hashable {
    /// Version that the file declares.
    public let version: String
    /// Confidence (0 to 1) from which an article answers by itself.
    public let answerAt: Double
    /// Confidence from which two articles are offered as a question back.
    public let clarifyAt: Double
    /// Two articles whose confidence differs by less are too close to choose between…
    public let ambiguityMargin: Double
    /// …unless the first has at least this confidence.
    public let sureAt: Double
    /// Confidence from which an ordinary question beside a crisis is answered below the panel.
    public let besideCrisisAt: Double
    /// Confidence from which a refusal also quotes the nearest article.
    public let besideRefusalAt: Double
    /// Words of a message that counts as too thin to stand alone, after a turn with a topic.
    public let thinWords: Int
    /// Most questions of one message that are answered.
    public let mostQuestions: Int
    /// Most passages quoted for one question.
    public let mostPassages: Int
    /// Most words quoted for one question, unless it is a list of steps.
    public let mostWords: Int
    /// Seconds between two notices that the assistant is automated.
    public let disclosureInterval: Double
    /// Articles about reaching a person, best first: the topics of a hand-over that is about nothing else.
    public let handoverTopics: [String]
    /// Phone numbers that may stand in an answer, as digits.
    public let listedNumbers: Set<String>
    /// Folded words for things that no practice's portal deals with: a message about one of them is not answered
    /// unless the article holds the word.
    public let outsideWords: Set<String>

    private static let keys = [
        "version", "answer_at", "clarify_at", "ambiguity_margin", "sure_at", "beside_crisis_at", "beside_refusal_at",
        "thin_words", "most_questions", "most_passages", "most_words", "disclosure_hours",
        "handover_topics", "listed_numbers", "outside_words",
    ]

    /// Reads `assistant.yaml` in `directory`. Throws everything that is wrong with it.
    public init(directory: URL) throws(KnowledgeError) {
        let file = try KnowledgeFile.read(directory.appending(path: "assistant.yaml"))
        let collector = DiagnosticCollector(file: file.path)
        guard let map = YAMLValue.parse(file.text, collector: collector)?.map("the settings", keys: Self.keys) else {
            throw KnowledgeError(collector.diagnostics)
        }
        func share(_ key: String) -> Double {
            guard let value = map.number(key) else { return 0 }
            if !(0...1).contains(value) {
                map[key]?.error("`\(key)` is not between 0 and 1", remedy: "Write a share such as 0.5")
            }
            return value
        }
        func count(_ key: String) -> Int {
            guard let value = map.integer(key) else { return 1 }
            if value < 1 { map[key]?.error("`\(key)` is less than 1", remedy: "Write a number from 1 up") }
            return value
        }
        version = map.string("version") ?? ""
        answerAt = share("answer_at")
        clarifyAt = share("clarify_at")
        ambiguityMargin = share("ambiguity_margin")
        sureAt = share("sure_at")
        besideCrisisAt = share("beside_crisis_at")
        besideRefusalAt = share("beside_refusal_at")
        thinWords = count("thin_words")
        mostQuestions = count("most_questions")
        mostPassages = count("most_passages")
        mostWords = count("most_words")
        disclosureInterval = max(0, map.number("disclosure_hours") ?? 3) * 3600
        handoverTopics = map.strings("handover_topics")
        listedNumbers = Set(map.strings("listed_numbers").map { String($0.filter(\.isASCIIDigit)) })
        outsideWords = Set(
            map.strings("outside_words").flatMap { $0.split(whereSeparator: \.isWhitespace) }.flatMap { Words.of($0) }
        )
        if clarifyAt > answerAt {
            map["clarify_at"]?.error("`clarify_at` is above `answer_at`", remedy: "Lower it")
        }
        if collector.hasErrors { throw KnowledgeError(collector.diagnostics) }
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
