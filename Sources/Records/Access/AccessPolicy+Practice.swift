public import Store

extension AccessPolicy {
    /// What `principal` is to every client of the practice, if that opens the action: what concerns the practice as a whole,
    /// such as the audit or who waits to be let in, is nobody else's.
    public func practiceRelation(of principal: Principal, _ action: AccessAction, on area: DataArea) -> Relation? {
        Circle.circles(of: principal, at: surroundings.now()).first { circle in
            circle.isWholePractice && table.sight(.init(circle.relation), action, in: area) == .all
        }?.relation
    }

    /// The clients of whom `principal` may read anything today, as a condition on a column `client_id`: for lists that name
    /// clients and belong to no area of a record.
    public func knownClients(to principal: Principal, in transaction: Transaction) throws(StoreError) -> SQL {
        var conditions: [SQL] = []
        let readable = Circle.circles(of: principal, at: surroundings.now()).filter { circle in
            DataArea.allCases.contains { table.sight(.init(circle.relation), .read, in: $0) != nil }
        }
        if !readable.isEmpty {
            let inside = SQL.joined(readable.map { "(\($0.condition))" }, separator: " OR ")
            conditions.append(
                """
                client_id IN (SELECT clients.id FROM clients
                              WHERE practice_id = \(principal.practiceID) AND (\(inside)))
                """
            )
        }
        let proxied = try actingChoices(of: principal, in: transaction).map(\.client.id)
        if !proxied.isEmpty { conditions.append("client_id IN (\(list: proxied))") }
        return conditions.isEmpty ? "FALSE" : SQL.joined(conditions, separator: " OR ")
    }

    /// Grants `principal` an act on an area across the whole practice, and audits it. Throws ``AccessDenied``; the caller
    /// then has it put on record, as for ``grant(_:on:of:to:purpose:entity:entityID:reason:act:code:in:)``.
    ///
    /// - Parameters:
    ///   - act: what the audit calls it, such as `AUDIT.SEARCH`.
    ///   - code: why, out of a closed choice.
    public func grantPractice(
        _ action: AccessAction,
        on area: DataArea,
        to principal: Principal,
        act: String,
        entity: String,
        entityID: String? = nil,
        code: AuditReason? = nil,
        in transaction: Transaction
    ) throws {
        guard let relation = practiceRelation(of: principal, action, on: area) else { throw AccessDenied() }
        try audit.append(
            AuditEntry(
                principal: principal,
                relation: relation,
                purpose: .operations,
                action: act,
                entity: entity,
                entityID: entityID,
                outcome: .ok,
                reason: code
            ),
            at: surroundings.now(),
            in: transaction
        )
    }
}
