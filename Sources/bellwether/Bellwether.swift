import ArgumentParser

@main
struct Bellwether: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellwether",
        abstract: "The assistant and assessment service of a mental-health client portal.",
        discussion: """
            Results go to standard output, as a table for people or, with --format json, as one JSON document. \
            Errors go to standard error; exit codes follow sysexits(3): 64 usage, 65 faulty data, 66 missing input, \
            69 unavailable, 73 cannot create, 74 input or output error, 78 faulty configuration.
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Ask.self, ScoreCommand.self, TrendCommand.self, InstrumentCommand.self, CorpusCommand.self,
            ChatCommand.self, Rules.self, Policy.self, Evaluate.self, Migrate.self, Doctor.self,
            Account.self, AuditCommand.self, KeysCommand.self, ClientCommand.self,
        ]
    )
}
