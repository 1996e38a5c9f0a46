import ArgumentParser
import Foundation
import Portal
import Records

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The keys that clients' records are sealed with.",
        subcommands: [KeysStatus.self, KeysRotate.self, KeysRetire.self],
        defaultSubcommand: KeysStatus.self
    )
}

struct KeysStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how far keys have been replaced.",
        discussion: "A holder of a key is a client, or the practice itself for what is about no client."
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        var practices: [KeyProgress] = []
        do {
            for practice in try await portal.directory.practices() {
                let principal = Principal.system("command-line", practice: practice.id)
                practices.append(try await portal.oversight.keys.progress(as: principal))
            }
        } catch {
            throw storeFailure(error)
        }
        switch output.format {
        case .json: printLine(try json(practices))
        case .table:
            let rows = practices.map { progress in
                [progress.practice]
                    + [
                        progress.holders, progress.withOldKeys, progress.outdatedValues, progress.waiting,
                        progress.parked,
                    ].map(String.init)
            }
            printLine(
                table(["practice", "holders", "with old keys", "values under old keys", "waiting", "failed"], rows)
            )
        }
    }
}

struct KeysRetire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Destroy the old keys that nothing is sealed with any more.",
        discussion: """
            Run it once no backup of the database from before the rotation is needed any more: this key vault cannot open \
            them afterwards. An old key that something is still sealed with is kept, and the command exits with 69.
            """
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        var sum = KeyRotation.Retirement()
        do {
            for practice in try await portal.directory.practices() {
                let one = try await portal.oversight.keys.retire(as: .system("command-line", practice: practice.id))
                sum.retired += one.retired
                sum.kept += one.kept
            }
        } catch {
            throw storeFailure(error)
        }
        printLine("\(sum.retired) old keys are destroyed.")
        guard sum.kept == 0 else {
            throw failure(
                .unavailable,
                "\(sum.kept) old keys are kept: something is still sealed with them. The server goes on sealing it anew; see `bellwether keys status`."
            )
        }
    }
}

struct KeysRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Put new keys in place of old ones, while the server runs.",
        discussion: """
            What is sealed from now on takes the new key; what was sealed before stays readable by the old one, and the \
            server seals it anew in the background: see `bellwether keys status`. The old keys stay, for the sake of your \
            backups, until you run `bellwether keys retire`. A new master key is made in the file that you name, unless it is there, and put in the place of \
            the one in force. Stopped at any moment, nothing is lost: run it again. Keep a copy of the new master key apart \
            from your backups; copies of the key vault that were made before still need the old one.
            """
    )

    @Option(help: "Id of the client whose record gets a new key.")
    var client: String?

    @Flag(help: "New keys for all practices and all of their clients.")
    var all = false

    @Option(help: ArgumentHelp("File of the new master key.", valueName: "file"))
    var master: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions

    func validate() throws {
        guard [client != nil, all, master != nil].filter({ $0 }).count == 1 else {
            throw ValidationError("Say one of --client, --all and --master.")
        }
    }

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        defer { try? portal.close() }
        let keys = portal.oversight.keys
        do {
            if let client {
                let (id, principal) = try await portal.findClient(client)
                try await keys.rotate(id, as: principal)
                printLine("The record of client \(id) has a new key.")
            } else if let master {
                try await keys.replaceMaster(from: URL(filePath: master), as: try await portal.operatorPrincipal())
                printLine(
                    "The master key \(portal.configuration.masterKeyFile.path) is new. Move \(master) to a safe place apart from your backups."
                )
            } else {
                var count = 0
                for practice in try await portal.directory.practices() {
                    count += try await keys.rotateAll(as: .system("command-line", practice: practice.id))
                }
                printLine("\(count) records have new keys.")
            }
        } catch {
            throw storeFailure(error)
        }
    }
}

extension Portal {
    /// Whoever runs commands on this machine. Exits when there is no practice yet that the audit could be about.
    func operatorPrincipal() async throws -> Principal {
        guard let practice = try await directory.practices().first else {
            throw failure(.noInput, "There is no practice yet.")
        }
        return .system("command-line", practice: practice.id)
    }

    /// A client by their id, and whoever runs commands as one of their practice. Exits when there is no such client.
    func findClient(_ text: String) async throws -> (ID<Client>, Principal) {
        guard let id = ID<Client>(text), let practice = try await directory.practice(of: id) else {
            throw failure(.noInput, "There is no client \(text).")
        }
        return (id, .system("command-line", practice: practice))
    }
}
