import ArgumentParser
import Assistant
import Foundation
import Knowledge
import Retrieval

struct EvaluateAnswers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers",
        abstract: "Measure whether questions find their article, and whether others are left alone.",
        discussion: """
            One JSON object a line: {"id", "text", "topic"}. The topic is the id of the right article, or "none" where no \
            article should answer; a row without a topic is answered, but left out of the figures. Every row is a \
            conversation of its own.
            """
    )

    @Argument(help: ArgumentHelp("Questions as JSON lines.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Language of the conversation, en or es.", valueName: "tag"))
    var language = "en"

    @Option(help: "What to rank by: lexical, encoder or both. Default: both where there is an encoder.")
    var ranking: Ranking?

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let rows = try LabelledFile(path: file).rows(Row.self)
        let assistant = try knowledge.assistant(ranking: ranking)
        var context = ReplyContext(language: language, now: 0)
        context.audience = Set(Audience.allCases)
        let results = rows.map { row in Result(row, assistant.reply(to: row.text, in: context)) }
        let summary = Summary(results)
        switch output.format {
        case .json: printLine(try json(Report(rows: results, summary: summary)))
        case .table: printTable(results, summary)
        }
    }

    private func printTable(_ results: [Result], _ summary: Summary) {
        printLine(table(["figure", "value"], summary.rows))
        let wrong = results.filter { $0.isWrong }
        guard !wrong.isEmpty else { return }
        printLine()
        printLine(
            table(
                ["id", "expected", "decision", "found", "text"],
                wrong.map { row in
                    [
                        row.id, row.topic ?? "", row.decision, row.topics.prefix(3).joined(separator: ", "),
                        String(row.text.prefix(70)),
                    ]
                }
            )
        )
    }

    struct Row: Decodable {
        let id: String
        let text: String
        let topic: String?
    }

    struct Result: Encodable {
        static let none = "none"

        let id: String
        let decision: String
        let topics: [String]
        let confidence: Double
        let topic: String?
        let text: String

        enum CodingKeys: String, CodingKey { case id, decision, topics, confidence, topic }

        init(_ row: Row, _ reply: Reply) {
            id = row.id
            text = row.text
            topic = row.topic
            topics = reply.topics
            confidence = reply.confidence
            // Small talk is answered by no article; the way to a person is told by one.
            decision =
                switch reply.decision {
                case .answer, .handover: "answer"
                case .clarify: "clarify"
                case .abstain, .smalltalk: "abstain"
                case .refuse: "refuse"
                case .crisis: "crisis"
                }
        }

        var isAbstained: Bool { decision == "abstain" }
        var isWrong: Bool {
            guard let topic else { return false }
            return topic == Self.none
                ? decision == "answer" || decision == "clarify" : isAbstained || topics.first != topic
        }
    }

    struct Summary: Encodable {
        let topicRows: Int
        let noneRows: Int
        /// Part of the rows with a topic whose article is first, or among the first three.
        let successAt1: Double
        let successAt3: Double
        /// Part of the "none" rows that were not answered, nor answered by a question back.
        let abstentionRate: Double
        /// Rows with a topic that were not answered.
        let wronglyAbstained: Int
        let clarified: Int

        enum CodingKeys: String, CodingKey {
            case topicRows = "topic_rows"
            case noneRows = "none_rows"
            case successAt1 = "success_at_1"
            case successAt3 = "success_at_3"
            case abstentionRate = "abstention_rate"
            case wronglyAbstained = "wrongly_abstained"
            case clarified
        }

        init(_ results: [Result]) {
            let topics = results.filter { $0.topic.map { $0 != Result.none } ?? false }
            let none = results.filter { $0.topic == Result.none }
            func part(_ count: Int, of all: Int) -> Double { all == 0 ? 0 : Double(count) / Double(all) }
            topicRows = topics.count
            noneRows = none.count
            successAt1 = part(topics.count { $0.topics.first == $0.topic }, of: topics.count)
            successAt3 = part(
                topics.count { row in row.topics.prefix(3).contains { $0 == row.topic } },
                of: topics.count
            )
            abstentionRate = part(none.count { $0.isAbstained || $0.decision == "refuse" }, of: none.count)
            wronglyAbstained = topics.count(where: \.isAbstained)
            clarified = topics.count { $0.decision == "clarify" }
        }

        var rows: [[String]] {
            func figure(_ value: Double) -> String { String(format: "%.3f", value) }
            return [
                ["rows with a topic", "\(topicRows)"], ["success@1", figure(successAt1)],
                ["success@3", figure(successAt3)],
                ["asked back", "\(clarified)"], ["wrongly abstained", "\(wronglyAbstained)"],
                ["rows without", "\(noneRows)"], ["abstention rate", figure(abstentionRate)],
            ]
        }
    }

    private struct Report: Encodable {
        let rows: [Result]
        let summary: Summary
    }
}
