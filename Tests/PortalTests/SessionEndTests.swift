import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// How sessions end: by time, by their owner, by an administrator, with the access itself.
@Suite("Ends of sessions")
struct SessionEndTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    @discardableResult
    private func signIn(_ name: String = "maya", at door: SignInService.Door = .portal) async throws -> SignInResult {
        try await test.portal.signIn.signIn(
            name: name,
            password: TestPortal.password,
            at: door,
            origin: .init(ip: "192.0.2.7"),
            client: .init(userAgent: "Heron/1.0")
        )
    }

    private func come(_ result: SignInResult, use: SessionService.Use = .view) async throws -> LiveSession? {
        try await test.portal.sessions.authenticate(result.token.text, origin: .init(), use: use)
    }

    private func row(_ result: SignInResult) async throws -> Row {
        try #require(try await test.rows("SELECT * FROM auth_sessions WHERE id = \(result.sessionID)").first)
    }

    // MARK: - By time

    @Test func `twelve hours end a session however busy it was`() async throws {
        let session = try await signIn()
        for _ in 0..<35 {
            test.clock.advance(.minutes(20))
            #expect(try await come(session) != nil)
        }
        test.clock.advance(.seconds(20 * 60 - 1))
        let last = try #require(try await come(session))
        #expect(last.session.absoluteExpiresAt == session.absoluteExpiresAt)
        test.clock.advance(.seconds(1))
        #expect(try await come(session) == nil)
    }

    @Test(arguments: [("maya", SignInService.Door.portal, 2), ("cora", .staff, 1)])
    func `a practice may choose a shorter day for each door`(name: String, door: SignInService.Door, hours: Int)
        async throws
    {
        var settings = PracticeSettings()
        settings.secondFactors = [:]
        settings.portalSessionHours = 2
        settings.staffSessionHours = 1
        try await test.set(settings)
        let session = try await signIn(name, at: door)
        #expect(session.absoluteExpiresAt == test.clock.now.adding(.hours(hours)))
    }

    @Test func `watching does not keep a session alive, touching does`() async throws {
        let session = try await signIn()
        test.clock.advance(.minutes(20))
        #expect(try await come(session, use: .watching)?.session.expiresAt == session.expiresAt)
        let live = try #require(try await come(session, use: .watching))
        #expect(try await test.portal.sessions.touch(live) == test.clock.now.adding(.minutes(30)))
        test.clock.advance(.minutes(29))
        #expect(try await come(session, use: .watching) != nil)
        test.clock.advance(.minutes(1))
        #expect(try await come(session, use: .watching) == nil)
    }

    @Test func `what ran out is marked so when somebody signs in`() async throws {
        let first = try await signIn()
        test.clock.advance(.minutes(30))
        try await signIn()
        let row = try await row(first)
        #expect(row["is_active"] == .integer(0))
        #expect(row["end_reason"] == .text("EXPIRED"))
        #expect(row["logout_at"] == .null)
        #expect(row["revoked_at"] == .null)
    }

    // MARK: - By hand

    @Test func `people see their own sessions, with where they are and what they were used for`() async throws {
        let here = try await signIn()
        let there = try await signIn()
        try await signIn("jordan")
        for _ in 0..<3 { _ = try await come(here) }
        _ = try await come(here, use: .action)
        test.clock.advance(.minutes(1))
        _ = try await come(here)
        let sessions = try await test.portal.sessions.sessions(of: test.people.client.principal)
        #expect(sessions.map(\.id) == [here.sessionID, there.sessionID])
        #expect(sessions.map(\.pagesViewed) == [4, 0])
        #expect(sessions.map(\.actionsTaken) == [1, 0])
        #expect(sessions.map(\.ip) == ["192.0.2.7", "192.0.2.7"])
        #expect(sessions.map(\.userAgent) == ["Heron/1.0", "Heron/1.0"])
    }

    @Test func `a session is written at most once a minute`() async throws {
        let session = try await signIn()
        let before = try await row(session)["updated_at"]
        for _ in 0..<59 {
            test.clock.advance(.seconds(1))
            _ = try await come(session)
        }
        #expect(try await row(session)["updated_at"] == before)
        test.clock.advance(.seconds(1))
        _ = try await come(session)
        #expect(try await row(session)["updated_at"] == test.clock.now.sqlValue)
        #expect(try await row(session)["pages_viewed"] == .integer(60))
    }

    @Test func `one, all others, and all can be ended, and nobody else's`() async throws {
        let maya = test.people.client.principal
        let all = [try await signIn(), try await signIn(), try await signIn(), try await signIn()]
        let jordan = try await signIn("jordan")
        try await test.portal.sessions.end(all[0].sessionID, as: maya)
        #expect(try await come(all[0]) == nil)
        await #expect(throws: RecordNotFound.self) { try await test.portal.sessions.end(all[0].sessionID, as: maya) }
        await #expect(throws: RecordNotFound.self) { try await test.portal.sessions.end(jordan.sessionID, as: maya) }
        #expect(try await test.portal.sessions.endAll(as: maya, except: all[1].sessionID) == 2)
        #expect(try await come(all[1]) != nil)
        #expect(try await come(all[2]) == nil)
        #expect(try await test.portal.sessions.endAll(as: maya) == 1)
        #expect(try await come(all[1]) == nil)
        #expect(try await come(jordan) != nil)
        #expect(try await row(all[1])["end_reason"] == .text("ENDED_BY_OWNER"))
        #expect(try await row(all[1])["revoked_at"] == test.clock.now.sqlValue)
    }

    @Test func `an administrator ends any session of the practice, and of no other`() async throws {
        let ada = test.people.administrator.principal
        let (maya, cora) = (try await signIn(), try await signIn("cora", at: .staff))
        let again = try await signIn()
        try await test.portal.sessions.end(maya.sessionID, asAdministrator: ada)
        #expect(try await test.portal.sessions.endAll(of: .staff(test.people.clinician.id), asAdministrator: ada) == 1)
        #expect(try await test.portal.sessions.endAll(of: .client(test.people.client.id), asAdministrator: ada) == 1)
        for session in [maya, cora, again] {
            #expect(try await come(session) == nil)
            #expect(try await row(session)["end_reason"] == .text("ENDED_BY_ADMINISTRATOR"))
        }
        let jordan = try await signIn("jordan")
        let nora = test.neighbors.administrator.principal
        await #expect(throws: RecordNotFound.self) {
            try await test.portal.sessions.end(jordan.sessionID, asAdministrator: nora)
        }
        #expect(
            try await test.portal.sessions.endAll(of: .account(test.people.sibling.account.id), asAdministrator: nora)
                == 0
        )
        #expect(try await test.portal.sessions.sessions(asAdministrator: nora).isEmpty)
        await #expect(throws: AccessDenied.self) {
            try await test.portal.sessions.end(jordan.sessionID, asAdministrator: test.people.supervisor.principal)
        }
        #expect(try await come(jordan) != nil)
    }

    // MARK: - With the access

    @Test func `portal access, an account or a member of staff switched off ends every session there and then`()
        async throws
    {
        let sessions = [
            try await signIn("maya"), try await signIn("jordan"), try await signIn("cora", at: .staff),
        ]
        let directory = test.portal.directory
        try await test.portal.accounts.setPortalEnabled(
            false,
            for: test.people.client.id,
            as: test.people.administrator.principal
        )
        try await directory.setDisabled(true, test.people.sibling.account.id, as: test.people.administrator.principal)
        try await directory.deactivate(test.people.clinician.id, as: test.people.administrator.principal)
        for session in sessions {
            // Before anybody comes with the token.
            #expect(try await row(session)["is_active"] == .integer(0))
            #expect(try await row(session)["revoked_at"] == test.clock.now.sqlValue)
            #expect(try await row(session)["end_reason"] == .text("ACCESS_OFF"))
            #expect(try await come(session) == nil)
        }
        try await test.portal.accounts.setPortalEnabled(
            true,
            for: test.people.client.id,
            as: test.people.administrator.principal
        )
        #expect(try await come(sessions[0]) == nil, "access that comes back does not bring sessions back")
    }

    @Test func `access that was switched off past the services ends a session when it is next used`() async throws {
        let session = try await signIn()
        try await test.execute("UPDATE portal_accounts SET status = 'DISABLED' WHERE username = 'maya'")
        #expect(try await come(session) == nil)
        try await test.execute("UPDATE portal_accounts SET status = 'ACTIVE' WHERE username = 'maya'")
        #expect(try await come(session) == nil)
        #expect(try await row(session)["end_reason"] == .text("ACCESS_OFF"))
    }

    @Test func `of more than twenty sessions the oldest ends`() async throws {
        var sessions: [SignInResult] = []
        for _ in 0..<21 {
            sessions.append(try await signIn())
            test.clock.advance(.seconds(1))
        }
        #expect(try await come(sessions[0]) == nil)
        #expect(try await row(sessions[0])["end_reason"] == .text("TOO_MANY"))
        #expect(try await come(sessions[1]) != nil)
    }
}
