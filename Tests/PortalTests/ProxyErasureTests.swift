import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Proxies of a client who is deleted")
struct ProxyErasureTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private func erase() async throws -> ClientErasure {
        try await test.portal.oversight.deletion.delete(
            test.people.client.id,
            reason: .clientRequest,
            as: test.people.administrator.principal
        )
    }

    private func exists(_ account: ID<PortalAccountTag>) async throws -> Bool {
        try await test.count("SELECT COUNT(*) AS count FROM portal_accounts WHERE id = \(account)") == 1
    }

    @Test func `an account that was there for them alone goes with them, its sessions at once`() async throws {
        let gwen = try await test.addProxy("gwen")
        try await test.relate(gwen, to: test.people.client.id, as: .powerOfAttorney)
        let live = try await test.live("gwen")
        let token = try await test.portal.signIn.signIn(
            name: "gwen",
            password: TestPortal.password,
            at: .portal,
            origin: .init()
        ).token.text
        try await test.portal.relationships.act(for: test.people.client.id, in: live.id, as: live.principal)
        let report = try await erase()
        #expect(try await exists(gwen.id) == false)
        #expect(try await test.portal.sessions.authenticate(token, origin: .init()) == nil)
        await #expect(throws: Refusal.wrongCredentials) { _ = try await test.live("gwen") }
        #expect(report.rowCounts["portal_accounts"] == 2)
        let contents = try await Contents(of: test, except: ["audit_log"])
        #expect(contents.holds(gwen.id.text) == false)
        let row = try #require(
            try await test.rows("SELECT * FROM audit_log WHERE action = 'ACCOUNT.DELETE'").first
        )
        #expect(row["entity_id"] == .text(gwen.id.text))
        #expect(row["actor_id"] == .text(test.people.administrator.id.text))
        #expect(try await test.portal.audit.verify(test.portal.database) == [])
    }

    @Test func `who acts, or once acted, for somebody else stays, and so does who is a client or nobody's proxy`()
        async throws
    {
        let (both, once, sam) = (
            try await test.addProxy("both"), try await test.addProxy("once"), try await test.addProxy("sam")
        )
        for proxy in [both, once] { try await test.relate(proxy, to: test.people.client.id, as: .powerOfAttorney) }
        try await test.relate(both, to: test.people.sibling.id, as: .powerOfAttorney)
        let past = try await test.relate(once, to: test.people.sibling.id, as: .powerOfAttorney)
        _ = try await test.portal.relationships.revoke(
            past,
            of: test.people.sibling.id,
            reason: "over",
            as: test.people.administrator.principal
        )
        try await test.execute(
            """
            INSERT INTO client_relationships (id, client_id, account_id, kind, status, created_at, updated_at)
            VALUES ('r', \(test.people.client.id), \(test.people.stranger.account.id), 'PARTNER', 'APPROVED', 1, 1)
            """
        )
        _ = try await erase()
        for account in [both.id, once.id, sam.id, test.people.stranger.account.id] {
            #expect(try await exists(account))
        }
        _ = try await test.live("both")
        #expect(try await test.count("SELECT COUNT(*) AS count FROM audit_log WHERE action = 'ACCOUNT.DELETE'") == 0)
    }
}
