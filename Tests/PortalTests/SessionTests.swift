import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("Sessions")
struct SessionTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var service: SignInService { test.portal.signIn }

    private func token() async throws -> String {
        try await service.signIn(name: "maya", password: TestPortal.password, at: .portal, origin: .init()).token.text
    }

    private func isAlive(_ token: String) async throws -> Bool {
        try await test.portal.sessions.authenticate(token, origin: .init()) != nil
    }

    @Test func `a token says who holds it and where the request came from`() async throws {
        let origin = Principal.Origin(requestID: "request-1", ip: "192.0.2.9")
        let live = try #require(try await test.portal.sessions.authenticate(try await token(), origin: origin))
        let principal = live.principal
        #expect(principal.identity == test.people.client.principal.identity)
        #expect(principal.origin.requestID == origin.requestID)
        #expect(principal.origin.ip == origin.ip)
        #expect(principal.origin.sessionID == live.session.id.text)
    }

    @Test func `a session ends after exactly thirty minutes without use`() async throws {
        let first = try await token()
        test.clock.advance(.seconds(29 * 60 + 59))
        #expect(try await isAlive(first))
        let second = try await token()
        test.clock.advance(.minutes(30))
        #expect(try await isAlive(second) == false)
    }

    @Test func `use keeps a session alive`() async throws {
        let token = try await token()
        for _ in 0..<5 {
            test.clock.advance(.minutes(29))
            #expect(try await isAlive(token))
        }
        test.clock.advance(.minutes(30))
        #expect(try await isAlive(token) == false)
        #expect(try await isAlive(token) == false, "and does not come back")
    }

    @Test func `signing out ends the session on the server, and only that one`() async throws {
        let here = try await token()
        let there = try await token()
        let live = try #require(try await test.portal.sessions.authenticate(here, origin: .init()))
        try await test.portal.sessions.signOut(live)
        #expect(try await isAlive(here) == false)
        #expect(try await isAlive(there))
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE action = 'SESSION.END' AND outcome = 'OK'"
            ) == 1
        )
    }

    @Test func `a revoked session ends`() async throws {
        let token = try await token()
        try await test.execute("UPDATE auth_sessions SET revoked_at = \(test.clock.now), is_active = 0")
        #expect(try await isAlive(token) == false)
    }

    @Test(arguments: ["", "x", "\0", "' OR 1=1 --", String(repeating: "x", count: 100_000)])
    func `what is no token opens nothing`(text: String) async throws {
        _ = try await token()
        #expect(try await isAlive(text) == false)
    }

    @Test func `neither token nor password is in the database in plain, and no two tokens are alike`() async throws {
        let tokens = [try await token(), try await token()]
        #expect(tokens[0] != tokens[1])
        let contents = try await Contents(of: test)
        for secret in tokens + [TestPortal.password] { #expect(contents.holds(secret) == false) }
        // The same password is another hash for everybody.
        let hashes = try await test.rows(
            "SELECT password_hash AS hash FROM portal_accounts UNION ALL SELECT password_hash FROM users"
        )
        .map { try $0.get("hash", as: String.self) }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test func `a session goes on while the disk is full`() async throws {
        let token = try await token()
        try await test.sabotage()
        test.clock.advance(.minutes(5))
        #expect(try await isAlive(token))
    }
}
