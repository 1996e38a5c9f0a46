import ArgumentParser
import Foundation
import Portal

/// Where a portal keeps its data.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of the database, the keys and the spool. Default: $BELLWETHER_DATA, else ./data.",
            valueName: "folder"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "File of the master key. Default: $BELLWETHER_MASTER_KEY, else master.key in the data folder.",
            valueName: "file"
        )
    )
    var masterKey: String?

    @Option(
        help: ArgumentHelp(
            "Folder that the audit's signed checkpoints are written to; best on another machine. Default: $BELLWETHER_AUDIT_CHECKPOINTS, else audit-checkpoints in the data folder.",
            valueName: "folder"
        )
    )
    var auditCheckpoints: String?

    func configuration(_ knowledge: KnowledgeOptions) throws -> PortalConfiguration {
        let environment = ProcessInfo.processInfo.environment
        let folder = URL(filePath: data ?? environment["BELLWETHER_DATA"] ?? "data", directoryHint: .isDirectory)
        var configuration = PortalConfiguration(
            dataFolder: folder,
            masterKeyFile: (masterKey ?? environment["BELLWETHER_MASTER_KEY"]).map { URL(filePath: $0) },
            instruments: try knowledge.instruments,
            prompts: try knowledge.prompts,
            corpus: try knowledge.corpus,
            checkpointFolder: (auditCheckpoints ?? environment["BELLWETHER_AUDIT_CHECKPOINTS"]).map {
                URL(filePath: $0, directoryHint: .isDirectory)
            }
        )
        configuration.encoder = try knowledge.encoderFolder
        return configuration
    }

    /// Opens the portal that is there; says what to do when there is none, or when it cannot be opened.
    ///
    /// - Parameter takingCorpusIn: whether the corpus folder is published on the way.
    func openPortal(_ knowledge: KnowledgeOptions, takingCorpusIn: Bool = true) async throws -> Portal {
        var configuration = try configuration(knowledge)
        configuration.takesCorpusIn = takingCorpusIn
        guard FileManager.default.fileExists(atPath: configuration.databaseFile.path) else {
            throw failure(
                .noInput,
                "There is no database at \(configuration.databaseFile.path). Run `bellwether migrate` to create one."
            )
        }
        return try await DataOptions.open(configuration)
    }

    /// Opens or creates the portal, turning every fault into a message and an exit code.
    static func open(_ configuration: PortalConfiguration) async throws -> Portal {
        do {
            return try await Portal.open(configuration)
        } catch {
            throw storeFailure(error)
        }
    }
}
