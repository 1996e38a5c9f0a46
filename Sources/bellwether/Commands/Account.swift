import ArgumentParser
import Foundation
import Portal
import Records
import Store

/// What the operator of the machine does for accounts, with the right of whoever may read the data folder.
struct Account: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create practices, staff and clients; invite; help out who is locked out; see and end sessions.",
        subcommands: [
            CreatePractice.self, CreateStaff.self, CreateClient.self, Invite.self, Reset.self, Sessions.self,
            EndSessions.self,
        ]
    )
}

/// Which portal, and which practice in it.
struct PracticeOptions: ParsableArguments {
    @Option(help: "Short name of the practice. The oldest unless given.")
    var practice: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    /// Runs `body` with the practice, and turns what goes wrong into a message and an exit code.
    func with(_ body: (Portal, Practice) async throws -> Void) async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        let practices = try await portal.directory.practices()
        guard let found = practices.first(where: { practice == nil || $0.slug == practice }) else {
            throw failure(
                .noInput,
                practices.isEmpty
                    ? "There is no practice. Create one with `bellwether account create-practice`."
                    : "There is no practice \(practice ?? ""). There are: \(practices.map(\.slug).joined(separator: ", "))."
            )
        }
        try await accountFailures { try await body(portal, found) }
    }

    /// One JSON document, or lines for people.
    func show(_ value: some Encodable, _ lines: String...) throws {
        switch output.format {
        case .json: printLine(try json(value))
        case .table: for line in lines { printLine(line) }
        }
    }
}

/// The message and exit code of what the services refuse.
func accountFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let refusal as Refusal {
        switch refusal {
        case .conflict(let detail): throw failure(.dataError, detail)
        case .invalid(_, let message, let remedy): throw failure(.dataError, "\(message) \(remedy)")
        case .weakPassword(let faults):
            throw failure(.dataError, faults.map { "\($0.message) \($0.remedy)" }.joined(separator: " "))
        default: throw failure(.dataError, "It was refused.")
        }
    } catch StoreError.constraint {
        throw failure(.dataError, "It does not fit what is there already: the name or address is taken.")
    } catch is RecordNotFound {
        throw failure(.noInput, "There is no such record in this practice.")
    } catch is AccessDenied {
        throw failure(.noInput, "There is no such record in this practice.")
    } catch let error as StoreError {
        throw storeFailure(error)
    }
}

extension Practice {
    /// Who acts from the command line, in the audit.
    var commandLine: Principal { .system("command-line", practice: id) }
}
