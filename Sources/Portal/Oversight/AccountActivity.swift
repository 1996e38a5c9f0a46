public import Records
import Store

/// What happened to somebody's own account: sign-ins, failed ones too, changes, downloads (ACC-54).
public struct AccountActivity: Sendable {
    private let desk: OversightDesk

    init(desk: OversightDesk) { self.desk = desk }

    /// Rows of the audit about the account of whoever asks, the newest first. What they read and wrote in records is not
    /// among them, but for what they took out.
    ///
    /// - Parameter seq: rows from before this one.
    public func rows(of principal: Principal, before seq: Int64?, limit: Int) async throws -> [AuditRow] {
        guard let id = principal.accountID?.text ?? principal.staffID?.text else { throw AccessDenied() }
        return try await desk.database.read { transaction in
            let earlier: SQL = seq.map { "seq < \($0)" } ?? "TRUE"
            return try transaction.fetch(
                AuditRow.self,
                """
                SELECT * FROM audit_log
                WHERE (\(earlier)) AND practice_id = \(principal.practiceID) AND (
                    (actor_id = \(id) AND (relation IS NULL OR action LIKE '%EXPORT%' OR action LIKE '%DOWNLOAD%'))
                    OR (entity_id = \(id) AND client_id IS NULL)
                    OR (entity_id = \(id) AND entity = 'portal_accounts' AND client_id = \(principal.ownClient))
                )
                ORDER BY seq DESC LIMIT \(limit)
                """
            )
        }
    }
}

extension Principal {
    fileprivate var ownClient: ID<Client>? {
        if case .account(_, let client) = identity { client } else { nil }
    }
}
