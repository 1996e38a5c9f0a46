public import Store

/// Decides who may do what with whose record, and writes down that it was asked.
public struct AccessPolicy: Sendable {
    private let audit: AuditLog
    private let vault: KeyVault
    private let surroundings: Surroundings

    public init(audit: AuditLog, vault: KeyVault, surroundings: Surroundings) {
        self.audit = audit
        self.vault = vault
        self.surroundings = surroundings
    }

    /// Which rows a relation reaches with an action in an area; nil for none.
    static func sight(_ relation: Relation, _ action: AccessAction, in area: DataArea) -> Sight? {
        allows(relation, action, in: area) ? .all : nil
    }

    /// Which relation may do what in which area. What is not listed is refused.
    static func allows(_ relation: Relation, _ action: AccessAction, in area: DataArea) -> Bool {
        switch (relation, area, action) {
        case (.`self`, .chat, _): true
        case (.`self`, .assessments, _): true
        case (.`self`, .chart, .read): true
        case (.`self`, .wellness, _), (.`self`, .journal, _), (.`self`, .homework, _), (.`self`, .reviews, _): true
        case (.`self`, .profile, _), (.`self`, .consents, _): true
        case (.`self`, _, _): false
        // What the client tells the assistant is theirs; the clinician learns of it through alerts.
        case (.assignedClinician, .chat, _): false
        case (.assignedClinician, _, _): true
        case (.administrator, .chat, _): false
        case (.administrator, _, _): true
        case (.system, _, _): true
        }
    }

    /// Grants `principal` one action on one area of a client's record, or refuses, and audits either.
    ///
    /// Throws ``AccessDenied``; the caller's transaction should then be rolled back and ``recordDenial(of:on:client:to:entity:in:)``
    /// called in another, so that the refusal stays on record.
    public func grant(
        _ action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        to principal: Principal,
        purpose: Purpose,
        entity: String,
        entityID: String? = nil,
        in transaction: Transaction
    ) throws -> ClientAccess {
        guard let relation = try relation(of: principal, to: clientID, in: transaction),
            let sight = Self.sight(relation, action, in: area)
        else { throw AccessDenied() }
        try audit.append(
            AuditEntry(
                principal: principal,
                clientID: clientID,
                relation: relation,
                purpose: purpose,
                action: "\(area.rawValue).\(action.rawValue)",
                entity: entity,
                entityID: entityID,
                outcome: .ok
            ),
            at: surroundings.now(),
            in: transaction
        )
        return ClientAccess(
            principal: principal,
            clientID: clientID,
            relation: relation,
            area: area,
            purpose: purpose,
            action: action,
            sight: sight,
            now: surroundings.now(),
            transaction: transaction,
            sealer: try vault.sealer(for: Self.keyOwner(clientID)),
            policy: self
        )
    }

    /// What `principal` is to the client today; nil for a stranger, another practice, or a client that does not exist.
    private func relation(of principal: Principal, to clientID: ID<Client>, in transaction: Transaction)
        throws(StoreError) -> Relation?
    {
        guard
            let client = try transaction.fetchOne(
                Client.self,
                "SELECT * FROM clients WHERE id = \(clientID) AND practice_id = \(principal.practiceID)"
            )
        else { return nil }
        switch principal.identity {
        case .account(_, let ownClient): return ownClient == client.id && client.portalEnabled ? .`self` : nil
        case .staff(let id, let role):
            switch role {
            case .administrator: return .administrator
            case .clinician, .supervisor: return client.primaryTherapistID == id ? .assignedClinician : nil
            case .frontDesk, .billing, .healthCoach, .contentEditor: return nil
            }
        case .system: return .system
        }
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
        in transaction: Transaction
    ) throws(StoreError) {
        try audit.append(
            AuditEntry(
                principal: principal,
                clientID: missing == nil ? nil : client.flatMap { ID($0) },
                relation: nil,
                purpose: nil,
                action: "\(area.rawValue).\(action.rawValue)",
                entity: entity,
                entityID: missing ?? client,
                outcome: .denied
            ),
            at: surroundings.now(),
            in: transaction
        )
    }

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
        let relation: Relation = principal.role == .administrator ? .administrator : .assignedClinician
        guard let condition = Self.visibleClients(to: principal, column: "client_id"),
            let sight = Self.sight(relation, .read, in: area)
        else { throw AccessDenied() }
        try audit.append(
            AuditEntry(
                principal: principal,
                relation: relation,
                purpose: purpose,
                action: "\(area.rawValue).LIST",
                entity: entity,
                outcome: .ok
            ),
            at: surroundings.now(),
            in: transaction
        )
        return CaseloadAccess(
            principal: principal,
            area: area,
            sight: sight,
            condition: condition,
            transaction: transaction,
            vault: vault,
            now: surroundings.now()
        )
    }

    /// The clients that a member of staff may see, as a condition on a column that holds a client's id. Nil for a role
    /// that sees none.
    static func visibleClients(to principal: Principal, column: SQL.Name) -> SQL? {
        guard case .staff(let id, let role) = principal.identity else { return nil }
        switch role {
        case .administrator:
            return "\(column) IN (SELECT id FROM clients WHERE practice_id = \(principal.practiceID))"
        case .clinician, .supervisor:
            return """
                \(column) IN (SELECT id FROM clients
                              WHERE practice_id = \(principal.practiceID) AND primary_therapist_id = \(id))
                """
        case .frontDesk, .billing, .healthCoach, .contentEditor: return nil
        }
    }
}
