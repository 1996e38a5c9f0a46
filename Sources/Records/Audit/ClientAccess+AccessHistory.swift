import Store

/// What somebody did with a client's record on one day, in one part of it.
public struct AccessHistoryEntry: Sendable, Codable {
    public let actorKind: String
    public let actorID: String?
    public let relation: String?
    public let purpose: String?
    /// Such as `CHAT.READ`.
    public let action: String
    public let first: Timestamp
    public let last: Timestamp
    public let times: Int
    /// The last of them in the audit, by which the list is ordered.
    public let newest: Int64

    private enum CodingKeys: String, CodingKey {
        case relation, purpose, action, times, newest
        case actorKind = "actor_kind"
        case actorID = "actor_id"
        case first = "first_at"
        case last = "last_at"
    }
}

extension ClientAccess {
    /// Who opened the client's record, the newest first, a line for each person, part and day. What the service did on its
    /// own, and what was refused, is not in it.
    ///
    /// - Parameters:
    ///   - newest: lines from before the one with this number.
    ///   - offset: of the reader's time zone from UTC, in milliseconds, which says where a day begins.
    public func accessHistory(before newest: Int64?, offset: Int64, limit: Int) throws -> [AccessHistoryEntry] {
        let earlier: SQL = newest.map { "HAVING MAX(seq) < \($0)" } ?? ""
        return try transaction.fetch(
            AccessHistoryEntry.self,
            """
            SELECT actor_kind, actor_id, relation, purpose, action, MIN(at) AS first_at, MAX(at) AS last_at,
                   COUNT(*) AS times, MAX(seq) AS newest
            FROM audit_log
            WHERE practice_id = \(practiceID) AND client_id = \(clientID) AND outcome = 'OK' AND actor_kind <> 'SYSTEM'
            GROUP BY actor_kind, actor_id, relation, purpose, action, (at + \(offset)) / 86400000
            \(earlier)
            ORDER BY newest DESC LIMIT \(limit)
            """
        )
    }

    /// The names of those who act in the audit: of staff, and of those who sign in for the client.
    public func names(of entries: [AccessHistoryEntry]) throws -> [String: String] {
        let ids = Array(Set(entries.compactMap(\.actorID)))
        let rows = try transaction.rows(
            """
            SELECT id, display_name AS name FROM users WHERE practice_id = \(practiceID) AND id IN (\(list: ids))
            UNION ALL
            SELECT id, username AS name FROM portal_accounts WHERE practice_id = \(practiceID) AND id IN (\(list: ids))
            """
        )
        return try Dictionary(
            rows.map { (try $0.get("id", as: String.self), try $0.get("name", as: String.self)) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
