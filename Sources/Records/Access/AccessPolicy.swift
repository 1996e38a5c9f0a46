public import Store

/// Decides who may do what with whose record, and writes down that it was asked. What is allowed is the ``PolicyTable``'s
/// to say; what somebody is to a client is computed here, each time, on the day itself.
public struct AccessPolicy: Sendable {
    /// Who may see what.
    public let table: PolicyTable
    let audit: AuditLog
    let vault: KeyVault
    let surroundings: Surroundings

    public init(audit: AuditLog, vault: KeyVault, surroundings: Surroundings, table: PolicyTable = .shipped) {
        self.table = table
        self.audit = audit
        self.vault = vault
        self.surroundings = surroundings
    }

    /// Grants `principal` one action on one area of a client's record, or refuses, and audits either.
    ///
    /// Throws ``AccessDenied``; the caller's transaction should then be rolled back and ``recordDenial(of:on:client:to:entity:in:)``
    /// called in another, so that the refusal stays on record.
    ///
    /// - Parameters:
    ///   - reason: for ``AccessAction/reveal``, which is refused without one. Kept sealed; the audit says only that it was
    ///     given.
    ///   - act: what the audit calls it, such as `PORTAL.DISABLE`; area and action unless given.
    ///   - code: why, out of a closed choice.
    public func grant(
        _ action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        to principal: Principal,
        purpose: Purpose,
        entity: String,
        entityID: String? = nil,
        reason: String? = nil,
        act: String? = nil,
        code: AuditReason? = nil,
        in transaction: Transaction
    ) throws -> ClientAccess {
        let now = surroundings.now()
        guard
            let (relation, reach) = try reach(of: principal, action, on: area, of: clientID, at: now, in: transaction),
            action != .reveal || reason?.allSatisfy(\.isWhitespace) == false
        else { throw AccessDenied() }
        try audit.append(
            AuditEntry(
                principal: principal,
                clientID: clientID,
                relation: relation,
                purpose: purpose,
                action: act ?? Self.name(of: action, on: area),
                entity: entity,
                entityID: entityID,
                outcome: .ok,
                reason: action == .reveal ? AccessReason.given : code
            ),
            at: now,
            in: transaction
        )
        let sealer = try vault.sealer(for: Self.keyOwner(clientID))
        if action == .reveal, let reason, let staff = principal.staffID {
            let kept = AccessReason(
                id: surroundings.newID(),
                clientID: clientID,
                userID: staff,
                kind: .reveal,
                subject: entityID.map { "\(entity)/\($0)" } ?? entity,
                reason: SealedText(reason),
                startsAt: now,
                endsAt: now
            )
            try transaction.insert(kept, into: AccessReason.table, sealing: sealer)
        }
        return ClientAccess(
            principal: principal,
            clientID: clientID,
            relation: relation,
            area: area,
            purpose: purpose,
            action: action,
            sight: reach.sight,
            now: now,
            further: reach.further,
            transaction: transaction,
            sealer: sealer,
            policy: self
        )
    }

    /// Decides as ``grant(_:on:of:to:purpose:entity:entityID:reason:act:code:in:)`` does and opens the record for reading,
    /// without an audit record: only for ``ClientGate``, which writes that when it is settled what comes of the look.
    func look(
        _ action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        to principal: Principal,
        purpose: Purpose,
        in transaction: Transaction
    ) throws -> ClientAccess {
        let now = surroundings.now()
        guard
            let (relation, reach) = try reach(of: principal, action, on: area, of: clientID, at: now, in: transaction)
        else { throw AccessDenied() }
        return ClientAccess(
            principal: principal,
            clientID: clientID,
            relation: relation,
            area: area,
            purpose: purpose,
            // Nothing can be written under it.
            action: .read,
            sight: reach.sight,
            now: now,
            further: reach.further,
            transaction: transaction,
            sealer: try vault.sealer(for: Self.keyOwner(clientID)),
            policy: self
        )
    }

    /// What `principal` is to the client today in the strongest way that opens this, and the rows that it reaches; nil for a
    /// stranger, another practice, a client that does not exist, and what the table does not open.
    private func reach(
        of principal: Principal,
        _ action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        at now: Timestamp,
        in transaction: Transaction
    ) throws -> (Relation, Reach)? {
        for circle in Circle.circles(of: principal, at: now) {
            guard let sight = table.sight(.init(circle.relation), action, in: area) else { continue }
            let isInside = try transaction.row(
                """
                SELECT id FROM clients
                WHERE id = \(clientID) AND practice_id = \(principal.practiceID) AND (\(circle.condition))
                """
            )
            if isInside != nil { return (circle.relation, Reach(sight: sight)) }
        }
        guard let proxyship = try proxyship(of: principal, to: clientID, at: now, in: transaction),
            let cell = table.cell(proxyship.row, in: area), let reach = proxyship.reach(cell, action, in: area)
        else { return nil }
        return (proxyship.relation, reach)
    }

    func proxyship(of principal: Principal, to clientID: ID<Client>, at now: Timestamp, in transaction: Transaction)
        throws(StoreError) -> Proxyship?
    {
        guard let account = principal.accountID,
            let client = try transaction.fetchOne(
                Client.self,
                "SELECT * FROM clients WHERE id = \(clientID) AND practice_id = \(principal.practiceID)"
            )
        else { return nil }
        return try Proxyship.inForce(of: account, to: client, at: now, in: transaction)
    }

    /// Puts a refusal on record.
    ///
    /// - Parameters:
    ///   - client: the client that was asked for, who may not exist; nil when it was a list across clients.
    ///   - missing: the record that is not there, when the client's record as a whole was open.
    public func recordDenial(
        of action: AccessAction,
        on area: DataArea,
        client: String?,
        missing: String? = nil,
        to principal: Principal,
        entity: String,
        act: String? = nil,
        in transaction: Transaction
    ) throws(StoreError) {
        try audit.append(
            AuditEntry(
                principal: principal,
                clientID: missing == nil ? nil : client.flatMap { ID($0) },
                relation: nil,
                purpose: nil,
                action: act ?? Self.name(of: action, on: area),
                entity: entity,
                entityID: missing ?? client,
                outcome: .denied
            ),
            at: surroundings.now(),
            in: transaction
        )
    }

    /// Puts an attempt on record that was granted and came to nothing.
    func recordFailure(
        of action: AccessAction,
        on area: DataArea,
        client: ID<Client>,
        to principal: Principal,
        purpose: Purpose,
        entity: String,
        entityID: String?,
        act: String? = nil,
        in transaction: Transaction
    ) throws {
        try audit.append(
            AuditEntry(
                principal: principal,
                clientID: client,
                relation: try reach(
                    of: principal,
                    action,
                    on: area,
                    of: client,
                    at: surroundings.now(),
                    in: transaction
                )?.0,
                purpose: purpose,
                action: act ?? Self.name(of: action, on: area),
                entity: entity,
                entityID: entityID,
                outcome: .error
            ),
            at: surroundings.now(),
            in: transaction
        )
    }

    /// `CHAT.READ`.
    static func name(of action: AccessAction, on area: DataArea) -> String { "\(area.rawValue).\(action.rawValue)" }

    /// The owner of a client's data key in the vault.
    public static func keyOwner(_ clientID: ID<Client>) -> String { "client:\(clientID)" }

    /// Grants a member of staff a reading of one area across all clients they may see, or refuses. One audit record.
    public func grantCaseload(
        on area: DataArea,
        to principal: Principal,
        purpose: Purpose,
        entity: String,
        in transaction: Transaction
    ) throws -> CaseloadAccess {
        let now = surroundings.now()
        let parts = principal.staffID == nil ? [] : caseload(of: principal, on: area, at: now)
        guard let first = parts.first else { throw AccessDenied() }
        try audit.append(
            AuditEntry(
                principal: principal,
                relation: first.relation,
                purpose: purpose,
                action: "\(area.rawValue).LIST",
                entity: entity,
                outcome: .ok
            ),
            at: now,
            in: transaction
        )
        return CaseloadAccess(
            principal: principal,
            area: area,
            // Where one part is masked, the list is.
            sight: parts.contains { $0.sight == .masked } ? .masked : first.sight,
            parts: parts,
            transaction: transaction,
            vault: vault,
            now: now
        )
    }

    /// The clients whose `area` a member of staff may read, by what they are to them, as conditions on `client_id`. A client
    /// is in one part: that of the strongest relation which opens the area, as for a single client.
    private func caseload(of principal: Principal, on area: DataArea, at now: Timestamp) -> [CaseloadAccess.Part] {
        let open = Circle.circles(of: principal, at: now).compactMap { circle in
            table.sight(.init(circle.relation), .read, in: area).map { (circle, $0) }
        }
        return open.indices.map { index in
            let (circle, sight) = open[index]
            let stronger: [SQL] = open[..<index].map { "NOT COALESCE((\($0.0.condition)), FALSE)" }
            return CaseloadAccess.Part(
                relation: circle.relation,
                sight: sight,
                condition: """
                    client_id IN (SELECT clients.id FROM clients
                                  WHERE practice_id = \(principal.practiceID)
                                    AND \(SQL.joined(["(\(circle.condition))"] + stronger, separator: " AND ")))
                    """
            )
        }
    }
}
