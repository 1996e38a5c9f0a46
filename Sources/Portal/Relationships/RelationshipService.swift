import Crypto
public import Records
import Store

/// Who acts for a client, or reads along: asked for, decided, ended, and told to both sides. What a relationship opens is
/// not decided here but by `AccessPolicy`, on the day.
public struct RelationshipService: Sendable {
    let gate: ClientGate
    var surroundings: Surroundings { gate.surroundings }

    /// For the hashes of addresses that consents name.
    let recipientKey: SymmetricKey

    init(gate: ClientGate, recipientKey: SymmetricKey) {
        self.gate = gate
        self.recipientKey = recipientKey
    }

    // MARK: - Asking

    /// A proxy asks to act for a client, whom they name by record number and birth date. Whether there is such a client is
    /// not said: the call ends alike in every case (ACC-48).
    public func ask(
        _ kind: ClientRelationship.Kind,
        mrn: String,
        birthDate: String,
        reason: String,
        as principal: Principal
    ) async throws {
        guard let account = principal.accountID else { throw AccessDenied() }
        let found = try await gate.database.read { transaction in
            try transaction.fetchOne(
                Client.self,
                """
                SELECT * FROM clients
                WHERE practice_id = \(principal.practiceID) AND mrn = \(mrn) AND birth_date = \(birthDate)
                """
            )
        }
        guard let client = found, principal.currentClient != client.id else { return }
        let request = ClientRelationship(
            id: surroundings.newID(),
            clientID: client.id,
            accountID: account,
            kind: kind,
            requestReason: SealedText(reason),
            createdAt: surroundings.now()
        )
        _ = try await gate.open(
            .create,
            on: .relationships,
            of: client.id,
            as: .system("relationship.ask", practice: principal.practiceID),
            purpose: .automation,
            entity: "client_relationships",
            entityID: request.id.text
        ) { access in try store(request, access) }
    }

    /// Staff enter a request that came on paper, for an account that there is.
    ///
    /// Throws ``Refusal/invalid(pointer:message:remedy:)`` when there is no account with this e-mail address.
    public func enter(
        _ kind: ClientRelationship.Kind,
        email: String,
        of client: ID<Client>,
        reason: String,
        as principal: Principal
    ) async throws -> ClientRelationship {
        let found = try await account(email: email, in: principal.practiceID)
        return try await gate.open(
            .create,
            on: .relationships,
            of: client,
            as: principal,
            purpose: .operations,
            entity: "client_relationships"
        ) { access in
            guard principal.staffID != nil else { throw AccessDenied() }
            guard let account = found, account.clientID != client else {
                throw Refusal.invalid(
                    pointer: "/email",
                    message: "belongs to nobody who could act for this client",
                    remedy: "Invite the person first"
                )
            }
            let request = ClientRelationship(
                id: surroundings.newID(),
                clientID: client,
                accountID: account.id,
                kind: kind,
                requestReason: SealedText(reason),
                createdAt: access.now
            )
            guard try store(request, access) else {
                throw Refusal.conflict("There is an open request of this person already.")
            }
            return request
        }
    }

    /// The portal account with this e-mail address.
    func account(email: String, in practice: ID<Practice>) async throws -> PortalAccount? {
        try await gate.database.read { transaction in
            try transaction.fetchOne(
                PortalAccount.self,
                """
                SELECT * FROM portal_accounts
                WHERE practice_id = \(practice) AND email = \(email.lowercased()) AND status = 'ACTIVE'
                """
            )
        }
    }

    /// Stores a request and tells those who decide. False when there is an open one already. One beside a relationship that
    /// is in force asks for another reach, and takes its place when it is approved.
    @discardableResult
    private func store(_ request: ClientRelationship, _ access: ClientAccess) throws -> Bool {
        let isKnown = try access.first(
            ClientRelationship.self,
            where: "account_id = \(request.accountID) AND status = 'REQUESTED'"
        )
        guard isKnown == nil else { return false }
        try access.insert(request)
        try tell(of: request, "relationship.requested", access)
        return true
    }

    // MARK: - Deciding

    /// What staff decide about a request.
    public struct Decision: Sendable {
        public var isApproved: Bool
        /// What the decision rests on, such as the papers that were seen.
        public var evidence: String
        public var startsAt: Timestamp?
        public var endsAt: Timestamp?
        public var scopes: [DataArea: ClientRelationship.Scope]
        public var courtLimits: [DataArea]

        public init(
            isApproved: Bool,
            evidence: String,
            startsAt: Timestamp? = nil,
            endsAt: Timestamp? = nil,
            scopes: [DataArea: ClientRelationship.Scope] = [:],
            courtLimits: [DataArea] = []
        ) {
            self.isApproved = isApproved
            self.evidence = evidence
            self.startsAt = startsAt
            self.endsAt = endsAt
            self.scopes = scopes
            self.courtLimits = courtLimits
        }
    }

    /// Approves or rejects a request, and tells both sides.
    ///
    /// Throws ``Refusal/conflict(_:)`` for a request that was decided before, for a parent or guardian of an adult, and for
    /// family and partners, whom only the client's own consent lets in.
    public func decide(
        _ id: ID<ClientRelationship>,
        of client: ID<Client>,
        _ decision: Decision,
        as principal: Principal
    ) async throws -> ClientRelationship {
        try await change(id, of: client, as: principal) { relationship, access in
            guard let staff = principal.staffID else { throw AccessDenied() }
            guard relationship.status == .requested else {
                throw Refusal.conflict("The request was decided before.")
            }
            relationship.evidence = SealedText(decision.evidence)
            relationship.decidedAt = access.now
            relationship.approvedByUserID = staff
            guard decision.isApproved else {
                relationship.status = .rejected
                return "relationship.rejected"
            }
            try checkApprovable(relationship, decision, access)
            for var earlier in try access.all(
                ClientRelationship.self,
                where: "account_id = \(relationship.accountID) AND status = 'APPROVED'"
            ) {
                end(&earlier, reason: nil, at: access.now)
                try access.update(earlier)
            }
            relationship.status = .approved
            relationship.startsAt = decision.startsAt
            relationship.endsAt = decision.endsAt
            relationship.scopes = Dictionary(uniqueKeysWithValues: decision.scopes.map { ($0.rawValue, $1) })
            relationship.courtLimits = decision.courtLimits
            try scheduleEnd(of: relationship, access)
            return "relationship.approved"
        }
    }

    private func checkApprovable(_ relationship: ClientRelationship, _ decision: Decision, _ access: ClientAccess)
        throws
    {
        if relationship.kind.needsConsent {
            throw Refusal.conflict("Family and partners come in by the client's own consent only.")
        }
        if relationship.kind.relation == .guardian, try access.client().tier(access)?.isMinor != true {
            throw Refusal.conflict("The client is of age, or has no birth date. Nobody is an adult's guardian.")
        }
        if relationship.kind == .emergency, decision.endsAt == nil {
            throw Refusal.invalid(
                pointer: "/ends_at",
                message: "is missing",
                remedy: "Say until when; an emergency contact's time is limited"
            )
        }
        if let end = decision.endsAt, end <= decision.startsAt ?? access.now {
            throw Refusal.invalid(pointer: "/ends_at", message: "is not after the start", remedy: "Take a later time")
        }
    }

    // MARK: - Ending

    /// Ends a relationship with immediate effect, and tells both sides: staff any, a client the ones that they opened
    /// themselves.
    public func revoke(
        _ id: ID<ClientRelationship>,
        of client: ID<Client>,
        reason: String?,
        as principal: Principal
    ) async throws -> ClientRelationship {
        try await change(id, of: client, as: principal) { relationship, access in
            if principal.accountID != nil, !relationship.kind.reachesOnlyItsScopes {
                throw Refusal.conflict("Ask the practice to end this; it does not rest on your own consent.")
            }
            guard relationship.status == .requested || relationship.status == .approved else {
                throw Refusal.conflict("It has ended before.")
            }
            end(&relationship, reason: reason, at: access.now)
            return "relationship.revoked"
        }
    }

    func end(_ relationship: inout ClientRelationship, reason: String?, at now: Timestamp) {
        relationship.status = .revoked
        relationship.revokedAt = now
        relationship.updatedAt = now
        relationship.version &+= 1
        relationship.revokeReason = reason.map { SealedText($0) }
    }

    /// A young client agrees that a guardian reads along where the law lets a minor consent alone, or takes that back.
    public func setAssent(
        _ isGiven: Bool,
        to id: ID<ClientRelationship>,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> ClientRelationship {
        try await change(id, of: client, as: principal) { relationship, access in
            guard access.relation == .`self` else { throw AccessDenied() }
            relationship.assentAt = isGiven ? access.now : nil
            return isGiven ? "relationship.assented" : "relationship.assent-withdrawn"
        }
    }

    /// Changes one relationship, appends the event that `body` returns, and tells both sides.
    func change(
        _ id: ID<ClientRelationship>,
        of client: ID<Client>,
        as principal: Principal,
        _ body: @escaping @Sendable (inout ClientRelationship, ClientAccess) throws -> String
    ) async throws -> ClientRelationship {
        try await gate.open(
            .change,
            on: .relationships,
            of: client,
            as: principal,
            purpose: principal.staffID == nil ? .ownCare : .operations,
            entity: "client_relationships",
            entityID: id.text
        ) { access in
            var relationship = try access.one(id)
            let seen = relationship.version
            let event = try body(&relationship, access)
            relationship.updatedAt = access.now
            relationship.version = seen &+ 1
            try access.update(relationship)
            try tell(of: relationship, event, access)
            return relationship
        }
    }
}
