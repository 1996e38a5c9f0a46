import ArgumentParser
import Assistant
import Foundation
import Knowledge
import Portal

struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The rules of the crisis screen and the guardrails.",
        subcommands: [RulesCheck.self, RulesFeatures.self, RulesExamples.self]
    )
}

struct RulesCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check every rule file and the wording of mail, and run every rule on its own examples.",
        discussion: "Prints file, line, fault and remedy of each finding. Exit code 65 when there is an error."
    )

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let directory = try knowledge.prompts
        let findings =
            Prompts.check(directory: directory, encoder: try knowledge.sentenceEncoder())
            + MailWording.check(prompts: directory)
        let rules = (try? Prompts(directory: directory))?.rules ?? []
        let examples = rules.reduce(0) { $0 + $1.hits.count + $1.misses.count }
        switch output.format {
        case .json: printLine(try json(Report(rules: rules.count, examples: examples, findings: findings)))
        case .table:
            for finding in findings { printLine(finding.description) }
            printLine("\(rules.count) rules, \(examples) examples, \(findings.count) findings")
        }
        if findings.contains(where: { $0.severity == .error }) { throw ExitCode(Sysexit.dataError.rawValue) }
    }

    private struct Report: Encodable {
        let rules: Int
        let examples: Int
        let findings: [Diagnostic]
    }
}
