import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("What staff do for accounts")
struct AccountAdministrationTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var admin: Principal { test.people.administrator.principal }
    private var portal: Portal { test.portal }

    @Test func `there is one account for a client, and the database holds to it`() async throws {
        let maya = test.people.client
        await #expect(throws: Refusal.self) {
            try await portal.invitations.invite(maya.id, by: .paper, as: admin)
        }
        await #expect(throws: Refusal.self) {
            try await portal.accounts.createAccount(
                for: maya.id,
                username: "maya2",
                email: "m2@mail.example",
                as: admin
            )
        }
        await #expect(throws: StoreError.self) {
            try await portal.directory.addAccount(
                for: maya.client,
                username: "m3",
                email: "m3@mail.example",
                password: "x",
                as: test.people.administrator.principal
            )
        }
    }

    @Test(arguments: ["PARENT", "GUARDIAN", "FAMILY", "PARTNER", "POA"])
    func `a client under 18 needs an approved parent or guardian first`(kind: String) async throws {
        let teen = try await test.newClient("Kit", birthDate: "2007-03-04")
        await #expect(throws: Refusal.self) { try await portal.invitations.invite(teen.id, by: .paper, as: admin) }
        try await test.execute(
            """
            INSERT INTO client_relationships (id, client_id, account_id, kind, status, created_at, updated_at)
            VALUES ('r', \(teen.id), \(test.people.client.account.id), \(kind), 'APPROVED', 1, 1)
            """
        )
        let mayNow = ["PARENT", "GUARDIAN"].contains(kind)
        if mayNow {
            _ = try await portal.invitations.invite(teen.id, by: .paper, as: admin)
        } else {
            await #expect(throws: Refusal.self) { try await portal.invitations.invite(teen.id, by: .paper, as: admin) }
            // The 18th birthday, at midnight in Chicago.
            test.clock.advance(.hours(15))
            _ = try await portal.invitations.invite(teen.id, by: .paper, as: admin)
        }
    }

    @Test func `who is no client's staff administers no account`() async throws {
        let maya = test.people.client.id
        let strangers = [
            test.people.otherClinician.principal, test.people.editor.principal, test.people.sibling.principal,
            test.people.client.principal, test.neighbors.administrator.principal,
        ]
        for stranger in strangers {
            await #expect(throws: AccessDenied.self) { try await portal.accounts.standing(of: maya, as: stranger) }
            await #expect(throws: AccessDenied.self) {
                try await portal.accounts.setPortalEnabled(false, for: maya, as: stranger)
            }
            await #expect(throws: AccessDenied.self) {
                try await portal.invitations.invite(maya, by: .paper, as: stranger)
            }
            await #expect(throws: AccessDenied.self) { try await portal.accounts.unlock(maya, as: stranger) }
        }
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE action = 'ACCOUNT.READ' AND outcome = 'DENIED'"
            ) == 5
        )
    }

    @Test func `a locked client shows as locked, and staff unlock`() async throws {
        for _ in 0..<5 {
            _ = try? await portal.signIn.signIn(name: "maya", password: "wrong", at: .portal, origin: .init())
        }
        let cora = test.people.clinician.principal
        #expect(try await test.standing(of: test.people.client.client, as: cora) == .locked)
        try await portal.accounts.unlock(test.people.client.id, as: cora)
        #expect(try await test.standing(of: test.people.client.client, as: cora) == .active)
        _ = try await test.live()
    }

    @Test func `access switched off ends sessions at once, and a link that is under way`() async throws {
        let live = try await test.live()
        try await portal.magicLinks.request(name: "maya", at: .portal, practice: nil, origin: .init())
        let link = try await test.mailedSecret(.magicLink, to: "maya@mail.example")
        try await portal.accounts.setPortalEnabled(false, for: test.people.client.id, as: admin)
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM auth_sessions WHERE id = \(live.id) AND is_active = 1")
                == 0
        )
        try await portal.accounts.setPortalEnabled(true, for: test.people.client.id, as: admin)
        await #expect(throws: Refusal.linkExpired) {
            try await portal.magicLinks.redeem(link, at: .portal, origin: .init())
        }
    }

    @Test func `people read what happened with their own account, and nothing of anybody else's`() async throws {
        _ = try await test.live()
        _ = try? await portal.signIn.signIn(name: "maya", password: "wrong", at: .portal, origin: .init())
        func rows(_ person: TestClient) async throws -> [AuditRow] {
            try await portal.oversight.activity.rows(of: person.principal, before: nil, limit: 100)
        }
        let own = try await rows(test.people.client)
        #expect(own.contains { $0.action == "SESSION.START" && $0.outcome == "OK" })
        #expect(own.contains { $0.action == "SESSION.START" && $0.outcome == "DENIED" })
        #expect(try await rows(test.people.sibling).filter { $0.action == "SESSION.START" }.isEmpty)
    }
}
