import ArgumentParser
import Foundation
import Portal
import Records

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check, take out and sign the record of who did what.",
        subcommands: [AuditVerify.self, AuditExport.self, AuditSign.self, AuditCheckSignatures.self]
    )
}

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Follow the audit's chain from its first row, and hold it against its checkpoints.",
        discussion: """
            Names the rows that were changed, moved, inserted or deleted, and, where there are checkpoints, the rows that \
            were cut off at the end. Changes nothing. Exits with 65 when something is wrong.
            """
    )

    @Option(
        help: ArgumentHelp("Folder of the checkpoints. Default: where the server writes them.", valueName: "folder")
    )
    var checkpoints: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        var history = portal.oversight.checkpoints.history()
        if let checkpoints {
            let folder = CheckpointFolder(URL(filePath: checkpoints, directoryHint: .isDirectory))
            history = folder.history(portal.oversight.checkpoints.publicKey)
            if history == nil { throw failure(.noInput, "There are no checkpoints in \(checkpoints).") }
        }
        let inspection: AuditInspection
        do {
            inspection = try await portal.audit.inspect(portal.database, against: history)
        } catch {
            throw storeFailure(error)
        }
        switch output.format {
        case .json: printLine(try json(inspection))
        case .table:
            for finding in inspection.findings { printLine(finding.description) }
            printLine(
                "\(inspection.rows) rows, \(inspection.checkpoints) checkpoints, \(inspection.findings.count) findings"
            )
        }
        if !inspection.findings.isEmpty { throw ExitCode(Sysexit.dataError.rawValue) }
    }
}

struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the audit of all practices to standard output, oldest row first.",
        discussion: "The export is itself on record."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, csv }

    @Option(help: "From this day or moment on, such as 2026-01-31 or 2026-01-31T08:00:00Z.")
    var from: Moment?

    @Option(help: "Before this day or moment.")
    var to: Moment?

    @Option(help: "One JSON document a line, or a table.")
    var format: Format = .jsonl

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        let filter = AuditFilter(from: from?.timestamp, to: to?.timestamp)
        do {
            let export = try await portal.oversight.audit.export(filter, as: try await portal.operatorPrincipal())
            try await export.write(as: format == .csv ? .csv : .jsonl) { piece in
                try FileHandle.standardOutput.write(contentsOf: Data(piece.utf8))
            }
        } catch {
            throw storeFailure(error)
        }
    }
}

struct AuditSign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign what the audit is now, and write it to the folder of checkpoints.",
        discussion:
            "Prints the checkpoint; prints nothing when nothing happened since the last one."
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        let checkpoints = portal.oversight.checkpoints
        do {
            guard let checkpoint = try await checkpoints.write(as: try await portal.operatorPrincipal()) else { return }
            printLine(try json(checkpoint))
        } catch let error as AuditTailCut {
            throw failure(.dataError, error.description)
        } catch let error as CocoaError {
            throw failure(
                .cantCreate,
                "The folder \(checkpoints.folder.url.path) cannot be written (\(error.code.rawValue)). Check it and its permissions."
            )
        } catch {
            throw storeFailure(error)
        }
    }
}

struct AuditCheckSignatures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signatures",
        abstract: "Check the signatures of a folder of checkpoints, on any machine, without the database.",
        discussion: "Exits with 65 when one is not genuine, or does not continue the one before it."
    )

    @Argument(help: ArgumentHelp("Folder of the checkpoints.", valueName: "folder"))
    var folder: String

    @Option(help: "The public key in Base64, as the practice gave it to you; not one out of the same folder.")
    var publicKey: String

    @OptionGroup var output: OutputOptions

    private struct Document: Encodable {
        let checkpoints: [AuditCheckpoint]
        let findings: [AuditFinding]
    }

    func run() throws {
        guard let key = AuditPublicKey(publicKey) else {
            throw ValidationError("The public key is 32 bytes in Base64.")
        }
        guard let history = CheckpointFolder(URL(filePath: folder, directoryHint: .isDirectory)).history(key) else {
            throw failure(.noInput, "There are no checkpoints in \(folder).")
        }
        switch output.format {
        case .json: printLine(try json(Document(checkpoints: history.checkpoints, findings: history.findings)))
        case .table:
            for finding in history.findings { printLine(finding.description) }
            printLine("\(history.checkpoints.count) genuine checkpoints, \(history.findings.count) findings")
            if let last = history.checkpoints.last { printLine("The last is of row \(last.seq), \(last.at).") }
        }
        if !history.findings.isEmpty { throw ExitCode(Sysexit.dataError.rawValue) }
    }
}

/// A day, which begins at midnight UTC, or a moment.
struct Moment: ExpressibleByArgument {
    let timestamp: Timestamp

    init?(argument: String) {
        let text = argument.count == 10 ? "\(argument)T00:00:00Z" : argument
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        timestamp = Timestamp(date)
    }
}
