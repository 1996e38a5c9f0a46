import ArgumentParser
import Foundation
import Portal
import Records

struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "The clients of a practice.",
        subcommands: [ClientDelete.self]
    )
}

struct ClientDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a client with everything that is held about them, but the audit.",
        discussion: """
            Their key is destroyed, too, so that nothing of what they wrote can be read in older backups of the database. \
            Stopped at any moment, the deletion either did not begin, or the server brings it to its end. \
            There is no way back.
            """
    )

    enum Reason: String, ExpressibleByArgument, CaseIterable {
        case clientRequest = "CLIENT_REQUEST"
        case retentionEnded = "RETENTION_ENDED"
        case enteredInError = "ENTERED_IN_ERROR"
        case duplicate = "DUPLICATE"
    }

    @Argument(help: "Id of the client.")
    var client: String

    @Option(help: "Why, as it stands in the audit.")
    var reason: Reason

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        do {
            let (id, principal) = try await portal.findClient(client)
            let report = try await portal.oversight.deletion.delete(
                id,
                reason: ErasureReason(rawValue: reason.rawValue) ?? .clientRequest,
                as: principal
            )
            switch output.format {
            case .json: printLine(try json(report))
            case .table:
                printLine(
                    table(
                        ["table", "rows"],
                        report.rowCounts.sorted { $0.key < $1.key }.map { [$0.key, "\($0.value)"] }
                    )
                )
                printLine("Client \(id) is deleted, with \(report.files ?? 0) files and their key.")
            }
        } catch {
            throw storeFailure(error)
        }
    }
}
