public import Store

/// The right of a member of staff to list one kind of record across the clients they may see. Only ``AccessPolicy`` makes
/// one; every query is filtered by those clients.
public struct CaseloadAccess {
    /// The clients to whom the member of staff is one thing, and what that shows of each.
    struct Part {
        let relation: Relation
        let sight: Sight
        /// On a column `client_id`.
        let condition: SQL
    }

    public let principal: Principal
    public let area: DataArea
    /// Which rows of the area it reaches; of the clients that reach it in another way, those that this way shows.
    public let sight: Sight
    let parts: [Part]
    let transaction: Transaction
    let vault: KeyVault
    public let now: Timestamp

    public var practiceID: ID<Practice> { principal.practiceID }

    /// Rows of one kind, each unsealed under its own client's key.
    public func all<Record: ClientRecord>(
        _ type: Record.Type,
        where filter: SQL = "TRUE",
        order: SQL = "id",
        limit: Int = .max
    ) throws -> [Record] {
        let visible: [SQL] = parts.compactMap { part in
            Record.visibility(part.sight).map { "((\(part.condition)) AND (\($0)))" }
        }
        guard Record.area == area, !visible.isEmpty else { throw AccessDenied() }
        let rows = try transaction.rows(
            """
            SELECT * FROM \(Record.table) WHERE (\(SQL.joined(visible, separator: " OR "))) AND (\(filter))
            ORDER BY \(order) LIMIT \(limit)
            """
        )
        return try rows.map { row in
            let client: ID<Client> = try row.get("client_id")
            return try transaction.decode(
                Record.self,
                from: row,
                sealing: try vault.sealer(for: AccessPolicy.keyOwner(client))
            )
        }
    }

    /// The clients themselves, by name.
    public func clients(where filter: SQL = "TRUE", limit: Int = .max) throws(StoreError) -> [Client] {
        let anyPart = SQL.joined(parts.map { "(\($0.condition))" }, separator: " OR ")
        return try transaction.fetch(
            Client.self,
            """
            SELECT * FROM (SELECT clients.*, clients.id AS client_id FROM clients) AS visible
            WHERE (\(anyPart)) AND (\(filter)) ORDER BY last_name, first_name, id LIMIT \(limit)
            """
        )
    }
}
