public import Records
import Store

extension RelationshipService {
    /// A client lets somebody of the family, a partner or an emergency contact see areas of their record, until they take it
    /// back (ACC-50, PROF-11). The consent stands whether or not the address belongs to an account, and nothing tells which:
    /// who is a client here is not for other clients to find out. An account that comes later is linked then.
    ///
    /// - Parameter until: needed for an emergency contact.
    /// - Throws: ``Refusal/invalid(pointer:message:remedy:)`` for areas that the policy opens to nobody in that relation.
    public func letIn(
        _ kind: ClientRelationship.Kind,
        email: String,
        areas: [DataArea],
        until: Timestamp?,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> Consent {
        let now = surroundings.now()
        try check(kind, areas: areas, until: until, at: now)
        let account = try await account(email: email, in: principal.practiceID)
        var given = Consent(
            id: surroundings.newID(),
            clientID: client,
            kind: .familyAccess,
            recipient: SealedText(email),
            scope: areas,
            grantedBy: principal.accountID,
            expiresAt: until,
            grantedAt: now
        )
        given.relationshipKind = kind
        given.recipientHash = recipientHash(email, in: principal.practiceID)
        let consent = given
        return try await gate.open(
            .create,
            on: .consents,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "consents",
            entityID: consent.id.text
        ) { access in
            guard access.relation == .`self` else { throw AccessDenied() }
            try access.insert(consent)
            try access.append(DomainEvent("consent.granted", subject: consent.id.text), ids: surroundings)
            guard let account, account.clientID != client else { return consent }
            try link(account, kind, consent, access)
            return consent
        }
    }

    /// Puts the relationship of an account on a footing of the new consent.
    func link(
        _ account: PortalAccount,
        _ kind: ClientRelationship.Kind,
        _ consent: Consent,
        _ access: ClientAccess
    ) throws {
        let relationships = try access.beside(.create, on: .relationships, entity: "client_relationships")
        let known = try relationships.all(
            ClientRelationship.self,
            where: "account_id = \(account.id) AND status IN ('REQUESTED', 'APPROVED')"
        )
        // Who acts for the client by law does so on another footing; the consent adds nothing.
        guard known.allSatisfy({ $0.kind.reachesOnlyItsScopes || $0.status == .requested }) else { return }
        for var earlier in known {
            end(&earlier, reason: nil, at: access.now)
            try relationships.update(earlier)
        }
        var relationship = ClientRelationship(
            id: surroundings.newID(),
            clientID: access.clientID,
            accountID: account.id,
            kind: kind,
            status: .approved,
            startsAt: access.now,
            endsAt: consent.expiresAt,
            scopes: Dictionary(consent.scope.map { ($0, .read) }, uniquingKeysWith: { first, _ in first }),
            consentID: consent.id,
            createdAt: access.now
        )
        relationship.decidedAt = access.now
        try relationships.insert(relationship)
        try scheduleEnd(of: relationship, relationships)
        try tell(of: relationship, "relationship.approved", relationships)
    }

    private func check(_ kind: ClientRelationship.Kind, areas: [DataArea], until: Timestamp?, at now: Timestamp) throws
    {
        guard kind.reachesOnlyItsScopes else {
            throw Refusal.invalid(
                pointer: "/kind",
                message: "is not the client's own to give",
                remedy: "Choose FAMILY, PARTNER or EMERGENCY; for others ask the practice"
            )
        }
        let row = PolicyTable.Row(kind.relation)
        for (index, area) in areas.enumerated() where gate.policy.table.sight(row, .read, in: area) == nil {
            throw Refusal.invalid(
                pointer: "/areas/\(index)",
                message: "is not opened to \(kind.rawValue)",
                remedy: "Leave it out"
            )
        }
        if kind == .emergency, until == nil {
            throw Refusal.invalid(pointer: "/until", message: "is missing", remedy: "Say until when")
        }
        if let until, until <= now {
            throw Refusal.invalid(pointer: "/until", message: "is past", remedy: "Take a later time")
        }
    }

    /// The client's consents for family, partners and emergency contacts, the newest first.
    public func familyConsents(of client: ID<Client>, as principal: Principal) async throws -> [Consent] {
        try await gate.open(.read, on: .consents, of: client, as: principal, purpose: .ownCare, entity: "consents") {
            try $0.all(Consent.self, where: "kind = 'FAMILY_ACCESS'", order: "granted_at DESC, id DESC")
        }
    }

    /// Takes a consent back, with immediate effect: whoever came in by it is refused from the next request on.
    public func withdraw(_ id: ID<Consent>, of client: ID<Client>, as principal: Principal) async throws -> Consent {
        try await gate.open(
            .change,
            on: .consents,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "consents",
            entityID: id.text
        ) { access in
            var consent = try access.one(id)
            guard consent.state == .granted else { return consent }
            consent.state = .withdrawn
            consent.withdrawnAt = access.now
            consent.updatedAt = access.now
            try access.update(consent)
            try access.append(DomainEvent("consent.withdrawn", subject: id.text), ids: surroundings)
            let relationships = try access.beside(.change, on: .relationships, entity: "client_relationships")
            for var relationship in try relationships.all(
                ClientRelationship.self,
                where: "consent_id = \(id) AND status = 'APPROVED'"
            ) {
                end(&relationship, reason: nil, at: access.now)
                try relationships.update(relationship)
                try tell(of: relationship, "relationship.revoked", relationships)
            }
            return consent
        }
    }
}
