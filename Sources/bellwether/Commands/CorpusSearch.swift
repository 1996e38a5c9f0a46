import ArgumentParser
import Foundation
import Retrieval

struct CorpusSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search the articles and show why each was found."
    )

    @Flag(help: "Show what each word of the query found, where, and what it counted.")
    var explain = false

    @Option(help: ArgumentHelp("Language of the articles.", valueName: "tag"))
    var language = "en"

    @Option(help: ArgumentHelp("Most articles to show.", valueName: "number"))
    var limit = 5

    @Argument(help: ArgumentHelp("What a client would type.", valueName: "query"))
    var query: [String]

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let result = try knowledge.searchIndex()
            .search(query.joined(separator: " "), language: language, limit: limit)
        switch output.format {
        case .json: printLine(try json(Report(result, explain: explain)))
        case .table: printTable(result)
        }
    }

    private func printTable(_ result: SearchResult) {
        if result.hits.isEmpty {
            printLine("Nothing found.")
        } else {
            let rows = result.hits.enumerated().map { place, hit in
                [
                    "\(place + 1)", hit.article.id, String(format: "%.3f", hit.score),
                    String(format: "%.2f", hit.confidence), hit.bestQuestion ?? "",
                ]
            }
            printLine(table(["", "article", "score", "confidence", "nearest question"], rows))
        }
        if !result.unknownTerms.isEmpty { printLine("Unknown: \(result.unknownTerms.joined(separator: ", "))") }
        for correction in result.corrections { printLine("Read “\(correction.typed)” as “\(correction.read)”") }
        if result.wasTruncated { printLine("Only the first \(SearchIndex.longestQuery) words were read.") }
        if let passage = result.hits.first?.passages.first?.passage {
            printLine()
            printLine("\(passage.id)\(passage.heading.map { " (\($0))" } ?? "")")
            printLine(passage.text)
        }
        guard explain else { return }
        for hit in result.hits {
            printLine()
            printLine(hit.article.id)
            let rows = hit.explanation.map { term in
                [
                    term.typed, term.analyzed, term.way.rawValue, term.fields.map(\.rawValue).joined(separator: ", "),
                    String(format: "%.3f", term.contribution),
                ]
            }
            printLine(table(["typed", "found", "way", "fields", "part"], rows))
        }
    }

    private struct Report: Encodable {
        struct Found: Encodable {
            let article: String
            let title: String
            let score: Double
            let confidence: Double
            let question: String?
            let passages: [RankedPassage]
            let explanation: [TermEvidence]?
        }

        let terms: [String]
        let unknownTerms: [String]
        let corrections: [SearchResult.Correction]
        let wasTruncated: Bool
        let hits: [Found]

        enum CodingKeys: String, CodingKey {
            case terms
            case unknownTerms = "unknown_terms"
            case corrections
            case wasTruncated = "was_truncated"
            case hits
        }

        init(_ result: SearchResult, explain: Bool) {
            terms = result.terms
            unknownTerms = result.unknownTerms
            corrections = result.corrections
            wasTruncated = result.wasTruncated
            hits = result.hits.map { hit in
                Found(
                    article: hit.article.id,
                    title: hit.article.title,
                    score: hit.score,
                    confidence: hit.confidence,
                    question: hit.bestQuestion,
                    passages: Array(hit.passages.prefix(3)),
                    explanation: explain ? hit.explanation : nil
                )
            }
        }
    }
}
