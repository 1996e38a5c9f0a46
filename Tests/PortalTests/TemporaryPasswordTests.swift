import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Passwords that are given out")
struct TemporaryPasswordTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var portal: Portal { test.portal }

    /// Wren's, given out now.
    private func given() async throws -> String {
        try await portal.accounts.createAccount(
            for: test.newClient().id,
            username: "wren",
            email: "wren@mail.example",
            as: test.people.frontDesk.principal
        )
    }

    private func begin(_ password: String) async throws -> SignInOutcome {
        try await portal.signIn.begin(name: "wren", password: password, at: .portal, origin: .init())
    }

    private func choose(_ challenge: SignInChallenge?, _ password: String = TestPortal.newPassword) async throws
        -> SignInOutcome
    {
        try await portal.signIn.answer(
            challenge: try #require(challenge?.token),
            method: .newPassword,
            code: password,
            origin: .init()
        )
    }

    @Test func `a password that is given out is replaced at the first sign-in`() async throws {
        let given = try await given()
        let challenge = try #require(try await begin(given).challenge)
        #expect(challenge.methods == [.newPassword])
        await #expect(throws: Refusal.weakPassword([.usedBefore])) { try await choose(challenge, given) }
        #expect(try await choose(challenge).session != nil)
        test.clock.advance(.days(400))
        #expect(try await begin(TestPortal.newPassword).session != nil, "one's own does not run out")
    }

    @Test func `it opens nothing after seven days, and says so to who has it alone`() async throws {
        let given = try await given()
        test.clock.advance(.days(7))
        for _ in 0..<6 { await #expect(throws: Refusal.passwordExpired) { try await begin(given) } }
        await #expect(throws: Refusal.wrongCredentials) { try await begin("wrong") }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM auth_sessions") == 0)
    }

    @Test func `until the last second of the seventh day it can be exchanged`() async throws {
        let given = try await given()
        test.clock.advance(.days(7) - .seconds(1))
        #expect(try await choose(begin(given).challenge).session != nil)
    }

    @Test func `a practice may choose another time`() async throws {
        var settings = PracticeSettings()
        settings.temporaryPasswordDays = 1
        try await test.set(settings)
        let given = try await given()
        test.clock.advance(.days(1))
        await #expect(throws: Refusal.passwordExpired) { try await begin(given) }
    }

    @Test func `who was too late comes in by a mailed link, and chooses their own`() async throws {
        let given = try await given()
        test.clock.advance(.days(8))
        try await portal.magicLinks.request(name: "wren", at: .portal, practice: nil, origin: .init())
        let link = try await test.mailedSecret(.magicLink, to: "wren@mail.example")
        let challenge = try await portal.magicLinks.redeem(link, at: .portal, origin: .init()).challenge
        #expect(challenge?.methods == [.newPassword])
        #expect(try await choose(challenge).session != nil)
        await #expect(throws: Refusal.wrongCredentials) { try await begin(given) }
    }
}
