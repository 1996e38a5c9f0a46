import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Mailed links")
struct MailedLinkTests {
    let test: TestPortal
    private static let address = "maya@mail.example"

    init() async throws { test = try await TestPortal(articles: []) }

    private func request(_ name: String = "maya", at door: SignInService.Door = .portal) async throws {
        try await test.portal.magicLinks.request(name: name, at: door, practice: nil, origin: .init())
    }

    private func redeem(_ token: String, at door: SignInService.Door = .portal) async throws -> SignInOutcome {
        try await test.portal.magicLinks.redeem(token, at: door, origin: .init())
    }

    private func link() async throws -> String {
        try await request()
        return try await test.mailedSecret(.magicLink, to: Self.address)
    }

    private func reset() async throws -> String {
        try await test.portal.passwords.requestReset(name: "maya", at: .portal, practice: nil, origin: .init())
        return try await test.mailedSecret(.passwordReset, to: Self.address)
    }

    private func setPassword(_ token: String, _ password: String = "nine crooked lamps") async throws {
        try await test.portal.passwords.reset(token, to: password, origin: .init())
    }

    // MARK: - Signing in

    @Test(arguments: ["maya", " Maya@Mail.Example "])
    func `a link signs in once`(name: String) async throws {
        try await request(name)
        let token = try await test.mailedSecret(.magicLink, to: Self.address)
        #expect(try await redeem(token).session?.principal.accountID == test.people.client.account.id)
        await #expect(throws: Refusal.linkExpired) { try await redeem(token) }
    }

    @Test func `it is good for fifteen minutes`() async throws {
        let early = try await link()
        test.clock.advance(.seconds(14 * 60 + 59))
        #expect(try await redeem(early).session != nil)
        let late = try await link()
        test.clock.advance(.minutes(15))
        await #expect(throws: Refusal.linkExpired) { try await redeem(late) }
    }

    @Test func `of many uses at once exactly one gets in`() async throws {
        let token = try await link()
        let won = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<30 { group.addTask { (try? await redeem(token))?.session != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
    }

    @Test func `truncated, lengthened, invented and other doors' links open nothing`() async throws {
        let token = try await link()
        for text in [String(token.dropLast()), token + "A", token.uppercased(), "", "x", "\0", "' OR 1=1 --"] {
            await #expect(throws: Refusal.linkExpired) { try await redeem(text) }
        }
        await #expect(throws: Refusal.linkExpired, "no reset") { try await setPassword(token) }
        await #expect(throws: Refusal.linkExpired, "not by the staff's door") { try await redeem(token, at: .staff) }
    }

    @Test func `a lock after wrong passwords does not keep the owner out`() async throws {
        for _ in 0..<5 {
            await #expect(throws: Refusal.wrongCredentials) {
                try await test.portal.signIn.signIn(name: "maya", password: "wrong", at: .portal, origin: .init())
            }
        }
        await #expect(throws: Refusal.self) { try await test.live() }
        #expect(try await test.mail(to: Self.address).map(\.template) == ["account-locked"])
        #expect(try await redeem(link()).session != nil)
    }

    @Test func `it does not get around a second factor`() async throws {
        let (secret, _) = try await test.enrolAuthenticator(try await test.live())
        test.clock.advance(.minutes(1))
        let challenge = try #require(try await redeem(link()).challenge)
        #expect(challenge.methods == [.authenticator, .recovery])
        let outcome = try await test.portal.signIn.answer(
            challenge: challenge.token,
            method: .authenticator,
            code: test.code(secret),
            origin: .init()
        )
        #expect(outcome.session != nil)
    }

    @Test func `where the second factor is mail, the password is asked for after a mailed link`() async throws {
        let live = try await test.live()
        _ = try await test.portal.factors.enrol(.email, in: live)
        _ = try await test.portal.factors.confirm(.email, code: test.mailedCode(to: Self.address), in: live)
        let challenge = try #require(try await redeem(link()).challenge)
        #expect(challenge.methods == [.password, .recovery])
        await #expect(throws: Refusal.wrongCode) {
            try await test.portal.signIn.answer(
                challenge: challenge.token,
                method: .password,
                code: "wrong",
                origin: .init()
            )
        }
        let outcome = try await test.portal.signIn.answer(
            challenge: challenge.token,
            method: .password,
            code: TestPortal.password,
            origin: .init()
        )
        #expect(outcome.session != nil)
    }

    @Test(
        arguments: [
            "UPDATE portal_accounts SET status = 'DISABLED'", "UPDATE clients SET portal_enabled = 0",
            "UPDATE practices SET status = 'SUSPENDED'",
        ] as [SQL]
    )
    func `who was switched off in the meantime does not get in`(change: SQL) async throws {
        let token = try await link()
        let challenge = try await reset()
        try await test.execute(change)
        await #expect(throws: Refusal.linkExpired) { try await redeem(token) }
        await #expect(throws: Refusal.linkExpired) { try await setPassword(challenge) }
    }

    @Test(arguments: ["maya", "nobody", "", "x\0"])
    func `asking gives nothing away, and does the same work for a name that nobody has`(name: String) async throws {
        try await request(name)
        try await test.portal.passwords.requestReset(name: name, at: .portal, practice: nil, origin: .init())
        let rows = try await test.count("SELECT COUNT(*) AS count FROM auth_tokens")
        #expect(rows == (name.contains("\0") ? 0 : 2))
    }

    @Test func `nobody is mailed more than three links in a quarter of an hour`() async throws {
        for _ in 0..<6 { try await request() }
        #expect(try await test.mail(to: Self.address).count == 3)
        test.clock.advance(.minutes(16))
        try await request()
        #expect(try await test.mail(to: Self.address).count == 4)
    }

    @Test func `one address cannot mail the whole town`() async throws {
        let origin = Principal.Origin(ip: "192.0.2.66")
        var refused = false
        for count in 0..<150 where !refused {
            do {
                try await test.portal.magicLinks.request(
                    name: "person\(count)",
                    at: .portal,
                    practice: nil,
                    origin: origin
                )
            } catch {
                refused = error as? Refusal == .tooManyTries(until: test.clock.now.adding(.minutes(30)))
                #expect(count == 100)
            }
        }
        #expect(refused)
        try await test.portal.magicLinks.request(
            name: "maya",
            at: .portal,
            practice: nil,
            origin: .init(ip: "192.0.2.67")
        )
    }

    @Test func `no link lies in the database in clear`() async throws {
        let secrets = [try await link(), try await reset()]
        let contents = try await Contents(of: test)
        for secret in secrets { #expect(contents.holds(secret) == false) }
    }

    // MARK: - A new password

    @Test func `a reset sets the password, ends every session, unlocks, and tells the owner`() async throws {
        let live = try await test.live()
        for _ in 0..<5 {
            _ = try? await test.portal.signIn.signIn(name: "maya", password: "wrong", at: .portal, origin: .init())
        }
        let token = try await reset()
        try await setPassword(token)
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM auth_sessions WHERE id = \(live.id) AND is_active = 1")
                == 0
        )
        let session = try await test.portal.signIn.signIn(
            name: "maya",
            password: "nine crooked lamps",
            at: .portal,
            origin: .init()
        )
        #expect(session.principal.accountID == test.people.client.account.id)
        await #expect(throws: Refusal.linkExpired) { try await setPassword(token, "another set of words") }
        #expect(try await test.mail(to: Self.address).last?.template == "password-changed")
        await #expect(throws: Refusal.wrongCredentials, "the old one") { try await test.live() }
    }

    @Test func `a refused password leaves the link good`() async throws {
        let token = try await reset()
        await #expect(throws: Refusal.weakPassword([.tooShort(minimum: 15)])) { try await setPassword(token, "short") }
        await #expect(throws: Refusal.weakPassword([.usedBefore])) { try await setPassword(token, TestPortal.password) }
        try await setPassword(token)
    }

    @Test func `a reset does not get around the second factor`() async throws {
        _ = try await test.enrolAuthenticator(try await test.live())
        try await setPassword(reset())
        let outcome = try await test.portal.signIn.begin(
            name: "maya",
            password: "nine crooked lamps",
            at: .portal,
            origin: .init()
        )
        #expect(outcome.challenge?.methods == [.authenticator, .recovery])
    }

    @Test func `the last eight passwords stay refused`() async throws {
        let live = try await test.live()
        var used = [TestPortal.password]
        for word in ["amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath"] {
            let next = "\(word) kettle by the mossy gate"
            try await test.portal.passwords.change(from: used[used.count - 1], to: next, in: live)
            used.append(next)
            test.clock.advance(.seconds(1))
        }
        for old in used.suffix(8) {
            await #expect(throws: Refusal.weakPassword([.usedBefore])) {
                try await test.portal.passwords.change(from: used[8], to: old, in: live)
            }
        }
        try await test.portal.passwords.change(from: used[8], to: used[0], in: live)
    }

    @Test func `changing it takes the present one, and ends all other sessions`() async throws {
        let here = try await test.live()
        let there = try await test.live()
        await #expect(throws: Refusal.self) {
            try await test.portal.passwords.change(from: "wrong", to: "nine crooked lamps", in: here)
        }
        try await test.portal.passwords.change(from: TestPortal.password, to: "nine crooked lamps", in: here)
        func isOpen(_ live: LiveSession) async throws -> Bool {
            try await test.count("SELECT COUNT(*) AS count FROM auth_sessions WHERE id = \(live.id) AND is_active = 1")
                == 1
        }
        #expect(try await isOpen(here))
        #expect(try await isOpen(there) == false)
    }

    @Test func `a hundred failures in a row end the password until it is reset`() async throws {
        for round in 0..<20 {
            for _ in 0..<5 {
                await #expect(throws: Refusal.wrongCredentials, "\(round)") {
                    try await test.portal.signIn.signIn(name: "maya", password: "wrong", at: .portal, origin: .init())
                }
            }
            test.clock.advance(.minutes(30))
        }
        await #expect(throws: Refusal.wrongCredentials) { try await test.live() }
        try await setPassword(reset())
        _ = try await test.portal.signIn.signIn(
            name: "maya",
            password: "nine crooked lamps",
            at: .portal,
            origin: .init()
        )
    }

    // MARK: - A new address

    @Test func `a new address counts once its link is opened, and the old one is told`() async throws {
        let live = try await test.live()
        try await test.portal.emailChange.request("New@Mail.Example", in: live)
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM portal_accounts WHERE email = 'new@mail.example'") == 0
        )
        let token = try await test.mailedSecret(.verifyEmail, to: "new@mail.example")
        try await test.portal.emailChange.confirm(token, origin: .init())
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM portal_accounts WHERE email = 'new@mail.example'") == 1
        )
        #expect(try await test.mail(to: Self.address).last?.template == "email-changed")
        await #expect(throws: Refusal.linkExpired) { try await test.portal.emailChange.confirm(token, origin: .init()) }
    }

    @Test func `somebody else's address gives the same answer, and no mail`() async throws {
        let live = try await test.live()
        try await test.portal.emailChange.request("jordan@mail.example", in: live)
        #expect(try await test.mail(to: "jordan@mail.example").isEmpty)
    }

    @Test(arguments: [
        "", "maya", "maya@", "@mail.example", "a b@mail.example", "a@b@mail.example", "a@mail\n.example",
        "a\0@mail.example",
    ])
    func `what is no address is refused`(text: String) async throws {
        let live = try await test.live()
        await #expect(throws: Refusal.self) { try await test.portal.emailChange.request(text, in: live) }
    }
}
