import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("Signing in")
struct SignInTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private func signIn(
        _ name: String,
        _ password: String = TestPortal.password,
        at door: SignInService.Door = .portal,
        practice: String? = nil
    ) async throws -> SignInResult {
        try await test.portal.signIn.signIn(
            name: name,
            password: password,
            at: door,
            practice: practice,
            origin: .init(ip: "192.0.2.7")
        )
    }

    private func fail(_ name: String, times: Int, at door: SignInService.Door = .portal) async {
        for _ in 0..<times {
            await #expect(throws: Refusal.wrongCredentials) { try await signIn(name, "wrong", at: door) }
        }
    }

    private func locked(_ minutes: Int = 30) -> Refusal { .locked(until: test.clock.now.adding(.minutes(minutes))) }

    // MARK: - Who comes in

    @Test(arguments: ["maya", "MAYA", "  Maya ", "maya@mail.example", "Maya@Mail.Example"])
    func `a client comes in with the name or the address, however it is written`(name: String) async throws {
        let result = try await signIn(name)
        #expect(result.principal.identity == test.people.client.principal.identity)
        #expect(result.principal.practiceID == test.practice.id)
        #expect(result.displayName == "Maya Example")
        #expect(result.expiresAt == test.clock.now.adding(.minutes(30)))
    }

    @Test func `staff come in by their own door`() async throws {
        let result = try await signIn("cora", at: .staff)
        #expect(result.principal.identity == test.people.clinician.principal.identity)
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("cora", at: .portal) }
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("maya", at: .staff) }
    }

    @Test func `each practice has its own names`() async throws {
        #expect(
            try await signIn("noel", practice: "neighbor").principal.practiceID
                == test.neighbors.client.client.practiceID
        )
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("noel", practice: "test") }
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("maya", practice: "neighbor") }
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("maya", practice: "nowhere") }
    }

    @Test(arguments: [
        ("maya", "wrong"), ("maya", ""), ("maya", TestPortal.password + " "),
        ("maya", TestPortal.password.uppercased()),
        ("nobody", TestPortal.password), ("", TestPortal.password), ("maya\0", TestPortal.password),
        ("maya' OR 1=1 --", "x"),
    ])
    func `everything else is refused in the same words`(name: String, password: String) async {
        await #expect(throws: Refusal.wrongCredentials) { try await signIn(name, password) }
    }

    @Test func `a password is the same however its letters are composed`() async throws {
        let client = try await test.portal.directory.addClient(
            to: test.practice,
            firstName: "Zoë",
            lastName: "Example",
            birthDate: "1990-01-01",
            therapist: nil
        )
        _ = try await test.portal.directory.addAccount(
            for: client,
            username: "zoe",
            email: "zoe@mail.example",
            password: "caf\u{E9} am Fluss"
        )
        #expect(try await signIn("zoe", "cafe\u{301} am Fluss").displayName == "Zoë Example")
    }

    @Test(arguments: [1025, 1_000_000])
    func `an oversized password is refused, even when it begins with the right one`(length: Int) async throws {
        let long = TestPortal.password.padding(toLength: length, withPad: "x", startingAt: 0)
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("maya", long) }
    }

    @Test func `an account without a password refuses every password`() async throws {
        try await test.execute("UPDATE portal_accounts SET password_hash = NULL WHERE username = 'maya'")
        for password in ["", TestPortal.password] {
            await #expect(throws: Refusal.wrongCredentials) { try await signIn("maya", password) }
        }
    }

    @Test(
        arguments: [
            "UPDATE portal_accounts SET status = 'DISABLED' WHERE username = 'maya'",
            "UPDATE portal_accounts SET status = 'PENDING' WHERE username = 'maya'",
            "UPDATE clients SET portal_enabled = 0",
            "UPDATE practices SET status = 'SUSPENDED'",
            "DELETE FROM portal_accounts WHERE username = 'maya'",
        ] as [SQL]
    )
    func `who is switched off is refused like a stranger, and so is an open session`(change: SQL) async throws {
        let token = try await signIn("maya").token.text
        try await test.execute(change)
        #expect(try await test.portal.sessions.authenticate(token, origin: .init()) == nil)
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("maya") }
    }

    @Test func `a deactivated member of staff is out with the next request`() async throws {
        let token = try await signIn("cora", at: .staff).token.text
        #expect(
            try await test.portal.sessions.authenticate(token, origin: .init())?.principal.staffID
                == test.people.clinician.id
        )
        try await test.execute("UPDATE users SET status = 'DEACTIVATED' WHERE username = 'cora'")
        #expect(try await test.portal.sessions.authenticate(token, origin: .init()) == nil)
        await #expect(throws: Refusal.wrongCredentials) { try await signIn("cora", at: .staff) }
    }

    @Test func `both success and failure are on record, without the name that was typed`() async throws {
        _ = try await signIn("maya")
        await fail("maya", times: 1)
        await fail("a stranger's secret", times: 1)
        let rows = try await test.rows("SELECT * FROM audit_log WHERE action = 'SESSION.START' ORDER BY seq")
        #expect(rows.map { $0["outcome"] } == [.text("OK"), .text("DENIED"), .text("DENIED")])
        #expect(rows.map { $0["ip"] } == [SQLValue](repeating: .text("192.0.2.7"), count: 3))
        #expect(rows[1]["entity_id"] == .text(test.people.client.account.id.text))
        #expect(rows[2]["entity_id"] == .null)
        #expect(try await Contents(of: test).holds("a stranger's secret") == false)
    }

    // MARK: - The lock

    @Test(arguments: [
        ("maya", SignInService.Door.portal), ("cora", .staff), ("nobody at all", .portal), ("nobody at all", .staff),
    ])
    func `five failures in a row lock a name for thirty minutes, known or not`(name: String, door: SignInService.Door)
        async throws
    {
        await fail(name, times: 5, at: door)
        let refusal = locked()
        await #expect(throws: refusal) { try await signIn(name, "wrong", at: door) }
        test.clock.advance(.minutes(29))
        test.clock.advance(.seconds(59))
        await #expect(throws: refusal, "the right password does not open it") { try await signIn(name, at: door) }
        test.clock.advance(.seconds(1))
        if name.hasPrefix("nobody") {
            await fail(name, times: 1, at: door)
        } else {
            _ = try await signIn(name, at: door)
        }
    }

    @Test func `a lock that has run out leaves five new tries`() async throws {
        await fail("maya", times: 5)
        test.clock.advance(.minutes(30))
        await fail("maya", times: 5)
        await #expect(throws: locked()) { try await signIn("maya") }
    }

    @Test func `a success clears the count`() async throws {
        for _ in 0..<3 {
            await fail("maya", times: 4)
            let session = try await signIn("maya")
            #expect(session.principal.accountID == test.people.client.account.id)
        }
    }

    @Test func `one name's lock is nobody else's`() async throws {
        await fail("maya", times: 5)
        await #expect(throws: locked()) { try await signIn("maya") }
        #expect(try await signIn("jordan").principal.accountID == test.people.sibling.account.id)
        #expect(try await signIn("cora", at: .staff).principal.staffID == test.people.clinician.id)
    }

    @Test func `of many tries at once no more than five are looked at`() async throws {
        let refusals = await withTaskGroup(of: Refusal?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await signIn("maya", "wrong")
                        return nil
                    } catch {
                        return error as? Refusal
                    }
                }
            }
            return await group.reduce(into: [Refusal?]()) { $0.append($1) }
        }
        #expect(refusals.filter { $0 == .wrongCredentials }.count == 5)
        #expect(refusals.filter { $0 == locked() }.count == 15)
        #expect(try await ownInbox().count == 1, "told once")
    }

    @Test func `the owner of a locked account is told once for each lock`() async throws {
        await fail("maya", times: 4)
        #expect(try await ownInbox().isEmpty)
        await fail("maya", times: 1)
        for _ in 0..<3 { await #expect(throws: locked()) { try await signIn("maya") } }
        #expect(try await ownInbox().map(\.type) == ["account.locked"])
        test.clock.advance(.minutes(30))
        await fail("maya", times: 5)
        #expect(try await ownInbox().count == 2)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'account.locked'") == 2)
    }

    @Test func `a practice may choose another lock`() async throws {
        var settings = PracticeSettings()
        settings.lockoutFailures = 2
        settings.lockoutMinutes = 5
        try await test.set(settings)
        await fail("maya", times: 2)
        await #expect(throws: locked(5)) { try await signIn("maya") }
    }

    private func ownInbox() async throws -> [PortalNotification] {
        try await test.portal.notifications.inbox(of: test.people.client.principal).notifications
    }
}
