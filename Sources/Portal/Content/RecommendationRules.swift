import Foundation
import Knowledge

/// What is recommended for what, from `recommendations.yaml`.
struct RecommendationRules: Sendable {
    struct Questionnaire: Sendable {
        let instrument: String
        /// Lowest total for which it applies.
        let from: Double
        let articles: [String]
    }
    struct Homework: Sendable {
        let kind: HomeworkAssignment.HomeworkType
        let articles: [String]
    }
    struct Reasons: Sendable {
        let questionnaire: String
        let homework: String
        let reading: String
        let worksheet: String
        /// Beside the way to help, for somebody whose answers told of danger.
        let help: String
    }

    let questionnaires: [Questionnaire]
    let homework: [Homework]
    /// Topics whose articles are exercises.
    let exerciseTopics: Set<String>
    /// Topics whose articles are never recommended.
    let neverTopics: Set<String>
    private let reasons: [String: Reasons]

    /// Throws `KnowledgeError` with every fault of the file.
    init(file: KnowledgeFile) throws(KnowledgeError) {
        let collector = DiagnosticCollector(file: file.path)
        let map = YAMLValue.parse(file.text, collector: collector)?
            .map(
                "the file",
                keys: ["version", "exercise_topics", "never_topics", "questionnaires", "homework", "reasons"]
            )
        _ = map?.integer("version")
        var questionnaires: [Questionnaire] = []
        for value in map?.list("questionnaires") ?? [] {
            guard let entry = value.map("a questionnaire", keys: ["instrument", "from", "articles"]),
                let instrument = entry.string("instrument"), let from = entry.number("from")
            else { continue }
            questionnaires.append(.init(instrument: instrument, from: from, articles: entry.strings("articles")))
        }
        var homework: [Homework] = []
        for value in map?.list("homework") ?? [] {
            guard let entry = value.map("homework", keys: ["homework_type", "articles"]),
                let kind = entry.choice("homework_type", HomeworkAssignment.HomeworkType.self)
            else { continue }
            homework.append(.init(kind: kind, articles: entry.strings("articles")))
        }
        var reasons: [String: Reasons] = [:]
        for value in map?.list("reasons") ?? [] {
            guard
                let entry = value.map(
                    "reasons",
                    keys: ["language", "questionnaire", "homework", "reading", "worksheet", "help"]
                ),
                let language = entry.string("language"), let questionnaire = entry.string("questionnaire"),
                let work = entry.string("homework"), let reading = entry.string("reading"),
                let worksheet = entry.string("worksheet"), let help = entry.string("help")
            else { continue }
            reasons[language] = Reasons(
                questionnaire: questionnaire,
                homework: work,
                reading: reading,
                worksheet: worksheet,
                help: help
            )
        }
        if reasons["en"] == nil {
            collector.error(line: 1, "there are no reasons in English", remedy: "Add an entry with `language: en`")
        }
        exerciseTopics = Set(map?.strings("exercise_topics") ?? [])
        neverTopics = Set(map?.strings("never_topics") ?? [])
        if collector.hasErrors { throw KnowledgeError(collector.diagnostics) }
        self.questionnaires = questionnaires
        self.homework = homework
        self.reasons = reasons
    }

    func reasons(in language: String) -> Reasons {
        reasons[language] ?? reasons["en"]
            ?? Reasons(questionnaire: "", homework: "", reading: "", worksheet: "", help: "")
    }
}
