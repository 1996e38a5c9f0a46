import ArgumentParser
import Foundation
import Knowledge
import Retrieval

struct CorpusCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check articles: front matter, links, markup, phone numbers, reading level, sample questions.",
        discussion: """
            Without files, checks the whole corpus, and that every sample question finds its own article. Prints every \
            finding as file:line with what to do. Exit code 65 when there is an error, 0 when there are only warnings.
            """
    )

    @Argument(help: ArgumentHelp("Article files; without any, all of the corpus.", valueName: "file"))
    var files: [String] = []

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let articles: [KnowledgeFile]
        let findings: [Diagnostic]
        do {
            articles =
                files.isEmpty
                ? try KnowledgeFile.readAll(below: try knowledge.corpus, extensions: ["md"])
                : try files.map { try KnowledgeFile.read(URL(filePath: $0)) }
            let rules = try CorpusRules(directory: try knowledge.search)
            findings = Retrieval.Corpus.check(
                files: articles,
                portalPaths: rules.portalPaths,
                liveFields: rules.liveFields,
                phoneNumbers: rules.phoneNumbers,
                lexicon: files.isEmpty ? try Lexicon(directory: try knowledge.search) : nil
            )
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
        let errors = findings.count { $0.severity == .error }
        switch output.format {
        case .json:
            printLine(
                try json(
                    Report(files: articles.count, errors: errors, warnings: findings.count - errors, findings: findings)
                )
            )
        case .table:
            for finding in findings { printLine(finding.description) }
            printLine("\(articles.count) files, \(errors) errors, \(findings.count - errors) warnings")
        }
        if errors > 0 { throw ExitCode(Sysexit.dataError.rawValue) }
    }

    private struct Report: Encodable {
        let files: Int
        let errors: Int
        let warnings: Int
        let findings: [Diagnostic]
    }
}
