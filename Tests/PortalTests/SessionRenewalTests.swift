import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// Tokens of browsers, which are renewed by use (ACC-30).
@Suite("Renewal of tokens")
struct SessionRenewalTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private func signIn(_ client: SessionClient = .init(channel: .web)) async throws -> SignInResult {
        try await test.portal.signIn.signIn(
            name: "maya",
            password: TestPortal.password,
            at: .portal,
            origin: .init(),
            client: client
        )
    }

    private func come(_ token: String, from channel: SessionClient.Channel = .web) async throws -> LiveSession? {
        try await test.portal.sessions.authenticate(token, from: channel, origin: .init())
    }

    private func endReasons() async throws -> [SQLValue?] {
        try await test.rows("SELECT end_reason FROM auth_sessions ORDER BY id").map { $0["end_reason"] }
    }

    private func told(_ type: String) async throws -> Int {
        try await test.portal.notifications.inbox(of: test.people.client.principal).notifications
            .filter { $0.type == type }.count
    }

    @Test func `every request is given the next token, which is the one to come with`() async throws {
        var token = try await signIn().token.text
        var seen: Set<String> = [token]
        for _ in 0..<5 {
            let live = try #require(try await come(token))
            token = try #require(live.renewedToken).text
            #expect(seen.insert(token).inserted)
            test.clock.advance(.seconds(10))
        }
        #expect(try await come(token) != nil)
    }

    @Test func `requests under way at once all get in, and one of them gets the next token`() async throws {
        let token = try await signIn().token.text
        let test = test
        let answers = await withTaskGroup(of: LiveSession?.self) { group in
            for _ in 0..<16 {
                group.addTask { try? await test.portal.sessions.authenticate(token, from: .web, origin: .init()) }
            }
            return await group.reduce(into: [LiveSession?]()) { $0.append($1) }
        }
        #expect(answers.compactMap { $0 }.count == 16)
        let renewed = answers.compactMap { $0?.renewedToken?.text }
        #expect(renewed.count == 1)
        test.clock.advance(.seconds(9))
        #expect(try await come(token)?.renewedToken == nil, "the one before is good for some seconds")
        #expect(try await come(try #require(renewed.first)) != nil)
    }

    @Test func `no second renewal comes while the first one's predecessor is still good`() async throws {
        let first = try await signIn().token.text
        let second = try #require(try await come(first)?.renewedToken).text
        test.clock.advance(.seconds(5))
        #expect(try await come(second)?.renewedToken == nil)
        #expect(try await come(first) != nil, "a slow request with the first one still gets in")
    }

    @Test func `an old token ends the session for whoever holds it, and its owner is told`() async throws {
        let first = try await signIn().token.text
        let second = try #require(try await come(first)?.renewedToken).text
        test.clock.advance(.seconds(10))
        #expect(try await come(first) == nil)
        #expect(try await come(second) == nil, "neither goes on")
        #expect(try await endReasons() == [.text("TOKEN_REUSED")])
        #expect(try await told("session.token_reused") == 1)
        let audited = try await test.rows("SELECT outcome, reason FROM audit_log WHERE action = 'SESSION.REVOKE'")
        #expect(audited.map { $0["outcome"] } == [.text("DENIED")])
        #expect(audited.map { $0["reason"] } == [.text("TOKEN_REUSED")])
    }

    @Test func `a token from long ago gives a copy away as well as the last one does`() async throws {
        let first = try await signIn().token.text
        var token = first
        for _ in 0..<4 {
            token = try #require(try await come(token)?.renewedToken).text
            test.clock.advance(.seconds(10))
        }
        #expect(try await come(first) == nil)
        #expect(try await come(token) == nil)
        #expect(try await endReasons() == [.text("TOKEN_REUSED")])
    }

    @Test func `a token that only looks like one, or of a session that has ended, ends nothing`() async throws {
        let token = try await signIn().token.text
        let other = try await signIn().token.text
        for text in ["", "x", String(token.dropLast()), token + "A", String(repeating: "A", count: token.count)] {
            #expect(try await come(text) == nil)
        }
        let crossed = String(repeating: "A", count: 22) + token.dropFirst(22)
        #expect(try await come(crossed) == nil)
        #expect(try await come(token) != nil)
        #expect(try await come(other) != nil)
    }

    @Test func `a program keeps its token unless it asked for new ones`() async throws {
        let plain = try await signIn(.init()).token.text
        for _ in 0..<3 {
            #expect(try await come(plain, from: .api)?.renewedToken == nil)
            test.clock.advance(.minutes(1))
        }
        let following = try await signIn(.init(followsRenewal: true)).token.text
        let next = try #require(try await come(following, from: .api)?.renewedToken)
        test.clock.advance(.seconds(10))
        #expect(try await come(next.text, from: .api) != nil)
        #expect(try await come(following, from: .api) == nil)
    }

    @Test func `a token is good only for the way that it was given out for`() async throws {
        let cookie = try await signIn().token.text
        let bearer = try await signIn(.init()).token.text
        #expect(try await come(cookie, from: .api) == nil)
        #expect(try await come(bearer, from: .web) == nil)
        #expect(try await come(cookie) != nil)
    }

    @Test func `a full disk leaves the token as it is`() async throws {
        let token = try await signIn().token.text
        try await test.sabotage()
        let live = try #require(try await come(token))
        #expect(live.renewedToken == nil)
        try await test.heal()
        #expect(try await come(token)?.renewedToken != nil)
    }

    @Test func `showing again who one is gives a new token, and the old one is worth nothing`() async throws {
        let token = try await signIn(.init()).token.text
        let live = try #require(try await come(token, from: .api))
        test.clock.advance(.minutes(5))
        let next = try await test.portal.reauthenticate(live)
        #expect(try await come(token, from: .api) == nil)
        let renewed = try #require(try await come(next.text, from: .api))
        #expect(renewed.session.authenticatedAt == test.clock.now)
        #expect(renewed.session.mfaPassed)
        #expect(renewed.session.loginAt == live.session.loginAt)
    }
}

extension Portal {
    func reauthenticate(_ live: LiveSession) async throws -> SessionToken {
        try await database.write { transaction in
            try sessions.reauthenticated(live, hasSecondFactor: true, in: transaction)
        }
    }
}
