public import Records
import Store

/// Everybody's own notification list.
public struct NotificationService: Sendable {
    private let database: Database
    private let surroundings: Surroundings

    init(database: Database, surroundings: Surroundings) {
        self.database = database
        self.surroundings = surroundings
    }

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

    /// The newest notifications of whoever asks, and how many are unread in all.
    public func inbox(of principal: Principal, limit: Int = 50) async throws -> Inbox {
        let own = condition(principal)
        return try await database.read { transaction in
            Inbox(
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
        let now = surroundings.now()
        let own = condition(principal)
        try await database.write { transaction in
            let changed = try transaction.execute(
                "UPDATE notifications SET read_at = COALESCE(read_at, \(now)), updated_at = \(now) WHERE id = \(id) AND \(own)"
            )
            if changed == 0 { throw RecordNotFound() }
        }
    }
}
