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
    public let refusals: EndpointRefusals

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
        let desk = OversightDesk(gate: gate, log: log)
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
        refusals = EndpointRefusals(desk: desk)
        deletion = ClientDeletion(desk: desk, vault: vault, spool: spool)
    }
}

/// Where what concerns the whole practice is done: every act is on record, and so is every refusal.
struct OversightDesk: Sendable {
    let gate: ClientGate
    let log: AuditLog

    var database: Database { gate.database }
    var surroundings: Surroundings { gate.surroundings }

    /// Runs `body` in one transaction with its audit record. Throws ``AccessDenied`` for anybody to whom the policy does not
    /// open the audit of the whole practice for `action`.
    func act<Result: Sendable>(
        _ act: String,
        _ action: AccessAction = .read,
        on entity: String,
        _ entityID: String? = nil,
        as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await gate.performForPractice(
            act,
            action,
            on: .audit,
            as: principal,
            entity: entity,
            entityID: entityID,
            body
        )
    }
}
