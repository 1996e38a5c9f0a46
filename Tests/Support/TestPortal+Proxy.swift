import Portal
public import Records
import Store

/// Somebody with an account who is nobody's client.
public struct TestProxy: Sendable {
    public let id: ID<PortalAccountTag>
    public let username: String
    public let email: String
    public let principal: Principal
}

extension TestPortal {
    /// Adds an account of somebody who is nobody's client, with everybody's password.
    public func addProxy(_ username: String) async throws -> TestProxy {
        let id: ID<PortalAccountTag> = surroundings.newID()
        let email = "\(username)@mail.example"
        try await execute(
            """
            INSERT INTO portal_accounts
                (id, practice_id, kind, client_id, username, email, password_hash, status, locale, created_at, updated_at)
            SELECT \(id), practice_id, 'PROXY', NULL, \(username), \(email), password_hash, 'ACTIVE', 'en', 1, 1
            FROM portal_accounts WHERE id = \(people.client.account.id)
            """
        )
        return TestProxy(
            id: id,
            username: username,
            email: email,
            principal: Principal(practiceID: practice.id, identity: .account(id, ownClient: nil))
        )
    }

    /// Adds a member of staff, with everybody's password.
    public func addStaff(_ username: String, _ role: StaffMember.Role) async throws -> Principal {
        let id: ID<StaffMember> = surroundings.newID()
        let email = "\(username)@practice.example"
        try await execute(
            """
            INSERT INTO users
                (id, practice_id, email, username, display_name, role, password_hash, status, created_at, updated_at)
            SELECT \(id), practice_id, \(email), \(username), \(username), \(role), password_hash, 'ACTIVE', 1, 1
            FROM users WHERE id = \(people.clinician.id)
            """
        )
        return Principal(practiceID: practice.id, identity: .staff(id, role: role))
    }

    /// An approved relationship of `proxy` to a client of the practice.
    @discardableResult
    public func relate(
        _ proxy: TestProxy,
        to client: ID<Client>,
        as kind: ClientRelationship.Kind,
        until end: Timestamp? = nil
    ) async throws -> ID<ClientRelationship> {
        let request = try await portal.relationships.enter(
            kind,
            email: proxy.email,
            of: client,
            reason: "on paper",
            as: people.frontDesk.principal
        )
        return try await portal.relationships.decide(
            request.id,
            of: client,
            .init(isApproved: true, evidence: "papers seen", endsAt: end),
            as: people.administrator.principal
        ).id
    }

    /// Lets a client have been born on a day.
    public func setBirthDate(_ day: String, of client: ID<Client>) async throws {
        try await execute("UPDATE clients SET birth_date = \(day) WHERE id = \(client)")
    }
}
