import ArgumentParser
import Assistant
import Foundation
import Knowledge

struct RulesExamples: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "examples",
        abstract:
            "Print the examples that the crisis rules which alert must hit, with what the statistical reading sees."
    )

    @OptionGroup var knowledge: KnowledgeOptions

    func run() throws {
        let prompts: Prompts
        do {
            prompts = try Prompts(directory: try knowledge.prompts)
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for rule in prompts.rules where rule.screen == .crisis && CrisisTier(rawValue: rule.level)?.alerts ?? false {
            for example in rule.hits {
                let line = Line(
                    text: example.text,
                    category: rule.category,
                    subject: rule.subject.rawValue,
                    features: prompts.features(of: example.text)
                )
                printLine(String(decoding: try encoder.encode(line), as: UTF8.self))
            }
        }
    }

    private struct Line: Encodable {
        let text: String
        let category: String
        let subject: String
        let features: [[String]]
    }
}

struct RulesFeatures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Print what the statistical reading sees of each message of a labelled file.",
        discussion: """
            One JSON object a line, in the order of the file: {"features"}, a list of names for each stretch of the message. \
            Scripts/train-readings learns from it.
            """
    )

    @Argument(help: ArgumentHelp("Messages as JSON lines.", valueName: "file"))
    var file: String

    @OptionGroup var knowledge: KnowledgeOptions

    func run() throws {
        let rows = try LabelledFile(path: file).rows(Row.self)
        let prompts: Prompts
        do {
            prompts = try Prompts(directory: try knowledge.prompts)
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for row in rows {
            printLine(
                String(decoding: try encoder.encode(Line(features: prompts.features(of: row.text))), as: UTF8.self)
            )
        }
    }

    private struct Row: Decodable {
        let text: String
    }

    private struct Line: Encodable {
        let features: [[String]]
    }
}
