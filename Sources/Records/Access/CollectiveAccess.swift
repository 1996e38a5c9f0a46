public import Store

/// What rows of many clients may be read together for. What comes out of it names no client.
public enum CollectiveUse: String, Sendable, Hashable, CaseIterable {
    /// To gather what the articles do not answer.
    case contentGaps = "CONTENT_GAPS"
    /// To see what a draft would change in the answers.
    case contentCheck = "CONTENT_CHECK"
    /// To ask again what an article was written for.
    case contentProof = "CONTENT_PROOF"
    /// To read what clients released to the editors.
    case releasedComments = "RELEASED_COMMENTS"
    /// To count the messages on which a practice's new rule would fire.
    case ruleCheck = "RULE_CHECK"

    /// Which staff may have it done; the service may always.
    var roles: Set<StaffMember.Role> {
        switch self {
        case .contentGaps, .contentCheck, .contentProof, .releasedComments: [.contentEditor, .administrator]
        case .ruleCheck: [.contentEditor, .administrator, .clinician, .supervisor]
        }
    }
}

/// A reading of one area across all clients of a practice, by the service for a stated use. Only ``AccessPolicy`` makes one.
///
/// It is for machines: whoever asked is given counts, and of words only what a rule made for it lets through. That is why
/// somebody may have it done who may not open a single client's record.
public struct CollectiveAccess {
    public let practiceID: ID<Practice>
    public let area: DataArea
    public let use: CollectiveUse
    public let now: Timestamp
    let transaction: Transaction
    let vault: KeyVault
    let reached: Reached

    /// The clients whose rows were read.
    final class Reached {
        var clients: Set<ID<Client>> = []
    }

    /// Rows of one kind, each unsealed under its own client's key.
    public func all<Record: ClientRecord>(
        _ type: Record.Type,
        where filter: SQL = "TRUE",
        order: SQL = "id",
        limit: Int
    ) throws -> [Record] {
        guard Record.area == area, let visible = Record.visibilityAcrossClients(.all) else { throw AccessDenied() }
        let rows = try transaction.rows(
            """
            SELECT * FROM \(Record.table)
            WHERE client_id IN (SELECT id FROM clients WHERE practice_id = \(practiceID)) AND (\(visible)) AND (\(filter))
            ORDER BY \(order) LIMIT \(limit)
            """
        )
        return try rows.map { row in
            let client: ID<Client> = try row.get("client_id")
            reached.clients.insert(client)
            return try transaction.decode(
                Record.self,
                from: row,
                sealing: try vault.sealer(for: AccessPolicy.keyOwner(client))
            )
        }
    }
}

extension AccessPolicy {
    /// Runs `body` with a reading of `area` across the clients of a practice, in a transaction that can write: one audit
    /// record says who had it done, for what use, and how many clients' rows were read (`times`). Where none were, nobody's
    /// record was opened, and none is written.
    ///
    /// Throws ``AccessDenied`` for accounts and for staff whom the use is not for.
    public func readCollectively<Result>(
        _ area: DataArea,
        for use: CollectiveUse,
        as principal: Principal,
        entity: String,
        in transaction: Transaction,
        _ body: (CollectiveAccess) throws -> Result
    ) throws -> Result {
        let isService = if case .system = principal.identity { true } else { false }
        guard isService || principal.role.map(use.roles.contains) == true,
            table.sight(.init(.system), .read, in: area) == .all
        else { throw AccessDenied() }
        let access = CollectiveAccess(
            practiceID: principal.practiceID,
            area: area,
            use: use,
            now: surroundings.now(),
            transaction: transaction,
            vault: vault,
            reached: .init()
        )
        let result = try body(access)
        guard !access.reached.clients.isEmpty else { return result }
        try audit.append(
            AuditEntry(
                principal: principal,
                relation: Circle.circles(of: principal, at: access.now).first?.relation,
                purpose: .operations,
                action: "\(area.rawValue).COLLECT",
                entity: entity,
                outcome: .ok,
                reason: AuditReason(use),
                times: Int64(access.reached.clients.count)
            ),
            at: access.now,
            in: transaction
        )
        return result
    }
}
