import Assistant
public import Foundation
public import Portal
public import Records
public import Store
import Synchronization

/// A portal on a fresh database in a folder of its own, with the repository's real instruments and prompts, a few of its
/// articles, and two practices full of people. The clock stands still until the test moves it.
///
/// Keep it for as long as its portal is used (a suite's stored property does): its folder goes when it goes.
public final class TestPortal: Sendable {
    /// Everybody's password.
    public static let password = "the heron stands in the shallows"
    /// The articles it starts with.
    public static let articles = ["assessment-due", "coping-panic", "message-provider"]

    public let portal: Portal
    public let clock: TestClock
    public let practice: Practice
    public let people: TestPeople
    public let neighbors: TestNeighbors
    /// Holds the data, and copies of instruments and articles that a test may change.
    public let folder: URL
    /// Takes the mail that ``drainWork()`` sends.
    public let mailbox = TestMailbox()

    /// - Parameters:
    ///   - articles: names of the articles to publish; without any it opens faster.
    ///   - model: puts answers into words, once the practice switches it on and a client consents.
    public init(articles: [String] = TestPortal.articles, model: (any LanguageModel)? = nil) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-\(UUID().uuidString)")
        let clock = TestClock()
        self.clock = clock
        var configuration = Self.configuration(folder)
        configuration.languageModel = model
        try Self.copyKnowledge(articles, to: configuration)
        portal = try await Portal.open(
            configuration,
            surroundings: Self.surroundings(clock),
            prompts: Self.prompts.get()
        )

        practice = try await portal.directory.addPractice(
            name: "Test Practice",
            slug: "test",
            timeZone: "America/Chicago",
            phone: "555-0100",
            secondFactors: [:]
        )
        let here = Enrolment(directory: portal.directory, practice: practice)
        let supervisor = try await here.staff("sybil", .supervisor, onCall: true)
        let clinician = try await here.staff("cora", .clinician, supervisor: supervisor)
        let otherClinician = try await here.staff("otto", .clinician)
        people = TestPeople(
            administrator: try await here.staff("ada", .administrator),
            editor: try await here.staff("edda", .contentEditor),
            frontDesk: try await here.staff("finn", .frontDesk),
            supervisor: supervisor,
            clinician: clinician,
            otherClinician: otherClinician,
            client: try await here.client("maya", of: clinician),
            sibling: try await here.client("jordan", of: clinician),
            stranger: try await here.client("priya", of: otherClinician)
        )

        // A later moment, so that the first practice stays the one that a sign-in without a practice means.
        clock.advance(.seconds(1))
        let there = Enrolment(
            directory: portal.directory,
            practice: try await portal.directory.addPractice(
                name: "Neighbor Practice",
                slug: "neighbor",
                timeZone: "America/New_York",
                phone: nil,
                secondFactors: [:]
            )
        )
        let neighbor = try await there.staff("nils", .clinician)
        neighbors = TestNeighbors(
            administrator: try await there.staff("nora", .administrator),
            clinician: neighbor,
            client: try await there.client("noel", of: neighbor)
        )
        try await portal.publishCorpus()
    }

    deinit {
        try? portal.close()
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: - Opening again

    public var configuration: PortalConfiguration { portal.configuration }
    public var surroundings: Surroundings { portal.surroundings }

    private static func configuration(_ folder: URL) -> PortalConfiguration {
        PortalConfiguration(
            dataFolder: folder.appending(path: "data", directoryHint: .isDirectory),
            instruments: folder.appending(path: "Instruments", directoryHint: .isDirectory),
            prompts: RepositoryRoot.appending("Prompts"),
            corpus: folder.appending(path: "Corpus", directoryHint: .isDirectory),
            passwordCost: .init(logRounds: 4, blockSize: 1, parallelism: 1)
        )
    }

    /// Read once, since that takes longer than a test does.
    private static let prompts = Result { try Prompts(directory: RepositoryRoot.appending("Prompts")) }

    /// A second portal on the same files, as after a restart. Close it.
    public func openAgain() async throws -> Portal {
        try await Portal.open(configuration, surroundings: surroundings, prompts: Self.prompts.get())
    }

    private static func surroundings(_ clock: TestClock) -> Surroundings {
        Surroundings(now: { clock.now }, random: Surroundings.system.random)
    }

    private static func copyKnowledge(_ articles: [String], to configuration: PortalConfiguration) throws {
        let files = FileManager.default
        let corpus = configuration.corpus.appending(path: "en", directoryHint: .isDirectory)
        try files.createDirectory(at: corpus, withIntermediateDirectories: true)
        try files.copyItem(at: RepositoryRoot.appending("Instruments"), to: configuration.instruments)
        for name in articles {
            try files.copyItem(
                at: RepositoryRoot.appending("Corpus/en/\(name).md"),
                to: corpus.appending(path: "\(name).md")
            )
        }
    }

    // MARK: - Work

    /// A piece of work that failed, which no test expects by the way.
    public struct WorkFailed: Error {
        public let kind: String
        public let error: String
    }

    /// Does all the work that is due by the clock and returns how much it was. Throws ``WorkFailed`` for the first failure.
    @discardableResult
    public func drainWork() async throws -> Int {
        let failures = Failures()
        let done = try await portal.workRunner(mailer: mailbox) { item, error in
            failures.add(WorkFailed(kind: item.kind, error: error))
        }.drain()
        if let first = failures.first { throw first }
        return done
    }

    private final class Failures: Sendable {
        private let all = Mutex<[WorkFailed]>([])
        var first: WorkFailed? { all.withLock { $0.first } }
        func add(_ failure: WorkFailed) { all.withLock { $0.append(failure) } }
    }

    // MARK: - Looking into the database

    /// The rows of a query, past every check of access.
    public func rows(_ sql: SQL) async throws -> [Row] { try await portal.database.read { try $0.rows(sql) } }

    /// The number in the column `count`, as in `SELECT COUNT(*) AS count …`.
    public func count(_ sql: SQL) async throws -> Int { try await portal.database.read { try $0.count(sql) } }

    /// Changes something behind the services' back.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int { try await portal.database.write { try $0.execute(sql) } }

    // MARK: - Mail

    /// The mail that was asked for and waits, oldest first.
    public func waitingMail(to address: String? = nil) async throws -> [MailRequest] {
        let vault = portal.vault
        let waiting = try await portal.database.read { transaction in
            try transaction.rows("SELECT * FROM mail_messages WHERE state = 'WAITING' ORDER BY created_at, id")
                .compactMap { row in
                    let client: ID<Client>? = try row.get("client_id")
                    let practice: ID<Practice> = try row.get("practice_id")
                    let owner = client.map(AccessPolicy.keyOwner) ?? "practice:\(practice)"
                    return try transaction.decode(MailRecord.self, from: row, sealing: vault.sealer(for: owner)).request
                }
        }.filter { address == nil || $0.to == address }
        // What lacks a word could never be sent.
        for request in waiting {
            let needed = MailTemplate(rawValue: request.template)?.parameters.map(\.rawValue) ?? ["template"]
            for name in needed where request.parameters[name] == nil {
                throw WorkFailed(kind: request.template, error: "lacks \(name)")
            }
        }
        return waiting
    }

    // MARK: - A full disk

    /// Lets the database's file grow no further, as on a full disk, and uses up what room is left in it: every write fails
    /// with `StoreError.full` until ``heal()``. Reading goes on.
    public func sabotage() async throws {
        // A limit below the present size is taken as the present size.
        try await portal.database.write { try $0.executeScript("PRAGMA max_page_count = 1") }
        // Each of these appends to the audit; sooner or later it needs a page that is not to be had.
        while true {
            do {
                _ = try await portal.caseload.clients(of: people.administrator.principal)
            } catch StoreError.full {
                return
            }
        }
    }

    /// Makes room again.
    public func heal() async throws {
        try await portal.database.write { try $0.executeScript("PRAGMA max_page_count = 1073741823") }
    }
}
