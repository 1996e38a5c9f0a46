import Crypto
import Knowledge
public import Records
import Store

/// Copies of everything that is held on a client: asked for, made in the background, fetched by a signed link.
public struct ExportService: Sendable {
    /// How long a link is good.
    public static let linkLife = Duration.seconds(600)
    /// How long a copy is kept.
    public static let life = Duration.seconds(7 * 86_400)

    private let gate: ClientGate
    private let key: SymmetricKey

    private static let make = "export.make"
    private static let expire = "export.expire"

    init(gate: ClientGate, master: MasterKey) {
        self.gate = gate
        key = master.derived(for: "export-link")
    }

    /// Asks for a copy. One that is still being made is returned as it is.
    public func request(of client: ID<Client>, as principal: Principal) async throws -> DataExport {
        try await open(.create, of: client, as: principal) { access in
            if let waiting = try access.first(DataExport.self, where: "status = 'QUEUED'") { return waiting }
            let export = DataExport(
                id: gate.surroundings.newID(),
                clientID: client,
                requestedByAccountID: principal.accountID,
                status: .queued,
                createdAt: access.now,
                updatedAt: access.now
            )
            try access.insert(export)
            try access.enqueue(WorkRequest(Self.make, subject: export.id.text), ids: gate.surroundings)
            return export
        }
    }

    public func exports(of client: ID<Client>, as principal: Principal) async throws -> [DataExport] {
        try await open(.read, of: client, as: principal) { access in
            try access.all(DataExport.self, order: "created_at DESC, id DESC", limit: 20)
        }
    }

    /// The signed part of a link to a file, and when it stops working. Throws ``StepRefused`` for a copy that is not there
    /// (yet, or any more).
    public func link(
        to id: ID<DataExport>,
        _ format: DataExport.Format,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> (link: String, expiresAt: Timestamp) {
        guard case .account(let account, let own) = principal.identity else { throw AccessDenied() }
        return try await open(.read, of: client, as: principal, id: id) { access in
            guard try access.one(id).status == .ready else {
                throw StepRefused("This copy is not ready, or is not kept any more. Ask for a new one.")
            }
            let link = ExportLink(
                export: id,
                format: format,
                client: client,
                practice: principal.practiceID,
                account: account,
                isOwn: own == client,
                expiresAt: access.now.adding(Self.linkLife)
            )
            return (link.text(key: key), link.expiresAt)
        }
    }

    /// The file of a link. Throws ``RecordNotFound`` alike for a link that was not made here, is too old, or whose owner may
    /// not see the record any more.
    public func file(_ text: String, origin: Principal.Origin) async throws -> (format: DataExport.Format, text: String)
    {
        guard let link = ExportLink(text, key: key), link.expiresAt > gate.surroundings.now() else {
            throw RecordNotFound()
        }
        let principal = Principal(
            practiceID: link.practice,
            identity: .account(link.account, ownClient: link.isOwn ? link.client : nil),
            actingFor: link.isOwn ? nil : link.client,
            origin: origin
        )
        return try await open(.read, of: link.client, as: principal, id: link.export) { access in
            var export = try access.one(link.export)
            guard let content = link.format == .json ? export.json : export.html else { throw RecordNotFound() }
            export.downloadedAt = access.now
            export.updatedAt = access.now
            try access.onward(
                .change,
                on: .export,
                work: "export.download",
                entity: DataExport.table.text,
                entityID: link.export.text
            ).update(export)
            return (link.format, content.plaintext)
        }
    }

    private func open<Result: Sendable>(
        _ action: AccessAction,
        of client: ID<Client>,
        as principal: Principal,
        id: ID<DataExport>? = nil,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        try await gate.open(
            action,
            on: .export,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: DataExport.table.text,
            entityID: id?.text,
            body
        )
    }

    // MARK: - Work

    var handlers: [WorkHandler] { [makeHandler, expireHandler] }

    private var makeHandler: WorkHandler {
        WorkHandler(Self.make) { item, transaction in
            try change(item, in: transaction) { export, access in
                guard export.status == .queued else { return }
                let reader = export.requestedByAccountID.map(PortalNotification.Recipient.account)
                let language =
                    try reader?.language(in: transaction) ?? access.client().language ?? access.practice().locale
                let document = try ExportDocument(of: access, in: language)
                export.json = SealedText(try document.json())
                export.html = SealedText(document.html())
                export.status = .ready
                export.readyAt = access.now
                export.expiresAt = access.now.adding(Self.life)
                try access.enqueue(
                    WorkRequest(Self.expire, subject: export.id.text, runAt: export.expiresAt),
                    ids: gate.surroundings
                )
                guard let reader else { return }
                try PortalNotification(
                    id: gate.surroundings.newID(),
                    practiceID: item.practiceID,
                    recipient: reader,
                    clientID: export.clientID,
                    type: "export.ready",
                    title: ExportContents.ready.text(in: language),
                    link: "/portal/privacy/export",
                    dedupeKey: "export.ready:\(export.id)",
                    sentAt: access.now
                ).insert(in: transaction)
            }
        }
    }

    private var expireHandler: WorkHandler {
        WorkHandler(Self.expire) { item, transaction in
            try change(item, in: transaction) { export, _ in
                export.json = nil
                export.html = nil
                export.status = .expired
            }
        }
    }

    private func change(
        _ item: WorkItem,
        in transaction: Transaction,
        _ body: (inout DataExport, ClientAccess) throws -> Void
    ) throws {
        guard let client = item.clientID, let id = ID<DataExport>(item.subjectID) else { return }
        let access = try gate.policy.grant(
            .change,
            on: .export,
            of: client,
            to: .system(item.kind, practice: item.practiceID),
            purpose: .automation,
            entity: DataExport.table.text,
            entityID: item.subjectID,
            in: transaction
        )
        guard var export = try access.first(DataExport.self, where: "id = \(id)") else { return }
        try body(&export, access)
        export.updatedAt = access.now
        try access.update(export)
    }
}
