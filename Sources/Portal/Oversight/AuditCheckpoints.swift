public import Records
import Store

/// Signs what the audit is from time to time, and writes it to a folder that should be on another machine.
public struct AuditCheckpoints: Sendable {
    private let desk: OversightDesk
    public let folder: CheckpointFolder
    private let signer: AuditSigner

    /// A checkpoint is due after so many rows, or after so long when there was any.
    private static let rows: Int64 = 1000
    private static let interval: Duration = .seconds(15 * 60)

    init(desk: OversightDesk, folder: CheckpointFolder, signer: AuditSigner) {
        self.desk = desk
        self.folder = folder
        self.signer = signer
    }

    /// What the signatures are checked with.
    public var publicKey: AuditPublicKey { signer.publicKey }

    /// What was signed until now; nil when there is nothing.
    public func history() -> CheckpointHistory? { folder.history(publicKey) }

    /// Signs what the audit is now, on demand. Nil when nothing was written to it since the last time.
    ///
    /// - Throws: `AccessDenied` for anybody but administrators and the service; `AuditTailCut`; what keeps the file from
    ///   being written.
    public func write(as principal: Principal) async throws -> AuditCheckpoint? {
        // The row that names the checkpoint is the record of the act.
        guard desk.gate.policy.practiceRelation(of: principal, .change, on: .audit) != nil else {
            return try await desk.act(AuditCheckpoint.action, .change, on: "audit_log", as: principal) { _ in nil }
        }
        return try await write(minimum: 1, by: principal)
    }

    /// Signs when it is due, as the background work asks every few seconds.
    public func writeWhenDue() async throws -> AuditCheckpoint? {
        let isLongAgo = folder.newest.map { $0.at.adding(Self.interval) <= desk.surroundings.now() } ?? true
        return try await write(minimum: isLongAgo ? 1 : Self.rows)
    }

    private func write(minimum: Int64, by principal: Principal? = nil) async throws -> AuditCheckpoint? {
        try await folder.write(
            of: desk.log,
            in: desk.database,
            signer: signer,
            minimum: minimum,
            by: principal,
            surroundings: desk.surroundings
        )
    }
}
