import ArgumentParser
import Assistant
import Foundation
import Knowledge
import Portal
import Records
import Retrieval

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "What the assistant said.",
        subcommands: [ChatReplay.self]
    )
}

struct ChatReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Make past replies again from what is stored, and say whether they are the same.",
        discussion: """
            Says in which parts a reply differs, and what it was made of that is no longer here; its quotations are held \
            against the versions that they are from in any case. Prints no word of a message: for that, give --show with \
            a --reason and the administrator who answers for it. Every reply that is looked at is on record. Exits with \
            65 when one differs, and with 66 when one could not be made again.
            """
    )

    @Argument(help: ArgumentHelp("Id of a message.", valueName: "message"))
    var message: String?

    @Flag(help: "All replies of all practices.")
    var all = false

    @Option(help: "With --all: from this day or moment on, such as 2026-01-31.")
    var since: Moment?

    @Flag(help: "Print the words of question and reply, too.")
    var show = false

    @Option(help: "Why the words have to be read. Kept sealed, for the administrators to review.")
    var reason: String?

    @Option(help: ArgumentHelp("Name under which the administrator signs in who answers for it.", valueName: "name"))
    var administrator: String?

    @Option(
        help: ArgumentHelp(
            "Folder of the rules and texts to make it again by, such as that of an earlier version. Default: the present.",
            valueName: "folder"
        )
    )
    var prompts: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (message != nil) != all else { throw ValidationError("Name a message, or give --all.") }
        guard since == nil || all else { throw ValidationError("--since goes with --all.") }
        guard show == (reason != nil), show == (administrator != nil) else {
            throw ValidationError("--show, --reason and --administrator go together.")
        }
        guard !show || !all else { throw ValidationError("The words are shown of one message at a time.") }
    }

    private struct Document: Encodable {
        let replies: [ReplayReport]
        let words: ShownReplay?
    }

    func run() async throws {
        let portal = try await data.openPortal(knowledge, takingCorpusIn: false)
        defer { try? portal.close() }
        let replay = portal.replay(by: try givenKnowledge())
        var reports: [ReplayReport] = []
        var words: ShownReplay?
        do {
            if let message {
                guard let id = ID<ChatMessage>(message) else { throw RecordNotFound() }
                if let reason, let administrator {
                    let shown = try await replay.show(id, .init(reason: reason, administrator: administrator))
                    reports = [shown.report]
                    words = shown.words
                } else {
                    reports = [try await replay.replay(id)]
                }
            } else {
                for id in try await replay.messages(since: since?.timestamp) {
                    reports.append(try await replay.replay(id))
                }
            }
        } catch is RecordNotFound {
            throw failure(.noInput, "There is no such message, or it has no reply.")
        } catch Refusal.invalid(let pointer, let message, let remedy) {
            throw failure(.noInput, "The \(pointer.dropFirst()) \(message). \(remedy).")
        } catch {
            throw storeFailure(error)
        }
        switch output.format {
        case .json: printLine(try json(Document(replies: reports, words: words)))
        case .table: printTable(reports, words)
        }
        if reports.contains(where: { $0.verdict == .differs }) { throw ExitCode(Sysexit.dataError.rawValue) }
        if reports.contains(where: { $0.verdict != .identical }) { throw ExitCode(Sysexit.noInput.rawValue) }
    }

    private func givenKnowledge() throws -> ReplyReplay.Knowledge? {
        guard let prompts else { return nil }
        let folder = URL(filePath: prompts, directoryHint: .isDirectory)
        do {
            return .init(
                prompts: try Prompts(directory: folder),
                lexicon: try Lexicon(directory: folder.appending(path: "search", directoryHint: .isDirectory))
            )
        } catch {
            throw failure(.dataError, error.description)
        }
    }

    private func printTable(_ reports: [ReplayReport], _ words: ShownReplay?) {
        printLine(
            table(
                ["reply", "verdict", "quotations", "differs in"],
                reports.map { report in
                    let same = report.quotations.count { $0.isSame }
                    return [
                        report.message.text, report.verdict.rawValue, "\(same) of \(report.quotations.count) the same",
                        report.differences.joined(separator: ", "),
                    ]
                }
            )
        )
        var said: Set<String> = []
        for line in reports.flatMap({ $0.missing + $0.notes }) where said.insert(line).inserted { printLine(line) }
        if let words {
            printLine("\nAsked: \(words.question)\n\nReplied: \(words.reply)")
            if let again = words.again { printLine("\nAgain: \(again)") }
        }
        let counts = Dictionary(grouping: reports, by: \.verdict).mapValues(\.count)
        let summary = ReplayReport.Verdict.allCases.compactMap { verdict in
            counts[verdict].map { "\($0) \(verdict.rawValue)" }
        }
        printLine("\(reports.count) replies: \(summary.isEmpty ? "none" : summary.joined(separator: ", "))")
    }
}
