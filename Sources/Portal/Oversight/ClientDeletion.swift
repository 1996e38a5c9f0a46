public import Records
import Store

/// Deletes a client with everything that is held about them but the audit (CORE-02, SEC-25).
///
/// The rows go first, in one transaction that also notes what is still to be done; then the files, and the key last. Until
/// that transaction commits the client is whole; from then on the work queue brings it to its end, however often the
/// machine stops in between. The other way about, a stop would leave a client whose record nobody can read.
public struct ClientDeletion: Sendable {
    let desk: OversightDesk
    private let vault: KeyVault
    private let spool: CrisisSpool

    init(desk: OversightDesk, vault: KeyVault, spool: CrisisSpool) {
        self.desk = desk
        self.vault = vault
        self.spool = spool
    }

    /// A table whose rows outlive the client they are about: the schema has a fault, and nothing is deleted.
    public struct RowsRemain: Error, Sendable {
        public let table: String
    }

    /// Where a deletion may be stopped; a test throws there.
    enum Step: CaseIterable { case begun, rowsGone, committed, filesGone, keyGone }

    /// Deletes `client` and returns the report.
    ///
    /// - Throws: `AccessDenied` for anybody to whom the policy does not open it, for a client of another practice, and for
    ///   none.
    public func delete(_ client: ID<Client>, reason: ErasureReason, as principal: Principal) async throws
        -> ClientErasure
    {
        try await delete(client, reason: reason, as: principal) { _ in }
    }

    func delete(
        _ client: ID<Client>,
        reason: ErasureReason,
        as principal: Principal,
        interruption: @escaping @Sendable (Step) throws -> Void
    ) async throws -> ClientErasure {
        let erasure = try await desk.gate.perform(
            "CLIENT.ERASE",
            .delete,
            on: .chart,
            of: client,
            as: principal,
            purpose: .operations,
            entity: "clients",
            entityID: client.text,
            code: AuditReason(reason)
        ) { _, transaction in
            try interruption(.begun)
            let erasure = try erase(client, reason: reason, principal, in: transaction)
            try interruption(.rowsGone)
            return erasure
        }
        try interruption(.committed)
        let files = try spool.remove(of: client)
        try interruption(.filesGone)
        try vault.destroy(AccessPolicy.keyOwner(client))
        try interruption(.keyGone)
        // What the rows were is still in the write-ahead log until it is written back.
        try? await desk.database.checkpoint()
        return try await desk.database.write { try complete(erasure.id, files: files, in: $0) } ?? erasure
    }

    /// Brings a deletion to its end that was stopped after its rows were gone.
    var handler: WorkHandler {
        WorkHandler("client.erase") { item, transaction in
            guard let id = ID<ClientErasure>(item.subjectID), let erasure = try find(id, in: transaction),
                erasure.completedAt == nil
            else { return }
            let files = try spool.remove(of: erasure.erasedID)
            try vault.destroy(AccessPolicy.keyOwner(erasure.erasedID))
            _ = try complete(id, files: files, in: transaction)
        }
    }

    /// The reports of a practice, the newest first.
    ///
    /// - Throws: `AccessDenied` for anybody to whom the policy does not open the audit of the practice.
    public func reports(as principal: Principal) async throws -> [ClientErasure] {
        try await desk.act("ERASURE.LIST", on: "client_erasures", as: principal) { transaction in
            try transaction.fetch(
                ClientErasure.self,
                """
                SELECT * FROM client_erasures WHERE practice_id = \(principal.practiceID)
                ORDER BY erased_at DESC, id DESC LIMIT 1000
                """
            )
        }
    }

    private func erase(
        _ client: ID<Client>,
        reason: ErasureReason,
        _ principal: Principal,
        in transaction: Transaction
    ) throws -> ClientErasure {
        let account = try transaction.rows("SELECT id FROM portal_accounts WHERE client_id = \(client)").first
            .map { try $0.get("id", as: String.self) }
        var before = try rows(about: client, account: account, in: transaction)
        let proxies = try proxies(of: client, in: transaction)
        if !proxies.isEmpty { before["portal_accounts", default: 0] += proxies.count }
        // Overwritten, not only given free: names and dates are not sealed.
        try transaction.overwriteDeleted()
        let deleted = try transaction.execute(
            "DELETE FROM clients WHERE id = \(client) AND practice_id = \(principal.practiceID)"
        )
        guard deleted > 0 else { throw RecordNotFound() }
        try remove(proxies, as: principal, in: transaction)
        if let left = try rows(about: client, account: account, in: transaction).first {
            throw RowsRemain(table: left.key)
        }
        let now = desk.surroundings.now()
        let erasure = ClientErasure(
            id: desk.surroundings.newID(),
            practiceID: principal.practiceID,
            erasedID: client,
            reason: reason,
            requestedBy: principal.staffID?.text ?? "system",
            rowCounts: before.merging(["clients": 1]) { $1 },
            erasedAt: now,
            createdAt: now,
            updatedAt: now
        )
        try transaction.insert(erasure, into: ClientErasure.table)
        try DomainEvent("client.erased", subject: erasure.id.text)
            .append(
                practice: principal.practiceID,
                client: nil,
                at: now,
                ids: desk.surroundings,
                transaction: transaction
            )
        try WorkRequest("client.erase", subject: erasure.id.text, runAt: now.adding(.seconds(60)))
            .enqueue(
                practice: principal.practiceID,
                client: nil,
                now: now,
                ids: desk.surroundings,
                transaction: transaction
            )
        return erasure
    }

    /// How many rows are about the client or their account, by table. The audit stays, and is not counted.
    private func rows(about client: ID<Client>, account: String?, in transaction: Transaction) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for (column, id) in [("client_id", client.text), ("account_id", account)] {
            guard let id else { continue }
            for table in try transaction.tables(with: column) where table.text != "audit_log" {
                let count = try transaction.count(matching: id, in: table, column: column)
                if count > 0 { counts[table.text] = max(counts[table.text] ?? 0, count) }
            }
        }
        return counts
    }

    private func find(_ id: ID<ClientErasure>, in transaction: Transaction) throws -> ClientErasure? {
        try transaction.fetchOne(ClientErasure.self, "SELECT * FROM client_erasures WHERE id = \(id)")
    }

    private func complete(_ id: ID<ClientErasure>, files: Int, in transaction: Transaction) throws -> ClientErasure? {
        let now = desk.surroundings.now()
        try transaction.execute(
            """
            UPDATE client_erasures SET files = \(files), completed_at = \(now), updated_at = \(now)
            WHERE id = \(id) AND completed_at IS NULL
            """
        )
        return try find(id, in: transaction)
    }
}
