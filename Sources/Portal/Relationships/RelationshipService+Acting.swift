public import Records
import Store

extension RelationshipService {
    /// Somebody for whom an account may act, or whose record it may read.
    public struct ActingChoice: Sendable {
        public let client: ID<Client>
        public let name: String
        public let relation: Relation
    }

    /// The people an account may act for today (ACC-53).
    public func actingChoices(of principal: Principal) async throws -> [ActingChoice] {
        try await gate.database.read { transaction in
            try gate.policy.actingChoices(of: principal, in: transaction).map {
                ActingChoice(client: $0.client.id, name: $0.client.displayName, relation: $0.relation)
            }
        }
    }

    /// Turns a session to the record of somebody the account may act for, or back to one's own. Everything that follows is
    /// decided for that client, each time.
    ///
    /// Throws `AccessDenied` for anybody else; that is on record.
    ///
    /// - Parameter session: the one that asks.
    public func act(for client: ID<Client>?, in session: ID<Session>, as principal: Principal) async throws {
        guard let account = principal.accountID else { throw AccessDenied() }
        let now = surroundings.now()
        do {
            try await gate.database.write { transaction in
                var relation: Relation?
                if let client, client != principal.identity.ownClient {
                    relation = try gate.policy.proxyRelation(of: principal, to: client, in: transaction)
                    guard relation != nil else { throw AccessDenied() }
                }
                let acting = relation == nil ? nil : client
                let changed = try transaction.execute(
                    """
                    UPDATE auth_sessions SET acting_client_id = \(acting), updated_at = \(now)
                    WHERE id = \(session) AND account_id = \(account)
                    """
                )
                guard changed == 1 else { throw AccessDenied() }
                try gate.policy.note("SESSION.ACT", of: client, relation: relation, as: principal, in: transaction)
            }
        } catch let denial as AccessDenied {
            try await gate.database.write { transaction in
                try gate.policy.recordDenial(
                    of: .read,
                    on: .chart,
                    client: client?.text,
                    to: principal,
                    entity: "auth_sessions",
                    in: transaction
                )
            }
            throw denial
        }
    }

    /// Somebody who may see something of a client's record today.
    public struct Seer: Sendable {
        public let name: String
        public let relation: Relation
        /// What they may read.
        public let areas: [DataArea]
        public let until: Timestamp?
    }

    /// Who may see a client's record today, and what of it: those who act for them, those they let in, and the practice.
    public func whoCanSee(_ client: ID<Client>, as principal: Principal) async throws -> [Seer] {
        let relationships = try await gate.open(
            .read,
            on: .relationships,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "client_relationships"
        ) { access in
            (
                try access.client(),
                try access.all(ClientRelationship.self, where: "status = 'APPROVED'"),
                try liveFamilyConsents(access)
            )
        }
        let (record, approved, consents) = relationships
        return try await gate.database.read { transaction in
            var seers = try approved.filter { $0.consentID == nil }.compactMap { relationship -> Seer? in
                let areas = try gate.policy.readableAreas(of: relationship.accountID, on: record, in: transaction)
                let name = try transaction.row(
                    "SELECT username FROM portal_accounts WHERE id = \(relationship.accountID)"
                )
                guard !areas.isEmpty, let name: String = try name?.get("username") else { return nil }
                return Seer(name: name, relation: relationship.kind.relation, areas: areas, until: relationship.endsAt)
            }
            // By the words of the consent, whether or not there is an account: see `letIn`.
            seers += consents.map { consent in
                let linked = approved.first { $0.consentID == consent.id }
                return Seer(
                    name: consent.recipient?.plaintext ?? "",
                    relation: (linked?.kind ?? consent.relationshipKind)?.relation ?? .family,
                    areas: consent.scope.filter { area in linked.map { $0.scope(in: area) != .none } ?? true },
                    until: consent.expiresAt
                )
            }
            seers += try gate.policy.staff(of: record, in: transaction).map { member, relation, areas in
                Seer(name: member.displayName, relation: relation, areas: areas, until: nil)
            }
            return seers
        }
    }

    /// None for those who may not read the client's consents.
    private func liveFamilyConsents(_ access: ClientAccess) throws -> [Consent] {
        do {
            return try access.beside(.read, on: .consents, entity: "consents").all(
                Consent.self,
                where: """
                    kind = 'FAMILY_ACCESS' AND state = 'GRANTED' AND (expires_at IS NULL OR expires_at > \(access.now))
                    """
            )
        } catch is AccessDenied {
            return []
        }
    }

    // MARK: - Coming in

    /// Whether a client may activate an account of their own today: from 18 on, and before that once a parent or guardian
    /// is approved (ACC-47). Without a birth date nobody can tell that the client is of age.
    static func mayActivateOwnAccount(_ client: ID<Client>, at now: Timestamp, in transaction: Transaction) throws
        -> Bool
    {
        guard let record = try transaction.fetchOne(Client.self, "SELECT * FROM clients WHERE id = \(client)"),
            let practice = try transaction.fetchOne(
                Practice.self,
                "SELECT * FROM practices WHERE id = \(record.practiceID)"
            )
        else { return false }
        if let age = record.age(at: now, in: practice), !AgeTier(age: age).isMinor { return true }
        let guardian = try transaction.row(
            """
            SELECT id FROM client_relationships
            WHERE client_id = \(client) AND kind IN ('PARENT', 'GUARDIAN') AND status = 'APPROVED' AND revoked_at IS NULL
              AND COALESCE(starts_at, 0) <= \(now) AND (ends_at IS NULL OR ends_at > \(now))
            LIMIT 1
            """
        )
        return guardian != nil
    }

    /// As ``mayActivateOwnAccount(_:at:in:)``, in a reading of its own.
    public func mayActivateOwnAccount(_ client: ID<Client>) async throws -> Bool {
        let now = surroundings.now()
        return try await gate.database.read { try Self.mayActivateOwnAccount(client, at: now, in: $0) }
    }

    // MARK: - Lists

    /// A client's relationships, open and past, the newest first.
    public func relationships(of client: ID<Client>, as principal: Principal) async throws -> [ClientRelationship] {
        try await gate.open(
            .read,
            on: .relationships,
            of: client,
            as: principal,
            purpose: principal.staffID == nil ? .ownCare : .operations,
            entity: "client_relationships"
        ) { try $0.all(ClientRelationship.self, order: "created_at DESC, id DESC") }
    }
}
