public import Foundation

/// Where a portal keeps its data and finds its knowledge.
public struct PortalConfiguration: Sendable {
    /// Folder of the database, the key vault and the spool.
    public var dataFolder: URL
    /// The master key's file. Keep a copy of it apart from the database's backups.
    public var masterKeyFile: URL
    public var instruments: URL
    public var prompts: URL
    public var corpus: URL
    public var passwordCost: PasswordHasher.Cost
    /// Where the audit's checkpoints are written; best on another machine.
    public var checkpointFolder: URL
    /// Where people reach the portal: what the links in mail begin with.
    public var publicAddress = URL(string: "http://127.0.0.1:8080") ?? URL(filePath: "/")
    /// Whether opening takes in the corpus folder; without it, what is published stays as it is.
    public var takesCorpusIn = true
    /// Draws the links of invitations and authenticators; nil shows them as text.
    public var qrCodes: (any QRCodeDrawing)?
    /// Folder of a sentence encoder, with which search understands paraphrase; nil, or a folder without a model, leaves
    /// search to the words.
    public var encoder: URL?
    /// Puts quotations into words where practice and client want it; nil, and nothing of a chat leaves the machine.
    public var languageModel: (any LanguageModel)?

    public init(
        dataFolder: URL,
        masterKeyFile: URL? = nil,
        instruments: URL,
        prompts: URL,
        corpus: URL,
        passwordCost: PasswordHasher.Cost = .standard,
        checkpointFolder: URL? = nil
    ) {
        self.dataFolder = dataFolder
        self.masterKeyFile = masterKeyFile ?? dataFolder.appending(path: "master.key")
        self.instruments = instruments
        self.prompts = prompts
        self.corpus = corpus
        self.passwordCost = passwordCost
        self.checkpointFolder =
            checkpointFolder ?? dataFolder.appending(path: "audit-checkpoints", directoryHint: .isDirectory)
    }

    public var databaseFile: URL { dataFolder.appending(path: "bellwether.sqlite") }
    public var vaultFile: URL { dataFolder.appending(path: "keys.sqlite") }
    var spoolFolder: URL { dataFolder.appending(path: "spool", directoryHint: .isDirectory) }
}
