import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Invitations and registration")
struct RegistrationTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var admin: Principal { test.people.administrator.principal }
    private var portal: Portal { test.portal }

    private let birthDate = "1990-05-17"

    private func start(_ code: String, birthDate: String? = nil) async throws -> (
        token: String, registration: Registration
    ) {
        try await portal.registration.start(code: code, birthDate: birthDate, origin: .init(ip: "192.0.2.7"))
    }

    @Test func `from an invitation by mail to the first sign-in, step by step, resumed in between`() async throws {
        let terms = try await portal.terms.publish(.terms, locale: "en", title: "Terms", body: "Be kind.", as: admin)
        let client = try await test.newClient()
        #expect(try await test.standing(of: client) == .notEnabled)
        let code = try await test.invitedByMail(client)
        #expect(try await test.standing(of: client) == .invited)
        let (token, begun) = try await start(code)
        #expect(begun.step == .credentials, "the mail has shown the address")
        _ = try await portal.registration.setCredentials(token, username: "Wren", password: TestPortal.newPassword)
        #expect(try await portal.registration.resume(token).step == .secondFactor)
        await #expect(throws: Refusal.wrongCredentials, "not before the end") {
            try await portal.signIn.signIn(name: "wren", password: TestPortal.newPassword, at: .portal, origin: .init())
        }
        let secret = try #require(
            Base32.decode(try await portal.registration.enrol(token, .authenticator).secret ?? "")
        )
        let (_, recovery) = try await portal.registration.confirm(token, .authenticator, code: test.code(secret))
        #expect(recovery.count == 10)
        _ = try await portal.registration.setPreferences(token, .init(locale: "es", emailNotifications: false))
        _ = try await portal.registration.setEmergencyContact(
            token,
            EmergencyContactEntry(name: "Robin Example", relation: "sister", phone: "555-0111")
        )
        await #expect(throws: Refusal.self, "the terms are missing") {
            try await portal.registration.complete(token, accepting: [], origin: .init())
        }
        let done = try await portal.registration.complete(token, accepting: [terms.id], origin: .init(ip: "192.0.2.7"))
        #expect(done.step == .done)
        #expect(try await test.standing(of: client) == .active)
        test.clock.advance(.seconds(30))
        let outcome = try await portal.signIn.begin(
            name: "wren",
            password: TestPortal.newPassword,
            at: .portal,
            origin: .init()
        )
        let challenge = try #require(outcome.challenge)
        let session = try await portal.signIn.answer(
            challenge: challenge.token,
            method: .authenticator,
            code: test.code(secret),
            origin: .init()
        ).session
        #expect(
            session?.principal.identity == .account(try #require(session?.principal.accountID), ownClient: client.id)
        )
        await #expect(throws: Refusal.linkExpired, "used") { try await start(code) }
        let contents = try await Contents(of: test)
        for secret in [code, token, "Robin Example", "555-0111", TestPortal.newPassword] {
            #expect(contents.holds(secret) == false)
        }
    }

    @Test func `a code on paper takes the date of birth, and the address is verified`() async throws {
        let client = try await test.newClient()
        let issued = try await portal.invitations.invite(client.id, by: .paper, as: test.people.frontDesk.principal)
        let code = try #require(issued.code)
        #expect(code.wholeMatch(of: /[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}/) != nil)
        await #expect(throws: Refusal.linkExpired) { try await start(code) }
        await #expect(throws: Refusal.linkExpired) { try await start(code, birthDate: "1990-05-18") }
        let (token, begun) = try await start(code.lowercased().replacing("-", with: " "), birthDate: birthDate)
        #expect(begun.step == .verify)
        _ = try await portal.registration.sendCode(token, to: "Wren@Mail.example")
        await #expect(throws: Refusal.wrongCode) { try await portal.registration.verify(token, code: "00000000") }
        let verified = try await portal.registration.verify(
            token,
            code: test.mailedCode(to: "wren@mail.example")
        )
        #expect(verified.step == .credentials)
        #expect(verified.email?.plaintext == "wren@mail.example")
    }

    @Test func `five wrong dates of birth end a code, and five wrong mail codes end that`() async throws {
        let client = try await test.newClient()
        let code = try #require(try await portal.invitations.invite(client.id, by: .paper, as: admin).code)
        for _ in 0..<5 { await #expect(throws: Refusal.linkExpired) { try await start(code, birthDate: "1990-01-01") } }
        await #expect(throws: Refusal.linkExpired) { try await start(code, birthDate: birthDate) }
        let another = try #require(try await portal.invitations.invite(client.id, by: .qr, as: admin).code)
        let (token, _) = try await start(another, birthDate: birthDate)
        _ = try await portal.registration.sendCode(token, to: "wren@mail.example")
        for _ in 0..<5 {
            await #expect(throws: Refusal.wrongCode) { try await portal.registration.verify(token, code: "1") }
        }
        let right = try await test.mailedCode(to: "wren@mail.example")
        await #expect(throws: Refusal.wrongCode) { try await portal.registration.verify(token, code: right) }
    }

    @Test(arguments: [(Invitation.Channel.email, 7 * 86_400), (.qr, 3600), (.paper, 14 * 86_400)])
    func `an invitation runs out`(channel: Invitation.Channel, seconds: Int) async throws {
        let client = try await test.newClient()
        let issued = try await portal.invitations.invite(client.id, by: channel, email: "wren@mail.example", as: admin)
        let mailed = channel == .email ? try await test.mailedSecret(.invitation, to: "wren@mail.example") : nil
        let code = try #require(issued.code ?? mailed)
        test.clock.advance(.seconds(seconds))
        await #expect(throws: Refusal.linkExpired) { try await start(code, birthDate: birthDate) }
        #expect(try await test.standing(of: client) == .enabled)
    }

    @Test func `a new invitation, or access switched off, ends the one before`() async throws {
        let client = try await test.newClient()
        let first = try await test.invitedByMail(client)
        let second = try await test.invitedByMail(client)
        await #expect(throws: Refusal.linkExpired) { try await start(first) }
        let (token, _) = try await start(second)
        try await portal.accounts.setPortalEnabled(false, for: client.id, as: admin)
        await #expect(throws: Refusal.linkExpired) { try await start(second) }
        await #expect(throws: Refusal.linkExpired) { try await portal.registration.resume(token) }
    }

    @Test func `steps are taken in order, and only with the right token`() async throws {
        let (token, _) = try await start(try await test.invitedByMail(try await test.newClient()))
        await #expect(throws: Refusal.self) { try await portal.registration.skipSecondFactor(token) }
        await #expect(throws: Refusal.self) { try await portal.registration.sendCode(token, to: "x@mail.example") }
        await #expect(throws: Refusal.self) {
            try await portal.registration.complete(token, accepting: [], origin: .init())
        }
        for text in ["", String(token.dropLast()), token + "A", "\0"] {
            await #expect(throws: Refusal.linkExpired) { try await portal.registration.resume(text) }
        }
        await #expect(throws: Refusal.weakPassword([.tooShort(minimum: 15)])) {
            try await portal.registration.setCredentials(token, username: nil, password: "short")
        }
        await #expect(throws: Refusal.self, "another's name") {
            try await portal.registration.setCredentials(token, username: "maya", password: TestPortal.newPassword)
        }
        await #expect(throws: Refusal.self, "another's address as a name") {
            try await portal.registration.setCredentials(
                token,
                username: "maya@mail.example",
                password: TestPortal.newPassword
            )
        }
    }

    @Test func `without a password one signs in by mailed links alone`() async throws {
        let (token, _) = try await start(try await test.invitedByMail(try await test.newClient()))
        _ = try await portal.registration.setCredentials(token, username: nil, password: nil)
        _ = try await portal.registration.skipSecondFactor(token)
        _ = try await portal.registration.setPreferences(token, .init(locale: "en", emailNotifications: true))
        _ = try await portal.registration.setEmergencyContact(token, nil)
        _ = try await portal.registration.complete(token, accepting: [], origin: .init())
        await #expect(throws: Refusal.wrongCredentials) {
            try await portal.signIn.signIn(name: "wren@mail.example", password: "", at: .portal, origin: .init())
        }
        try await portal.magicLinks.request(name: "wren@mail.example", at: .portal, practice: nil, origin: .init())
        let link = try await test.mailedSecret(.magicLink, to: "wren@mail.example")
        #expect(try await portal.magicLinks.redeem(link, at: .portal, origin: .init()).session != nil)
    }
}
