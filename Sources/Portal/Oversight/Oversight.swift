import Records
import Store

/// What the practice looks over itself with: the audit and its checkpoints, the keys, and the deletion of clients.
public struct Oversight: Sendable {
    public let audit: AuditSearch
    public let checkpoints: AuditCheckpoints
    public let accessLog: RecordAccessLog
    public let activity: AccountActivity
    public let disclosures: DisclosureService
    public let keys: KeyRotation
    public let deletion: ClientDeletion

    init(
        gate: ClientGate,
        audit log: AuditLog,
        vault: KeyVault,
        master: MasterKey,
        spool: CrisisSpool,
        configuration: PortalConfiguration
    )
        throws
    {
        let desk = OversightDesk(database: gate.database, log: log, surroundings: gate.surroundings)
        checkpoints = AuditCheckpoints(
            desk: desk,
            folder: CheckpointFolder(configuration.checkpointFolder),
            signer: try AuditSigner(seed: master.derived(for: "audit-checkpoints"))
        )
        audit = AuditSearch(desk: desk, checkpoints: checkpoints)
        accessLog = RecordAccessLog(gate: gate)
        activity = AccountActivity(desk: desk)
        disclosures = DisclosureService(gate: gate)
        keys = KeyRotation(desk: desk, vault: vault, masterFile: MasterKeyFile(configuration.masterKeyFile))
        deletion = ClientDeletion(desk: desk, vault: vault, spool: spool)
    }
}

/// Where administrators, and the service itself, do what concerns the whole practice: every act is on record, and so is
/// every refusal.
struct OversightDesk: Sendable {
    let database: Database
    let log: AuditLog
    let surroundings: Surroundings

    /// Runs `body` in one transaction with its audit record. Throws ``AccessDenied`` for anybody but administrators and the
    /// service's own work.
    func act<Result: Sendable>(
        _ action: String,
        on entity: String,
        _ entityID: String? = nil,
        reason: AuditReason? = nil,
        as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let entry = AuditEntry(
            principal: principal,
            relation: Self.relation(of: principal),
            purpose: .operations,
            action: action,
            entity: entity,
            entityID: entityID,
            outcome: .ok,
            reason: reason
        )
        let now = surroundings.now()
        do {
            guard entry.relation != nil else { throw AccessDenied() }
            return try await database.write { transaction in
                try log.append(entry, at: now, in: transaction)
                return try body(transaction)
            }
        } catch  where error is AccessDenied || error is RecordNotFound {
            try await database.write { _ = try log.append(entry.denied, at: now, in: $0) }
            throw error
        }
    }

    static func relation(of principal: Principal) -> Relation? {
        switch principal.identity {
        case .staff(_, role: .administrator): .administrator
        case .system: .system
        case .account, .staff: nil
        }
    }
}
