import ArgumentParser
import Foundation
import Knowledge
import Portal
import Records

/// Which practice a corpus command is about.
struct CorpusPractice: ParsableArguments {
    @Option(help: ArgumentHelp("Short name of the practice; the first one unless given.", valueName: "name"))
    var practice: String?

    func principal(_ portal: Portal) async throws -> Principal {
        let practices = try await portal.directory.practices()
        guard let found = practices.first(where: { practice == nil || $0.slug == practice }) else {
            throw failure(.noInput, practice.map { "There is no practice `\($0)`." } ?? "There is no practice yet.")
        }
        return .system("corpus.command", practice: found.id)
    }
}

struct CorpusImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Publish the articles of the corpus folder to a practice.",
        discussion: """
            A text that the practice wrote itself stands, and so does an article that it took down; both are reported. An \
            article whose file is gone stays published, too, unless --retire-missing is given. A server that runs has the \
            new articles within seconds. Exit code 65 when file and article both changed and neither was taken.

            With --html, pages from the web or a word processor become drafts instead, which editors finish and publish: \
            everything that was left out of a page is printed.
            """
    )

    @Flag(help: "Also publish over texts that the practice wrote itself.")
    var overwrite = false

    @Flag(help: "Take down articles whose file is gone.")
    var retireMissing = false

    @Option(
        help: ArgumentHelp("An HTML page, or a folder of them, to make drafts of.", valueName: "file or folder")
    )
    var html: String?

    @OptionGroup var practice: CorpusPractice
    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if let html { return try await CorpusPages(path: html, import: self).run() }
        let files: [KnowledgeFile]
        do {
            files = try KnowledgeFile.readAll(below: try knowledge.corpus, extensions: ["md"])
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
        let portal = try await data.openPortal(knowledge, takingCorpusIn: false)
        defer { try? portal.close() }
        let agreements: [CorpusAgreement]
        do {
            agreements = try await portal.corpus.take(
                files,
                as: CorpusImport(overwrites: overwrite, retiresMissing: retireMissing),
                by: practice.principal(portal)
            )
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
        switch output.format {
        case .json: printLine(try json(agreements))
        case .table:
            for agreement in agreements where agreement.state != .same {
                printLine("\(agreement.language)/\(agreement.slug).md: \(Self.words(agreement.state))")
            }
            printLine("\(files.count) files, \(agreements.count { $0.state == .taken }) published")
        }
        if agreements.contains(where: { $0.state == .bothChanged }) { throw ExitCode(Sysexit.dataError.rawValue) }
    }

    private static func words(_ state: CorpusAgreement.State) -> String {
        switch state {
        case .taken: "published"
        case .same: "the same"
        case .ownText: "the practice has a text of its own; export it, or publish the file with --overwrite"
        case .bothChanged: "file and article both changed; export the article, or publish the file with --overwrite"
        case .takenDown: "the practice took it down; publish it again with --overwrite"
        case .missing: "its file is gone, and it is still published; take it down with --retire-missing"
        case .retired: "its file is gone; taken down"
        case .onlyHere: "written by the practice; export it to have it in the folder"
        }
    }
}

struct CorpusExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a practice's published articles into the corpus folder.",
        discussion: "The same articles always give the same files. Drafts are not written."
    )

    @Option(help: ArgumentHelp("Folder to write to; the corpus unless given.", valueName: "folder"))
    var to: String?

    @Flag(help: "Remove files of articles that are not published.")
    var removeOthers = false

    @OptionGroup var practice: CorpusPractice
    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions

    func run() async throws {
        let folder = try to.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? knowledge.corpus
        let portal = try await data.openPortal(knowledge, takingCorpusIn: false)
        defer { try? portal.close() }
        let changed = try await portal.corpus.write(
            to: folder,
            removesOthers: removeOthers,
            as: practice.principal(portal)
        )
        for path in changed { printLine(path) }
        printLine("\(changed.count) files changed")
    }
}
