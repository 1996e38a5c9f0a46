public import Store

/// The right to read and write one client's data in one area, for one action. Only ``AccessPolicy`` makes one, and making
/// one writes the audit record; every statement about a client-owned table goes through it and is filtered by it.
///
/// It lives inside the transaction in which it was granted.
public struct ClientAccess {
    public let principal: Principal
    public let clientID: ID<Client>
    public let relation: Relation
    public let area: DataArea
    public let purpose: Purpose
    public let action: AccessAction
    /// Which rows of the area it reaches.
    public let sight: Sight

    /// The moment at which access was granted; what is written under it carries this time.
    public let now: Timestamp

    /// Sights that a row has to be in as well.
    let further: Set<Sight>
    let transaction: Transaction
    let sealer: ColumnSealer
    let policy: AccessPolicy

    public var practiceID: ID<Practice> { principal.practiceID }
}

/// A table whose rows belong to a client: every row carries `client_id` and falls with the client.
///
/// Property names in snake case are the columns; ``SealedText`` properties are stored under the client's data key.
public protocol ClientRecord: Codable, Sendable {
    static var table: SQL.Name { get }
    /// The part of the record that it belongs to. Access to another part does not reach it.
    static var area: DataArea { get }
    var id: ID<Self> { get }
    var clientID: ID<Client> { get }
    /// The rows that `sight` reaches, as a condition; nil when it reaches none. A kind that says nothing is seen whole or
    /// not at all.
    static func visibility(_ sight: Sight) -> SQL?
}

extension ClientRecord {
    public static func visibility(_ sight: Sight) -> SQL? { sight == .all ? "TRUE" : nil }
}

/// A record that is not there, or not visible: the two look alike from outside.
public struct RecordNotFound: Error, Sendable, Hashable {
    public init() {}
}

extension ClientAccess {
    /// The client's rows of one kind.
    ///
    /// - Parameters:
    ///   - condition: further filter, on top of the client.
    ///   - order: what follows ORDER BY.
    ///   - limit: at most so many rows; all of them unless given.
    public func all<Record: ClientRecord>(
        _ type: Record.Type,
        where condition: SQL = "TRUE",
        order: SQL = "id",
        limit: Int? = nil
    ) throws -> [Record] {
        let visible = try visible(type)
        let limited: SQL = limit.map { "LIMIT \($0)" } ?? ""
        return try transaction.fetch(
            Record.self,
            "SELECT * FROM \(Record.table) WHERE client_id = \(clientID) AND (\(visible)) AND (\(condition)) ORDER BY \(order) \(limited)",
            sealing: sealer
        )
    }

    /// The rows that this access reaches: none of another area's kinds, and of its own those that its sight takes in.
    private func visible<Record: ClientRecord>(_ type: Record.Type) throws(AccessDenied) -> SQL {
        let conditions = ([sight] + further).map { Record.visibility($0) }
        guard Record.area == area, !conditions.contains(where: { $0 == nil }) else { throw AccessDenied() }
        return SQL.joined(conditions.compactMap { $0.map { "(\($0))" } }, separator: " AND ")
    }

    /// The first of ``all(_:where:order:limit:)``.
    public func first<Record: ClientRecord>(_ type: Record.Type, where condition: SQL, order: SQL = "id")
        throws -> Record?
    {
        try all(type, where: condition, order: order, limit: 1).first
    }

    /// The row with `id`. Throws ``RecordNotFound`` when there is none, or when it is another client's.
    public func one<Record: ClientRecord>(_ id: ID<Record>) throws -> Record {
        guard let record = try first(Record.self, where: "id = \(id)") else { throw RecordNotFound() }
        return record
    }

    public func count<Record: ClientRecord>(_ type: Record.Type, where condition: SQL) throws -> Int {
        let visible = try visible(type)
        return try transaction.count(
            "SELECT COUNT(*) AS count FROM \(Record.table) WHERE client_id = \(clientID) AND (\(visible)) AND (\(condition))"
        )
    }

    /// Inserts a row. A row of another client is refused.
    public func insert<Record: ClientRecord>(_ record: Record) throws {
        guard Record.area == area, record.clientID == clientID, action.isWriting else { throw AccessDenied() }
        try transaction.insert(record, into: Record.table, sealing: sealer)
    }

    /// Writes every column of a row that exists.
    public func update<Record: ClientRecord>(_ record: Record) throws {
        let visible = try visible(Record.self)
        guard record.clientID == clientID, action.isWriting else { throw AccessDenied() }
        guard
            try transaction.update(
                record,
                in: Record.table,
                where: "id = \(record.id) AND client_id = \(clientID) AND (\(visible))",
                sealing: sealer
            )
        else { throw RecordNotFound() }
    }

    /// Deletes a row that this access sees. Needs an access for ``AccessAction/delete``; throws ``AccessDenied`` under any
    /// other, and ``RecordNotFound`` for a row that is not there, another client's, or out of sight.
    public func delete<Record: ClientRecord>(_ id: ID<Record>) throws {
        let visible = try visible(Record.self)
        guard action == .delete else { throw AccessDenied() }
        let deleted = try transaction.execute(
            "DELETE FROM \(Record.table) WHERE id = \(id) AND client_id = \(clientID) AND (\(visible))"
        )
        if deleted == 0 { throw RecordNotFound() }
    }

    /// The client's own row.
    public func client() throws -> Client {
        guard
            let client = try transaction.fetchOne(
                Client.self,
                "SELECT * FROM clients WHERE id = \(clientID) AND practice_id = \(practiceID)"
            )
        else { throw RecordNotFound() }
        return client
    }

    /// The client's practice.
    public func practice() throws -> Practice {
        guard let practice = try transaction.fetchOne(Practice.self, "SELECT * FROM practices WHERE id = \(practiceID)")
        else {
            throw RecordNotFound()
        }
        return practice
    }

    /// The client's primary therapist, if there is one.
    public func therapist() throws -> StaffMember? {
        guard let id = try client().primaryTherapistID else { return nil }
        return try transaction.fetchOne(
            StaffMember.self,
            "SELECT * FROM users WHERE id = \(id) AND practice_id = \(practiceID)"
        )
    }

    /// How many notifications of the account that asks are unread; nil when no account asks.
    public func ownUnreadNotifications() throws -> Int? {
        guard let account = principal.accountID else { return nil }
        return try transaction.count(
            "SELECT COUNT(*) AS count FROM notifications WHERE account_id = \(account) AND read_at IS NULL"
        )
    }

    /// Access of the same principal to another area, in the same transaction. Decided and audited like any other.
    public func beside(_ action: AccessAction, on area: DataArea, entity: String) throws -> ClientAccess {
        try policy.grant(
            action,
            on: area,
            of: clientID,
            to: principal,
            purpose: purpose,
            entity: entity,
            in: transaction
        )
    }

    /// Access for the service's own reaction (an alert, an event, a due list) to what happens under this access, in the
    /// same transaction. Audited as the service's.
    public func onward(_ action: AccessAction, on area: DataArea, work: String, entity: String, entityID: String? = nil)
        throws -> ClientAccess
    {
        try policy.grant(
            action,
            on: area,
            of: clientID,
            to: .system(work, practice: practiceID),
            purpose: .automation,
            entity: entity,
            entityID: entityID,
            in: transaction
        )
    }

    /// Appends `event` about this client, in this transaction.
    public func append(_ event: DomainEvent, ids: Surroundings) throws(StoreError) {
        try event.append(practice: practiceID, client: clientID, at: now, ids: ids, transaction: transaction)
    }

    /// Puts `work` about this client into the queue, in this transaction.
    public func enqueue(_ work: WorkRequest, ids: Surroundings) throws(StoreError) {
        try work.enqueue(practice: practiceID, client: clientID, now: now, ids: ids, transaction: transaction)
    }
}
