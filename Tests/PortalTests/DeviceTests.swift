import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("Devices")
struct DeviceTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private func signIn(_ name: String = "maya", secret: String? = nil, client: SessionClient? = nil) async throws
        -> SignInResult
    {
        try await test.portal.signIn.signIn(
            name: name,
            password: TestPortal.password,
            at: .portal,
            origin: .init(),
            client: client ?? .init(channel: .web, userAgent: "Heron/1.0", deviceSecret: secret)
        )
    }

    private func told(_ person: TestClient? = nil) async throws -> Int {
        try await test.portal.notifications.inbox(of: (person ?? test.people.client).principal).notifications
            .filter { $0.type == "device.new" }.count
    }

    private func isTrusted(_ secret: String?, by person: TestClient? = nil) async throws -> Bool {
        let principal = (person ?? test.people.client).principal
        return try await test.portal.database.read { transaction in
            try test.portal.devices.isTrusted(secret, by: principal, in: transaction)
        }
    }

    private func trust(_ result: SignInResult) async throws {
        try await test.portal.database.write { transaction in
            try test.portal.devices.trust(result.deviceID, by: result.principal, days: 30, in: transaction)
        }
    }

    @Test func `a browser is known again by its cookie, and its owner is told of another`() async throws {
        let first = try await signIn()
        let secret = try #require(first.deviceSecret)
        #expect(try await told() == 0, "of the first there is nothing to tell")
        let again = try await signIn(secret: secret)
        #expect(again.deviceID == first.deviceID)
        #expect(again.deviceSecret == nil)
        #expect(try await told() == 0)
        _ = try await signIn()
        #expect(try await told() == 1)
        #expect(try await Contents(of: test).holds(secret) == false)
    }

    @Test func `several people at one browser are each known again`() async throws {
        let maya = try await signIn()
        let jordan = try await signIn("jordan", secret: maya.deviceSecret)
        let cookie = try #require(jordan.deviceSecret)
        #expect(try await signIn(secret: cookie).deviceID == maya.deviceID)
        #expect(try await signIn("jordan", secret: cookie).deviceID == jordan.deviceID)
        #expect(try await told() == 0)
    }

    @Test func `a program is known again by what it says it is`() async throws {
        let first = try await signIn(client: .init(userAgent: "backup 1"))
        #expect(first.deviceSecret == nil)
        #expect(try await signIn(client: .init(userAgent: "backup 1")).deviceID == first.deviceID)
        #expect(try await told() == 0)
        _ = try await signIn(client: .init(userAgent: "something else"))
        #expect(try await told() == 1)
    }

    @Test func `a secret that was planted is never taken over`() async throws {
        let planted = String(repeating: "A", count: 43)
        let result = try await signIn(secret: planted)
        #expect(result.deviceSecret?.hasPrefix(planted) == false)
        try await trust(result)
        #expect(try await isTrusted(planted) == false)
        #expect(try await isTrusted(result.deviceSecret))
    }

    @Test func `trust holds for the person, the device and the time, until it is taken away`() async throws {
        let result = try await signIn()
        let secret = result.deviceSecret
        #expect(try await isTrusted(secret) == false)
        try await trust(result)
        #expect(try await isTrusted(secret))
        #expect(try await isTrusted(secret, by: test.people.sibling) == false)
        for other in [nil, "", "x", String(repeating: "A", count: 43), String(repeating: ".", count: 5000)] {
            #expect(try await isTrusted(other) == false)
        }
        test.clock.advance(.days(30))
        #expect(try await isTrusted(secret) == false)
        try await trust(result)
        try await test.portal.devices.revoke(result.deviceID, as: result.principal)
        #expect(try await isTrusted(secret) == false)
        try await trust(result)
        #expect(try await isTrusted(secret) == false, "and does not come back")
    }

    @Test func `all trust ends with a change of credentials`() async throws {
        let result = try await signIn()
        try await trust(result)
        try await test.portal.database.write { transaction in
            try test.portal.devices.endTrust(of: .account(test.people.client.account.id), in: transaction)
        }
        #expect(try await isTrusted(result.deviceSecret) == false)
    }

    @Test func `a program cannot be trusted`() async throws {
        let result = try await signIn(client: .init(userAgent: "backup 1"))
        try await trust(result)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM devices WHERE trusted_until IS NOT NULL") == 0)
    }

    @Test func `a device that is taken away loses its sessions, and signing in on it again is told`() async throws {
        let result = try await signIn()
        _ = try await signIn()
        await #expect(throws: RecordNotFound.self) {
            try await test.portal.devices.revoke(result.deviceID, as: test.people.sibling.principal)
        }
        try await test.portal.devices.revoke(result.deviceID, as: result.principal)
        #expect(
            try await test.portal.sessions.authenticate(result.token.text, from: .web, origin: .init()) == nil
        )
        #expect(
            try await test.rows("SELECT end_reason FROM auth_sessions WHERE id = \(result.sessionID)").first?[
                "end_reason"
            ]
                == .text("DEVICE_REVOKED")
        )
        let before = try await told()
        #expect(try await signIn(secret: result.deviceSecret).deviceID != result.deviceID)
        #expect(try await told() == before + 1)
    }
}
