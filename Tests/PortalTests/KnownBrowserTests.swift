import Records
import Store
import Support
import Testing

@testable import Portal

/// Strangers who guess must not lock the owner's own browser.
@Suite("Guessing and the owner's browser")
struct KnownBrowserTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private func begin(_ password: String = TestPortal.password, as name: String = "maya", on browser: String? = nil)
        async throws -> SignInOutcome
    {
        try await test.portal.signIn.begin(
            name: name,
            password: password,
            at: .portal,
            origin: .init(),
            client: .init(channel: .web, userAgent: "Heron/1.0", deviceSecret: browser)
        )
    }

    private func answer(_ challenge: SignInChallenge, _ code: String, on browser: String? = nil, trust: Bool = false)
        async throws -> SignInOutcome
    {
        try await test.portal.signIn.answer(
            challenge: challenge.token,
            method: .authenticator,
            code: code,
            trustDevice: trust,
            origin: .init(),
            client: .init(channel: .web, userAgent: "Heron/1.0", deviceSecret: browser)
        )
    }

    private func fail(_ times: Int = 5, as name: String = "maya", on browser: String? = nil) async {
        for _ in 0..<times {
            await #expect(throws: Refusal.wrongCredentials) { try await begin("wrong", as: name, on: browser) }
        }
    }

    private var locked: Refusal { .locked(until: test.clock.now.adding(.minutes(30))) }

    /// The secret of a browser that Maya has signed in on.
    private func browser(_ name: String = "maya") async throws -> String {
        try #require(try await begin(as: name).session?.deviceSecret)
    }

    @Test func `strangers who guess lock themselves out, and not the browser that is trusted`() async throws {
        let (secret, _) = try await test.enrolAuthenticator(try await test.live())
        test.clock.advance(.seconds(60))
        let challenge = try #require(try await begin().challenge)
        let trusted = try #require(
            try await answer(challenge, test.code(secret), trust: true).session?.deviceSecret
        )
        await fail()
        await #expect(throws: locked) { try await begin() }
        #expect(try await begin(on: trusted).session != nil)
        // Its trust run out, it is still the owner's, and shows the second factor.
        try await test.execute("UPDATE devices SET trusted_until = NULL")
        test.clock.advance(.seconds(60))
        let next = try #require(try await begin(on: trusted).challenge)
        #expect(try await answer(next, test.code(secret), on: trusted).session != nil)
        await #expect(throws: Refusal.self, "which opens nothing to strangers") { try await begin() }
    }

    @Test func `five failures on the owner's browser lock that one, and nothing else`() async throws {
        let (mine, other) = (try await browser(), try await browser())
        await fail(on: mine)
        await #expect(throws: locked) { try await begin(on: mine) }
        #expect(try await begin(on: other).session != nil)
        #expect(try await begin().session != nil)
        let told = try await test.mail(to: "maya@mail.example").filter { $0.template == "account-locked" }
        #expect(told.count == 1)
        test.clock.advance(.minutes(30))
        #expect(try await begin(on: mine).session != nil)
    }

    @Test func `somebody else's browser, one that was taken away and an invented one are strangers'`() async throws {
        let mine = try #require(try await begin().session)
        try await test.portal.devices.revoke(mine.deviceID, as: mine.principal)
        let jordan = try await browser("jordan")
        await fail()
        for secret in [mine.deviceSecret, jordan, String(repeating: "A", count: 43), "", "x"] {
            await #expect(throws: locked) { try await begin(on: secret) }
        }
    }

    @Test func `who knows the password and guesses codes does not lock the owner's browser`() async throws {
        let mine = try await browser()
        let (secret, _) = try await test.enrolAuthenticator(try await test.live())
        test.clock.advance(.seconds(60))
        for _ in 0..<5 {
            let challenge = try #require(try await begin().challenge)
            await #expect(throws: Refusal.wrongCode) { try await answer(challenge, "000000") }
        }
        let refused = try #require(try await begin().challenge)
        await #expect(throws: locked) { try await answer(refused, test.code(secret)) }
        let own = try #require(try await begin(on: mine).challenge)
        #expect(try await answer(own, test.code(secret), on: mine).session != nil)
    }

    @Test func `every failure counts towards the ceiling, wherever it was`() async throws {
        let mine = try await browser()
        await fail(3)
        await fail(3, on: mine)
        #expect(
            try await test.rows("SELECT failed_attempts FROM portal_accounts WHERE username = 'maya'").first?[
                "failed_attempts"
            ] == .integer(6)
        )
        try await test.execute("UPDATE portal_accounts SET failed_attempts = 100 WHERE username = 'maya'")
        await #expect(throws: Refusal.wrongCredentials) { try await begin(on: mine) }
    }

    @Test func `staff who unlock somebody unlock their browsers, too`() async throws {
        let mine = try await browser()
        await fail(on: mine)
        try await test.portal.accounts.unlock(test.people.client.id, as: test.people.clinician.principal)
        #expect(try await begin(on: mine).session != nil)
    }
}
