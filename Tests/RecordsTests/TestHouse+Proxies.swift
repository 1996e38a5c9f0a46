import Foundation
import Testing

@testable import Records
@testable import Store

extension TestHouse {
    /// What an access turned out to be.
    struct Opened: Sendable, Hashable {
        let relation: Relation
        let sight: Sight
        var further: Set<Sight> = []
    }

    /// Asks for access; nil when it is refused.
    func open(
        _ client: ID<Client>,
        as principal: Principal,
        _ action: AccessAction = .read,
        _ area: DataArea,
        reason: String? = nil
    ) async throws -> Opened? {
        do {
            return try await gate.open(
                action,
                on: area,
                of: client,
                as: principal,
                purpose: .operations,
                entity: "test",
                reason: reason
            ) { Opened(relation: $0.relation, sight: $0.sight, further: $0.further) }
        } catch is AccessDenied {
            return nil
        }
    }

    /// Somebody with an account of their own who is nobody's client, with an approved relationship.
    func proxy(
        _ kind: ClientRelationship.Kind,
        of client: ID<Client>,
        in practice: TestPractice,
        _ adjust: (inout ClientRelationship) -> Void = { _ in }
    ) async throws -> (principal: Principal, relationship: ID<ClientRelationship>) {
        let account: ID<PortalAccountTag> = surroundings.newID()
        let now = outside.now
        var relationship = ClientRelationship(
            id: surroundings.newID(),
            clientID: client,
            accountID: account,
            kind: kind,
            status: .approved,
            createdAt: now
        )
        adjust(&relationship)
        let final = relationship
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO portal_accounts
                    (id, practice_id, kind, client_id, username, email, status, locale, created_at, updated_at)
                VALUES (\(account), \(practice.id), 'PROXY', NULL, \(account), \(account), 'ACTIVE', 'en', \(now), \(now))
                """
            )
        }
        try await gate.open(
            .create,
            on: .relationships,
            of: client,
            as: .system("test", practice: practice.id),
            purpose: .automation,
            entity: "test"
        ) { try $0.insert(final) }
        return (Principal(practiceID: practice.id, identity: .account(account, ownClient: nil)), relationship.id)
    }

    /// Changes a relationship as the practice would.
    func change(_ relationship: ID<ClientRelationship>, _ assignment: SQL) async throws {
        try await database.write {
            try $0.execute("UPDATE client_relationships SET \(assignment) WHERE id = \(relationship)")
        }
    }

    /// A consent of the client for family access.
    func consent(of client: ID<Client>, until: Timestamp? = nil) async throws -> ID<Consent> {
        let consent = Consent(
            id: surroundings.newID(),
            clientID: client,
            kind: .familyAccess,
            grantedBy: nil,
            expiresAt: until,
            grantedAt: outside.now
        )
        try await database.write { try $0.insert(consent, into: Consent.table) }
        return consent.id
    }

    func rule(
        _ area: DataArea,
        _ access: GuardianAccess,
        ages: ClosedRange<Int> = 0...17,
        jurisdiction: String = "US",
        minorMayConsentAlone: Bool = false,
        from day: String = "2020-01-01"
    ) async throws {
        let rule = JurisdictionRule(
            id: surroundings.newID(),
            practiceID: oak.id,
            jurisdiction: jurisdiction,
            ages: ages,
            area: area,
            guardianAccess: access,
            minorMayConsentAlone: minorMayConsentAlone,
            effectiveFrom: day,
            createdAt: outside.now
        )
        try await database.write { try $0.insert(rule, into: JurisdictionRule.table) }
    }

    /// Moves the clock to a moment, such as `2026-05-17T04:59:59Z`.
    func travel(to moment: String) throws {
        let target = Timestamp(try Date(moment, strategy: .iso8601))
        outside.advance(.milliseconds(target.milliseconds - outside.now.milliseconds))
    }
}
