public import Records
import Store

/// What happened with somebody's own account, for themselves to read (ACC-54).
public struct AccountActivity: Sendable {
    let database: Database

    public struct Entry: Sendable {
        public let at: Timestamp
        /// Such as `SESSION.START`.
        public let action: String
        public let succeeded: Bool
        public let ip: String?
    }

    /// The newest first: what one did oneself with the account, and what was tried on it.
    public func entries(of principal: Principal, limit: Int = 100) async throws -> [Entry] {
        guard let owner = CredentialOwner(principal) else { return [] }
        let id = owner.text
        return try await database.read { transaction in
            try transaction.rows(
                """
                SELECT at, action, outcome, ip FROM audit_log
                WHERE practice_id = \(principal.practiceID) AND (
                    (actor_id = \(id) AND entity IN ('auth_sessions', 'portal_accounts', 'users', 'legal_documents'))
                    OR entity_id = \(id))
                ORDER BY seq DESC LIMIT \(limit)
                """
            ).map { row in
                Entry(
                    at: try row.get("at"),
                    action: try row.get("action"),
                    succeeded: row["outcome"] == .text("OK"),
                    ip: try row.get("ip")
                )
            }
        }
    }
}
