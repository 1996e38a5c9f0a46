import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Mail of a new device")
struct NewDeviceMailTests {
    private static let firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"

    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private func signIn(
        _ name: String = "maya",
        at door: SignInService.Door = .portal,
        secret: String? = nil,
        agent: String? = firefox
    ) async throws -> SignInResult {
        try await test.portal.signIn.signIn(
            name: name,
            password: TestPortal.password,
            at: door,
            origin: .init(),
            client: .init(channel: .web, userAgent: agent, deviceSecret: secret)
        )
    }

    private func mailed(_ address: String = "maya@mail.example") async throws -> [MailRequest] {
        try await test.mail(to: address).filter { $0.template == MailTemplate.newDevice.rawValue }
    }

    @Test func `the owner is mailed of a browser they never used, once, and not of one that is known`() async throws {
        let first = try await signIn()
        #expect(try await mailed().isEmpty, "of the first there is nothing to tell")
        _ = try await signIn(secret: first.deviceSecret)
        #expect(try await mailed().isEmpty)
        let second = try await signIn()
        #expect(try await mailed().map { $0.parameters["device"] } == ["Firefox, Windows"])
        _ = try await signIn(secret: second.deviceSecret)
        #expect(try await mailed().count == 1)
    }

    @Test func `staff are mailed, too`() async throws {
        _ = try await signIn("cora", at: .staff)
        _ = try await signIn("cora", at: .staff)
        #expect(try await mailed("cora@practice.example").count == 1)
    }

    @Test func `nothing goes out when an account is made, or at the sign-in that follows`() async throws {
        let client = try await test.newClient()
        let token = try await test.startedRegistration(of: client)
        _ = try await test.portal.registration.setCredentials(token, username: "wren", password: TestPortal.password)
        _ = try await test.portal.registration.skipSecondFactor(token)
        _ = try await test.portal.registration.setPreferences(token, .init(locale: "en", emailNotifications: true))
        _ = try await test.portal.registration.setEmergencyContact(token, nil)
        _ = try await test.portal.registration.complete(token, accepting: [], origin: .init())
        _ = try await signIn("wren")
        #expect(try await mailed("wren@mail.example").isEmpty)
    }

    @Test(arguments: [("en", "end that session"), ("es", "cierre esa sesión")])
    func `it goes through the queue in one's language, and says when, what and how to end the session`(
        locale: String,
        remedy: String
    ) async throws {
        try await test.execute("UPDATE portal_accounts SET locale = \(locale) WHERE username = 'maya'")
        _ = try await signIn()
        _ = try await signIn(agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36 Edg/120.0")
        try await test.drainWork()
        let messages = test.mailbox.messages(to: "maya@mail.example")
        #expect(messages.count == 1, "and no second mail that something is new")
        let message = try #require(messages.first)
        #expect(message.text.contains(remedy))
        #expect(message.text.contains("Edge, Linux"))
        #expect(message.text.contains("555-0100"))
        for private_ in ["192.0.2", "PHQ", "therapist", "Maya"] { #expect(!message.text.contains(private_)) }
    }

    @Test(
        arguments: [
            (nil, "?"), ("", "?"), ("backup 1", "backup"), ("curl/8.5.0", "curl/8.5.0"),
            ("Your account is closed. Call 900 555 0100 or open https://evil.example", "Your"),
            ("<b>x</b>", "?"), (String(repeating: "x", count: 5000), String(repeating: "x", count: 30)),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1 call-me",
                "Safari, iPhone"
            ),
        ] as [(String?, String)]
    )
    func `what a program says of itself brings no sentence and no address into the mail`(agent: String?, name: String) {
        #expect(DeviceName.of(userAgent: agent) == name)
    }
}
