import ArgumentParser
import Foundation
import Portal

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the database, or bring its schema up to date.",
        discussion:
            "Runs forward only, each step whole or not at all. Safe to run again, and while another process does the same."
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions

    func run() async throws {
        let configuration = try data.configuration(knowledge)
        let isNew = !FileManager.default.fileExists(atPath: configuration.databaseFile.path)
        let portal = try await DataOptions.open(configuration)
        printLine("\(isNew ? "Created" : "Up to date:") \(configuration.databaseFile.path)")
        if isNew {
            printLine(
                "The master key is in \(configuration.masterKeyFile.path). Keep a copy of it apart from your backups."
            )
        }
        try portal.close()
    }
}
