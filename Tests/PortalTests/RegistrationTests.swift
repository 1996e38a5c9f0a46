import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Invitations and registration")
struct RegistrationTests {
    let test: TestPortal
    private let birthDate = "1990-05-17"
    private let password = "nine crooked lamps by the sea"

    init() async throws { test = try await TestPortal(articles: []) }

    private var admin: Principal { test.people.administrator.principal }
    private var portal: Portal { test.portal }

    private func newClient(_ name: String = "Wren", birthDate: String? = nil) async throws -> Client {
        try await portal.directory.addClient(
            to: test.practice,
            firstName: name,
            lastName: "Example",
            birthDate: birthDate ?? self.birthDate,
            therapist: test.people.clinician.id,
            portalEnabled: false,
            as: test.people.administrator.principal
        )
    }

    private func start(_ code: String, birthDate: String? = nil) async throws -> (
        token: String, registration: Registration
    ) {
        try await portal.registration.start(code: code, birthDate: birthDate, origin: .init(ip: "192.0.2.7"))
    }

    private func invitedByMail(_ client: Client, _ address: String = "wren@mail.example") async throws -> String {
        _ = try await portal.invitations.invite(client.id, by: .email, email: address, as: admin)
        return try await test.mailedSecret(.invitation, to: address)
    }

    private func state(_ client: Client, as staff: Principal? = nil) async throws -> PortalStanding.State {
        try await portal.accounts.standing(of: client.id, as: staff ?? admin).state
    }

    // MARK: - The way through

    @Test func `from an invitation by mail to the first sign-in, step by step, resumed in between`() async throws {
        let terms = try await portal.terms.publish(.terms, locale: "en", title: "Terms", body: "Be kind.", as: admin)
        let client = try await newClient()
        #expect(try await state(client) == .notEnabled)
        let code = try await invitedByMail(client)
        #expect(try await state(client) == .invited)
        let (token, begun) = try await start(code)
        #expect(begun.step == .credentials, "the mail has shown the address")
        _ = try await portal.registration.setCredentials(token, username: "Wren", password: password)
        #expect(try await portal.registration.resume(token).step == .secondFactor)
        await #expect(throws: Refusal.wrongCredentials, "not before the end") {
            try await portal.signIn.signIn(name: "wren", password: password, at: .portal, origin: .init())
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
        #expect(try await state(client) == .active)
        test.clock.advance(.seconds(30))
        let outcome = try await portal.signIn.begin(name: "wren", password: password, at: .portal, origin: .init())
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
        for secret in [code, token, "Robin Example", "555-0111", password] { #expect(contents.holds(secret) == false) }
    }

    @Test func `a code on paper takes the date of birth, and the address is verified`() async throws {
        let client = try await newClient()
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
        let client = try await newClient()
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
        let client = try await newClient()
        let issued = try await portal.invitations.invite(client.id, by: channel, email: "wren@mail.example", as: admin)
        let mailed = channel == .email ? try await test.mailedSecret(.invitation, to: "wren@mail.example") : nil
        let code = try #require(issued.code ?? mailed)
        test.clock.advance(.seconds(seconds))
        await #expect(throws: Refusal.linkExpired) { try await start(code, birthDate: birthDate) }
        #expect(try await state(client) == .enabled)
    }

    @Test func `a new invitation, or access switched off, ends the one before`() async throws {
        let client = try await newClient()
        let first = try await invitedByMail(client)
        let second = try await invitedByMail(client)
        await #expect(throws: Refusal.linkExpired) { try await start(first) }
        let (token, _) = try await start(second)
        try await portal.accounts.setPortalEnabled(false, for: client.id, as: admin)
        await #expect(throws: Refusal.linkExpired) { try await start(second) }
        await #expect(throws: Refusal.linkExpired) { try await portal.registration.resume(token) }
    }

    @Test func `steps are taken in order, and only with the right token`() async throws {
        let (token, _) = try await start(try await invitedByMail(try await newClient()))
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
            try await portal.registration.setCredentials(token, username: "maya", password: password)
        }
        await #expect(throws: Refusal.self, "another's address as a name") {
            try await portal.registration.setCredentials(token, username: "maya@mail.example", password: password)
        }
    }

    @Test func `without a password one signs in by mailed links alone`() async throws {
        let (token, _) = try await start(try await invitedByMail(try await newClient()))
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

    // MARK: - One account for a client

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
        let teen = try await newClient("Kit", birthDate: "2007-03-04")
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

    @Test func `a password that is given out is replaced at the first sign-in`() async throws {
        let client = try await newClient()
        let given = try await portal.accounts.createAccount(
            for: client.id,
            username: "wren",
            email: "wren@mail.example",
            as: test.people.frontDesk.principal
        )
        let outcome = try await portal.signIn.begin(name: "wren", password: given, at: .portal, origin: .init())
        let challenge = try #require(outcome.challenge)
        #expect(challenge.methods == [.newPassword])
        func choose(_ password: String) async throws -> SignInOutcome {
            try await portal.signIn.answer(
                challenge: challenge.token,
                method: .newPassword,
                code: password,
                origin: .init()
            )
        }
        await #expect(throws: Refusal.weakPassword([.usedBefore])) { try await choose(given) }
        #expect(try await choose(password).session != nil)
        _ = try await portal.signIn.signIn(name: "wren", password: password, at: .portal, origin: .init())
    }

    // MARK: - Staff

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
        #expect(try await state(test.people.client.client, as: cora) == .locked)
        try await portal.accounts.unlock(test.people.client.id, as: cora)
        #expect(try await state(test.people.client.client, as: cora) == .active)
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

    // MARK: - Without an invitation

    private func claim(_ first: String, _ last: String = "Example", _ birth: String? = nil, _ email: String)
        async throws
    {
        try await portal.selfRegistration.claim(
            ClaimedDetails(firstName: first, lastName: last, birthDate: birth ?? birthDate, email: email),
            practice: nil,
            origin: .init()
        )
    }

    @Test func `a claim that fits goes to the address on record, any other to the staff, and neither shows`()
        async throws
    {
        let client = try await newClient()
        try await portal.accounts.setPortalEnabled(true, for: client.id, as: admin)
        try await test.execute("UPDATE clients SET email = 'wren@mail.example' WHERE id = \(client.id)")
        try await claim("WREN", "example", nil, "Wren@mail.example")
        _ = try await start(try await test.mailedSecret(.invitation, to: "wren@mail.example"))
        for (first, birth, email) in [
            ("Wren", "1990-05-18", "wren@mail.example"), ("Wren", birthDate, "other@mail.example"),
            ("Nobody", birthDate, "nobody@mail.example"), ("Maya", birthDate, "maya@mail.example"),
        ] { try await claim(first, "Example", birth, email) }
        #expect(try await test.mail(to: "other@mail.example").isEmpty)
        #expect(try await test.mail(to: "nobody@mail.example").isEmpty)
        #expect(try await test.mail(to: "maya@mail.example").isEmpty)
        let requests = try await portal.selfRegistration.requests(as: admin)
        #expect(requests.count == 4)
        #expect(try await Contents(of: test).holds("nobody@mail.example") == false)
    }

    @Test func `staff say which client it is, once`() async throws {
        let client = try await newClient()
        try await claim("Wren", "Sample", nil, "wren@new.example")
        let request = try #require(try await portal.selfRegistration.requests(as: admin).first)
        await #expect(throws: AccessDenied.self) {
            try await portal.selfRegistration.approve(request.id, as: client.id, by: test.people.clinician.principal)
        }
        await #expect(throws: RecordNotFound.self, "the practice next door") {
            try await portal.selfRegistration.reject(request.id, by: test.neighbors.administrator.principal)
        }
        try await portal.selfRegistration.approve(request.id, as: client.id, by: admin)
        _ = try await start(try await test.mailedSecret(.invitation, to: "wren@new.example"))
        await #expect(throws: RecordNotFound.self) { try await portal.selfRegistration.reject(request.id, by: admin) }
    }

    // MARK: - Terms

    @Test func `a new version of the terms is asked for again`() async throws {
        let maya = test.people.client.principal
        #expect(try await portal.terms.outstanding(for: maya).isEmpty)
        let first = try await portal.terms.publish(.terms, locale: "en", title: "Terms", body: "One.", as: admin)
        #expect(try await portal.terms.outstanding(for: maya).map(\.id) == [first.id])
        try await portal.terms.accept([first.id], as: maya)
        try await portal.terms.accept([first.id], as: maya)
        #expect(try await portal.terms.outstanding(for: maya).isEmpty)
        let second = try await portal.terms.publish(.terms, locale: "en", title: "Terms", body: "Two.", as: admin)
        #expect(second.version == 2)
        #expect(try await portal.terms.outstanding(for: maya).map(\.id) == [second.id])
        await #expect(throws: Refusal.self) { try await portal.terms.accept([first.id], as: maya) }
        await #expect(throws: AccessDenied.self) {
            try await portal.terms.publish(
                .terms,
                locale: "en",
                title: "T",
                body: "B",
                as: test.people.clinician.principal
            )
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
