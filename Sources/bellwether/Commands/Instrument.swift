import ArgumentParser
import Assessment
import Foundation
import Knowledge

struct InstrumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instrument",
        abstract: "Check, list and show questionnaires.",
        subcommands: [Check.self, List.self, Show.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find every fault in instrument files.",
            discussion: "Exit code 65 when a file has errors. Warnings do not change it."
        )

        @Argument(help: "Instrument files (YAML).")
        var files: [String]

        @OptionGroup var output: OutputOptions

        struct Result: Encodable {
            var file: String
            var instrument: String?
            var version: Int?
            var diagnostics: [Diagnostic]
        }

        func run() throws {
            var results: [Result] = []
            for path in files {
                do {
                    let (instrument, findings) = Instrument.parse(try KnowledgeFile.read(URL(filePath: path)))
                    results.append(
                        Result(
                            file: path,
                            instrument: instrument?.code,
                            version: instrument?.version,
                            diagnostics: findings
                        )
                    )
                } catch {
                    results.append(Result(file: path, diagnostics: error.diagnostics))
                }
            }
            switch output.format {
            case .json: printLine(try json(results))
            case .table:
                for result in results {
                    for finding in result.diagnostics { printLine(finding.description) }
                    if let code = result.instrument, let version = result.version {
                        printLine("\(result.file): \(code) version \(version) can be used")
                    }
                }
            }
            let faulty = results.count { $0.instrument == nil }
            if faulty > 0 { throw failure(.dataError, "\(faulty) of \(results.count) files cannot be used.") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the installed instruments, every version.")

        @OptionGroup var knowledge: KnowledgeOptions
        @OptionGroup var output: OutputOptions

        struct Row: Encodable {
            var code: String
            var version: Int
            var title: String
            var kind: Instrument.Kind
            var items: Int
            var range: ScoreRange?
            var languages: [String]
        }

        func run() throws {
            let rows = try knowledge.instrumentLibrary().all.map { instrument in
                Row(
                    code: instrument.code,
                    version: instrument.version,
                    title: instrument.title.text(in: "en"),
                    kind: instrument.kind,
                    items: instrument.items.count,
                    range: instrument.total?.range,
                    languages: instrument.languages
                )
            }
            switch output.format {
            case .json: printLine(try json(rows))
            case .table:
                printLine(
                    table(
                        ["code", "version", "title", "kind", "items", "range", "languages"],
                        rows.map { row in
                            [
                                row.code, String(row.version), row.title, row.kind.rawValue, String(row.items),
                                row.range.map { "\($0.min.plain) to \($0.max.plain)" } ?? "",
                                row.languages.joined(separator: ", "),
                            ]
                        }
                    )
                )
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the questions and scores of one instrument.")

        @Argument(help: "Code of the instrument, such as PHQ-9.")
        var code: String

        @Option(help: "Language of the texts, such as en or es.")
        var language = "en"

        @OptionGroup var knowledge: KnowledgeOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let instrument = try knowledge.instrument(code)
            guard instrument.languages.contains(language) else {
                let languages = instrument.languages.joined(separator: ", ")
                throw failure(.dataError, "\(instrument.code) has no texts in \(language); it has \(languages).")
            }
            let document = InstrumentDocument(instrument, language: language)
            switch output.format {
            case .json: printLine(try json(document))
            case .table: show(document)
            }
        }

        private func show(_ document: InstrumentDocument) {
            printLine("\(document.title), version \(document.version)")
            for text in [document.instructions, document.stem].compactMap(\.self) { printLine(text) }
            printLine()
            for item in document.items {
                printLine("\(item.id). \(item.text)\(item.conditional ? " (asked only when it applies)" : "")")
                let answers = item.options.map { "\($0.value) \($0.label)" }.joined(separator: ", ")
                printLine("   \(answers.isEmpty ? "free text" : answers)")
            }
            for score in document.scores {
                printLine()
                printLine("\(score.title) (\(score.id)), \(score.range.min.plain) to \(score.range.max.plain)")
                for band in score.bands { printLine("   \(band.from.plain) to \(band.to.plain)  \(band.label)") }
            }
            printLine()
            printLine(document.licence)
        }
    }
}

extension KnowledgeOptions {
    /// The installed instruments; a faulty file ends the command with every finding.
    func instrumentLibrary() throws -> InstrumentLibrary {
        do {
            return try InstrumentLibrary(directory: try instruments)
        } catch let error as KnowledgeError {
            throw failure(.config, "the instruments cannot be used.\n\(error)")
        }
    }

    /// The newest version of one instrument; an unknown code ends the command with the codes there are.
    func instrument(_ code: String) throws -> Instrument {
        let library = try instrumentLibrary()
        if let instrument = library[code] { return instrument }
        let remedy = nearest(to: code, among: library.codes).map { "Did you mean \($0)?" }
        throw failure(
            .dataError,
            "there is no instrument \(code). \(remedy ?? "There are: \(library.codes.joined(separator: ", ")).")"
        )
    }
}

extension KnowledgeFile {
    /// The file at `path`; `-` is standard input. A file that cannot be read ends the command.
    static func input(_ path: String) throws -> KnowledgeFile {
        if path == "-" {
            let data = try FileHandle.standardInput.readToEnd() ?? Data()
            guard let text = String(validating: data, as: UTF8.self) else {
                throw failure(.dataError, "standard input is not UTF-8 text.")
            }
            return KnowledgeFile(path: "standard input", text: text)
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw failure(.noInput, "\(path) cannot be read.")
        }
        do {
            let file = try KnowledgeFile.read(URL(filePath: path))
            return KnowledgeFile(path: path, text: file.text)
        } catch {
            throw failure(.dataError, "\(error)")
        }
    }
}
