public import Records
import Store

/// Everybody's own notification list.
public struct NotificationService: Sendable {
    private let gate: ClientGate
    private var database: Database { gate.database }

    init(gate: ClientGate) { self.gate = gate }

    public struct Inbox: Sendable {
        public let notifications: [PortalNotification]
        public let unread: Int
    }

    private func condition(_ principal: Principal) -> SQL {
        switch principal.identity {
        case .account(let id, _): "account_id = \(id)"
        case .staff(let id, _): "user_id = \(id)"
        case .system: "FALSE"
        }
    }

    /// What of one's own list shows today. A line about a client shows as long as one may read anything of their record,
    /// since that there is something new says something, too. What stays: that one's own right changed, and alerts, which
    /// go to those who are to look after somebody whoever's client that is.
    private func visible(to principal: Principal, in transaction: Transaction) throws(StoreError) -> SQL {
        """
        \(condition(principal)) AND (client_id IS NULL OR type = 'alert.raised'
            OR (account_id IS NOT NULL AND substr(type, 1, 13) = 'relationship.')
            OR \(try gate.policy.knownClients(to: principal, in: transaction)))
        """
    }

    /// The newest notifications of whoever asks, and how many are unread in all.
    public func inbox(of principal: Principal, limit: Int = 50) async throws -> Inbox {
        try await database.read { transaction in
            let own = try visible(to: principal, in: transaction)
            return Inbox(
                notifications: try transaction.fetch(
                    PortalNotification.self,
                    "SELECT * FROM notifications WHERE \(own) ORDER BY created_at DESC, id DESC LIMIT \(limit)"
                ),
                unread: try transaction.count(
                    "SELECT COUNT(*) AS count FROM notifications WHERE \(own) AND read_at IS NULL"
                )
            )
        }
    }

    /// Marks one's own notification read. Throws ``RecordNotFound`` for anybody else's.
    public func markRead(_ id: ID<PortalNotification>, as principal: Principal) async throws {
        let now = gate.surroundings.now()
        let own = condition(principal)
        try await database.write { transaction in
            let changed = try transaction.execute(
                "UPDATE notifications SET read_at = COALESCE(read_at, \(now)), updated_at = \(now) WHERE id = \(id) AND \(own)"
            )
            if changed == 0 { throw RecordNotFound() }
        }
    }
}
