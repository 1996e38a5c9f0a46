import ArgumentParser
import Foundation
import Knowledge
import Retrieval

struct EvaluateRetrieval: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval",
        abstract: "Measure the ranking on a collection with judged queries.",
        discussion: """
            Documents and queries have one JSON object a line: {"id", "title", "text"} and {"id", "text"}. Judgments are \
            lines of query, document and grade, separated by tabs, with or without a header; TREC's four columns are \
            read too. The figures are means over the queries that have a relevant document.
            """
    )

    @Option(help: ArgumentHelp("Documents as JSON lines.", valueName: "file"))
    var documents: String

    @Option(help: ArgumentHelp("Queries as JSON lines.", valueName: "file"))
    var queries: String

    @Option(help: ArgumentHelp("Judgments: query, document, grade.", valueName: "file"))
    var qrels: String

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "Write the 100 best documents of every query to this file, as JSON lines.",
            valueName: "file"
        )
    )
    var runFile: String?

    @Option(help: "What to rank by: lexical, encoder or both.")
    var ranking: Ranking = .lexical

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    private static let runDepth = 100

    func run() throws {
        let (collection, rows, judgments) = try read()
        let clock = ContinuousClock()
        var built: CollectionIndex?
        let evidence = ranking == .lexical ? nil : try knowledge.secondEvidence(ranking)
        let indexTime = clock.measure {
            built = CollectionIndex(collection, ranking: ranking, secondEvidence: evidence)
        }
        guard let index = built else { throw failure(.software, "The index was not built.") }

        var metrics = RetrievalMetrics()
        var times: [Double] = []
        var lines: [String] = []
        for row in rows {
            var ranked: [String] = []
            let time = clock.measure { ranked = index.search(row.text, limit: Self.runDepth).map(\.id) }.milliseconds
            times.append(time)
            metrics.add(ranking: ranked, grades: judgments.grades[row.id] ?? [:])
            if runFile != nil { lines.append(try json(RunLine(id: row.id, ranked: ranked, ms: time), pretty: false)) }
        }
        if let runFile { try write(lines, to: runFile) }
        times.sort()
        let report = Report(
            ndcgAt10: metrics.ndcg,
            recallAt10: metrics.recall,
            mrrAt10: metrics.meanReciprocalRank,
            successAt1: metrics.successAtOne,
            indexSeconds: indexTime.milliseconds / 1000,
            queryMedianMs: times.quantile(0.5),
            queryP99Ms: times.quantile(0.99),
            documents: collection.documents.count,
            queries: rows.count,
            judgedQueries: metrics.queries
        )
        switch output.format {
        case .json: printLine(try json(report))
        case .table: printLine(table(["figure", "value"], report.rows))
        }
    }

    private func read() throws -> (DocumentCollection, [TextRow], RelevanceJudgments) {
        do {
            return (
                try DocumentCollection(jsonLines: try data(documents), path: documents),
                try JSONLines.decode(TextRow.self, from: try data(queries), path: queries).map(\.row),
                try RelevanceJudgments(judgments())
            )
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
    }

    private func judgments() throws -> KnowledgeFile {
        guard let text = String(validating: try data(qrels), as: UTF8.self) else {
            throw failure(.dataError, "\(qrels) is not UTF-8 text.")
        }
        return KnowledgeFile(path: qrels, text: text)
    }

    private func data(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw failure(.noInput, "\(path) cannot be read.")
        }
    }

    private func write(_ lines: [String], to path: String) throws {
        do {
            try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: path))
        } catch {
            throw failure(.cantCreate, "\(path) cannot be written.")
        }
    }

    private struct RunLine: Encodable {
        let id: String
        let ranked: [String]
        let ms: Double
    }

    private struct Report: Encodable {
        let ndcgAt10: Double
        let recallAt10: Double
        let mrrAt10: Double
        let successAt1: Double
        let indexSeconds: Double
        let queryMedianMs: Double
        let queryP99Ms: Double
        let documents: Int
        let queries: Int
        let judgedQueries: Int

        enum CodingKeys: String, CodingKey {
            case ndcgAt10 = "ndcg_at_10"
            case recallAt10 = "recall_at_10"
            case mrrAt10 = "mrr_at_10"
            case successAt1 = "success_at_1"
            case indexSeconds = "index_seconds"
            case queryMedianMs = "query_median_ms"
            case queryP99Ms = "query_p99_ms"
            case documents, queries
            case judgedQueries = "judged_queries"
        }

        var rows: [[String]] {
            func figure(_ value: Double) -> String { String(format: "%.4f", value) }
            return [
                ["nDCG@10", figure(ndcgAt10)], ["recall@10", figure(recallAt10)], ["MRR@10", figure(mrrAt10)],
                ["success@1", figure(successAt1)], ["index (s)", figure(indexSeconds)],
                ["query median (ms)", figure(queryMedianMs)], ["query p99 (ms)", figure(queryP99Ms)],
                ["documents", "\(documents)"], ["queries", "\(queries)"], ["judged queries", "\(judgedQueries)"],
            ]
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}

extension [Double] {
    /// The value below which this part of the (sorted) values lies; 0 when there are none.
    fileprivate func quantile(_ part: Double) -> Double {
        isEmpty ? 0 : self[Swift.min(count - 1, Int((Double(count) * part).rounded(.down)))]
    }
}
