import Assessment
public import Assistant
import Crypto
import Foundation
import Knowledge
public import Records
import Retrieval
public import Store

/// The database has a practice, but the file with its clients' keys is gone.
public struct MissingKeyVault: Error, Sendable, CustomStringConvertible {
    let path: String

    public var description: String {
        "The key vault \(path) is missing. Put back the one that belongs to this database; without it nothing sealed can be read."
    }
}

/// The whole portal: its store, its knowledge and its services, wired once.
public struct Portal: Sendable {
    public let configuration: PortalConfiguration
    public let surroundings: Surroundings
    public let database: Database
    public let audit: AuditLog
    public let vault: KeyVault
    public let safetyNet: SafetyNet
    public let prompts: Prompts
    public let catalog: InstrumentCatalog
    public let articles: ArticleLibrary
    public let encoder: EncoderState
    public let editing: ArticleEditing
    public let desk: ArticleDesk
    public let rules: RuleDesk
    public let gaps: GapService
    public let feedback: FeedbackService
    public let contentReporting: ContentReporting
    public let recommendations: RecommendationService
    public let corpus: CorpusExchange
    public let directory: PracticeDirectory
    public let devices: DeviceService
    public let sessions: SessionService
    public let signIn: SignInService
    public let magicLinks: MagicLinkService
    public let passwords: PasswordService
    public let factors: SecondFactorService
    public let stepUp: StepUp
    public let emailChange: EmailChangeService
    public let terms: TermsService
    public let accounts: AccountAdministration
    public let invitations: InvitationService
    public let registration: RegistrationService
    public let selfRegistration: SelfRegistrationService
    public let chat: ChatService
    public let wording: WordingService
    public let assessments: AssessmentService
    public let alerts: AlertService
    public let notifications: NotificationService
    public let caseload: CaseloadService
    public let records: RecordService
    public let exports: ExportService
    private let recordTelling: RecordTelling
    public let profiles: ProfileService
    public let preferences: PreferenceService
    public let consents: ConsentService
    public let relationships: RelationshipService
    public let emergencyAccess: EmergencyAccessService
    public let privacy: PrivacyService
    public let jurisdiction: JurisdictionService
    /// Who may see what.
    public let policyTable: PolicyTable
    public let oversight: Oversight
    let spool: CrisisSpool
    private let gate: ClientGate
    private let mailWording: MailWording
    private let lexicon: Lexicon

    /// Opens the portal: reads and checks its knowledge, opens or creates the database and its keys, brings the schema
    /// up to date, publishes new instrument versions, and builds the article index.
    ///
    /// Throws `KnowledgeError` for a faulty file, `StoreError` and `MasterKeyError` for the store, ``MissingKeyVault``, and
    /// ``InstrumentCatalog/ChangedVersion``; each says what to do.
    ///
    /// - Parameter prompts: the prompts of the configuration's folder, where they were read before.
    public static func open(
        _ configuration: PortalConfiguration,
        surroundings: Surroundings = .system,
        prompts known: Prompts? = nil
    ) async throws -> Portal {
        let encoder = EncoderState(folder: configuration.encoder)
        let prompts = try (known ?? Prompts(directory: configuration.prompts)).reading(with: encoder.encoder)
        let mailWording = try MailWording(prompts: configuration.prompts)
        let lexicon = try Lexicon(
            directory: configuration.prompts.appending(path: "search", directoryHint: .isDirectory)
        )
        let corpusRules = try CorpusRules(
            directory: configuration.prompts.appending(path: "search", directoryHint: .isDirectory)
        )
        let recommendationRules = try RecommendationRules(
            file: KnowledgeFile.read(configuration.prompts.appending(path: "search/recommendations.yaml"))
        )
        let instruments = try KnowledgeFile.readAll(below: configuration.instruments, extensions: ["yaml", "yml"])
        // All knowledge is read before anything is created.
        _ = try PolicyTable.readShipped()
        _ = try InstrumentLibrary(files: instruments)
        _ = try Corpus(directory: configuration.corpus)

        do {
            try FileManager.default.createDirectory(
                at: configuration.dataFolder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StoreError.cannotOpen(path: configuration.dataFolder.path)
        }
        let isNew = !FileManager.default.fileExists(atPath: configuration.databaseFile.path)
        if isNew && !FileManager.default.fileExists(atPath: configuration.masterKeyFile.path) {
            _ = try MasterKey.create(configuration.masterKeyFile, random: surroundings.random)
        } else {
            _ = try MasterKey.read(configuration.masterKeyFile)
        }
        let database = try Database(url: configuration.databaseFile)
        try await Schema.migrator.migrate(database, now: surroundings.now().milliseconds)
        let hasVault = FileManager.default.fileExists(atPath: configuration.vaultFile.path)
        if !hasVault, try await database.read({ try $0.row("SELECT id FROM practices LIMIT 1") != nil }) {
            // A new vault would give every client a new key, and the audit another: all of it would seem lost.
            throw MissingKeyVault(path: configuration.vaultFile.path)
        }
        let masterFile = MasterKeyFile(configuration.masterKeyFile)
        let vault = try KeyVault(
            url: configuration.vaultFile,
            masterKeys: { masterFile.keys() },
            random: surroundings.random
        )
        try masterFile.settle(vault)
        let master = try rootKey(of: vault, configuration)

        let catalog = try await InstrumentCatalog.publish(instruments, to: database, surroundings: surroundings)
        let articles = ArticleLibrary(
            database: database,
            surroundings: surroundings,
            rules: RuleShelf(builtIn: prompts, database: database),
            lexicon: lexicon,
            encoder: encoder.encoder
        )
        let portal = try Portal(
            configuration: configuration,
            surroundings: surroundings,
            database: database,
            vault: vault,
            master: master,
            prompts: prompts,
            mailWording: mailWording,
            catalog: catalog,
            articles: articles,
            lexicon: lexicon,
            encoder: encoder,
            corpusRules: corpusRules,
            recommendationRules: recommendationRules
        )
        try await articles.refreshRules()
        if configuration.takesCorpusIn {
            try await portal.publishCorpus()
        } else {
            for practice in try await portal.directory.practices() { try await articles.load(practice.id) }
        }
        return portal
    }

    /// The key that all but the clients' keys are derived from.
    private static func rootKey(of vault: KeyVault, _ configuration: PortalConfiguration) throws -> MasterKey {
        do {
            return try vault.root()
        } catch {
            guard case .unsealable = error else { throw error }
            throw MasterKeyError.doesNotFit(path: configuration.masterKeyFile.path)
        }
    }

    private init(
        configuration: PortalConfiguration,
        surroundings: Surroundings,
        database: Database,
        vault: KeyVault,
        master: MasterKey,
        prompts: Prompts,
        mailWording: MailWording,
        catalog: InstrumentCatalog,
        articles: ArticleLibrary,
        lexicon: Lexicon,
        encoder: EncoderState,
        corpusRules: CorpusRules,
        recommendationRules: RecommendationRules
    ) throws {
        self.configuration = configuration
        self.surroundings = surroundings
        self.database = database
        self.vault = vault
        self.prompts = prompts
        self.mailWording = mailWording
        self.catalog = catalog
        self.articles = articles
        self.lexicon = lexicon
        self.encoder = encoder
        audit = AuditLog(key: master.derived(for: "audit"))
        let policy = AccessPolicy(audit: audit, vault: vault, surroundings: surroundings)
        let gate = ClientGate(database: database, policy: policy, surroundings: surroundings)
        self.gate = gate
        let hasher = PasswordHasher(cost: configuration.passwordCost, random: surroundings.random)
        spool = CrisisSpool(folder: configuration.spoolFolder, key: master.derived(for: "spool"))
        safetyNet = SafetyNet(rules: articles.rules)
        alerts = AlertService(gate: gate)
        devices = DeviceService(database: database, audit: audit, surroundings: surroundings)
        sessions = SessionService(
            database: database,
            audit: audit,
            devices: devices,
            master: master,
            surroundings: surroundings
        )
        directory = PracticeDirectory(database: database, audit: audit, hasher: hasher, surroundings: surroundings)
        let context = AccountContext(
            database: database,
            audit: audit,
            policy: policy,
            vault: vault,
            hasher: hasher,
            tokens: OneTimeTokens(master: master, vault: vault, surroundings: surroundings),
            throttle: GuessThrottle(master: master, surroundings: surroundings),
            sessions: sessions,
            devices: devices,
            surroundings: surroundings,
            publicAddress: configuration.publicAddress.absoluteString
        )
        stepUp = StepUp(surroundings: surroundings)
        passwords = PasswordService(context: context, rules: PasswordRules(commonPasswords: .embedded))
        factors = SecondFactorService(context: context, stepUp: stepUp)
        terms = TermsService(database: database, audit: audit, surroundings: surroundings)
        signIn = SignInService(context: context, factors: factors, passwords: passwords, terms: terms)
        magicLinks = MagicLinkService(context: context, signIn: signIn)
        emailChange = EmailChangeService(context: context, stepUp: stepUp)
        accounts = AccountAdministration(context: context, passwords: passwords)
        invitations = InvitationService(context: context, accounts: accounts)
        preferences = PreferenceService(database: database, audit: audit, surroundings: surroundings)
        registration = RegistrationService(
            context: context,
            invitations: invitations,
            passwords: passwords,
            factors: factors,
            terms: terms,
            preferences: preferences
        )
        selfRegistration = SelfRegistrationService(context: context, invitations: invitations)
        let editors = EditorGate(database: database, audit: audit, surroundings: surroundings)
        let questions = AskedQuestions(policy: policy)
        let gaps = GapService(gate: editors, library: articles, questions: questions, rules: corpusRules)
        self.gaps = gaps
        editing = ArticleEditing(
            gate: editors,
            library: articles,
            checker: { now in
                ContentCheck(
                    library: articles,
                    rules: corpusRules,
                    questions: questions,
                    database: database,
                    now: now
                )
            },
            gaps: gaps
        )
        desk = ArticleDesk(gate: editors, library: articles, rules: corpusRules)
        rules = RuleDesk(gate: editors, library: articles, questions: questions)
        feedback = FeedbackService(gate: gate, alerts: alerts, safetyNet: safetyNet)
        contentReporting = ContentReporting(gate: editors, policy: policy)
        corpus = CorpusExchange(gate: editors, library: articles)
        recommendations = RecommendationService(
            gate: gate,
            library: articles,
            catalog: catalog,
            rules: recommendationRules
        )
        chat = ChatService(gate: gate, library: articles, alerts: alerts, safetyNet: safetyNet, spool: spool)
        wording = WordingService(gate: gate, library: articles, model: configuration.languageModel)
        assessments = AssessmentService(gate: gate, catalog: catalog, alerts: alerts, safetyNet: safetyNet)
        notifications = NotificationService(gate: gate)
        caseload = CaseloadService(gate: gate)
        records = RecordService(gate: gate, safetyNet: safetyNet, alerts: alerts)
        exports = ExportService(gate: gate, master: master)
        recordTelling = RecordTelling(policy: policy, kinds: RecordKinds.all, surroundings: surroundings)
        profiles = ProfileService(gate: gate)
        consents = ConsentService(gate: gate)
        relationships = RelationshipService(gate: gate, recipientKey: master.derived(for: "consent-recipients"))
        emergencyAccess = EmergencyAccessService(gate: gate)
        privacy = PrivacyService(gate: gate)
        jurisdiction = JurisdictionService(gate: gate)
        policyTable = policy.table
        oversight = try Oversight(
            gate: gate,
            audit: audit,
            vault: vault,
            master: master,
            spool: spool,
            configuration: configuration
        )
    }

    /// Publishes the articles of the corpus folder to every practice, which builds its index.
    public func publishCorpus() async throws {
        let files = try KnowledgeFile.readAll(below: configuration.corpus, extensions: ["md"])
        for practice in try await directory.practices() {
            try await articles.take(files, for: practice.id, as: .init())
        }
    }

    /// Makes past replies again.
    ///
    /// - Parameter knowledge: the rules, texts and lexicon to make them by; the present ones unless given.
    public func replay(by knowledge: ReplyReplay.Knowledge? = nil) -> ReplyReplay {
        ReplyReplay(gate: gate, library: articles, knowledge: knowledge ?? .init(prompts: prompts, lexicon: lexicon))
    }

    /// The background work of this portal.
    ///
    /// - Parameter mailer: the way out for mail. Without one, mail waits in the queue.
    public func workRunner(
        mailer: (any MailSending)? = nil,
        onFailure: @escaping @Sendable (WorkItem, String) -> Void
    ) -> WorkRunner {
        let delivery = NotificationDelivery(
            vault: vault,
            surroundings: surroundings,
            publicAddress: configuration.publicAddress.absoluteString
        )
        let mail = mailer.map { [MailDispatch(gate: gate, vault: vault, wording: mailWording, mailer: $0).handler] }
        return WorkRunner(
            database: database,
            queue: WorkQueue(database: database, surroundings: surroundings),
            handlers: [
                delivery.handler, profiles.reviewHandler, consents.expireHandler,
                alerts.notifyHandler, alerts.escalateHandler, assessments.tellClientHandler,
                assessments.tellClinicianHandler, assessments.unsubmittedFlagHandler, relationships.tellHandler,
                relationships.endHandler, relationships.linkHandler, recordTelling.handler, oversight.deletion.handler,
                oversight.keys.handler,
                editing.publishHandler, editing.retireHandler, gaps.gatherHandler,
            ] + exports.handlers + (mail ?? []),
            leaving: mail == nil ? [MailRequest.workKind] : [],
            onFailure: onFailure
        )
    }

    /// Closes the files. Everything afterwards fails.
    public func close() throws { try database.close() }
}
