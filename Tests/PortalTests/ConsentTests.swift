import Portal
import Records
import Store
import Support
import Testing

@Suite("Consents and releases")
struct ConsentTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var service: ConsentService { test.portal.consents }

    private func release(days: Int = 30) -> ConsentService.Grant {
        .init(
            .release,
            recipient: "Dr. Ana Soto",
            purpose: "shared care",
            areas: [.assessments, .plan],
            expiresAt: test.clock.now.adding(.days(days)),
            textVersion: "2"
        )
    }

    private func states(as principal: Principal? = nil) async throws -> [Consent.State] {
        try await service.consents(of: maya.id, as: principal ?? maya.principal).map(\.state)
    }

    @Test func `a release says who, what for, what and until when, and staff read it`() async throws {
        let given = try await service.grant(release(), of: maya.id, as: maya.principal)
        let seen = try #require(
            try await service.consents(of: maya.id, as: test.people.clinician.principal).first
        )
        #expect(seen.consent.id == given.consent.id && seen.state == .granted)
        #expect(seen.terms?.recipient?.plaintext == "Dr. Ana Soto" && seen.terms?.purpose?.plaintext == "shared care")
        #expect(
            seen.terms?.areas == [.assessments, .plan] && seen.terms?.textVersion == "2"
                && seen.terms?.channel == .portal
        )
        let contents = try await Contents(of: test)
        #expect(!contents.holds("Soto") && !contents.holds("shared care"))
        // Several releases stand beside each other.
        _ = try await service.grant(release(), of: maya.id, as: maya.principal)
        #expect(try await states() == [.granted, .granted])
    }

    @Test func `it ends at its end, whether or not anybody wrote that down`() async throws {
        _ = try await service.grant(release(days: 1), of: maya.id, as: maya.principal)
        test.clock.advance(.seconds(86_399))
        try await test.drainWork()
        #expect(try await states() == [.granted])
        test.clock.advance(.seconds(1))
        #expect(try await states() == [.expired])
        try await test.drainWork()
        try await test.repeatWork()
        #expect(try await states() == [.expired])
        #expect(try await test.rows("SELECT state FROM consents").map { $0["state"] } == [.text("EXPIRED")])
        #expect(try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'consent.expired'") == 1)
    }

    @Test func `it is withdrawn at once, and once`() async throws {
        let given = try await service.grant(release(), of: maya.id, as: maya.principal)
        let withdrawn = try await service.withdraw(given.consent.id, of: maya.id, as: maya.principal)
        #expect(withdrawn.state == .withdrawn && withdrawn.consent.withdrawnAt == test.clock.now)
        await #expect(throws: Refusal.self) {
            _ = try await service.withdraw(given.consent.id, of: maya.id, as: maya.principal)
        }
        // Its end does not make it anything else.
        test.clock.advance(.days(31))
        try await test.drainWork()
        #expect(try await states() == [.withdrawn])
    }

    @Test func `what is past its end cannot be withdrawn`() async throws {
        let given = try await service.grant(release(days: 1), of: maya.id, as: maya.principal)
        test.clock.advance(.days(1))
        await #expect(throws: Refusal.self) {
            _ = try await service.withdraw(given.consent.id, of: maya.id, as: maya.principal)
        }
    }

    @Test func `of other kinds one is in force at a time, and can be given again`() async throws {
        let given = try await service.grant(.init(.research), of: maya.id, as: maya.principal)
        await #expect(throws: Refusal.self) {
            _ = try await service.grant(.init(.research), of: maya.id, as: maya.principal)
        }
        _ = try await service.withdraw(given.consent.id, of: maya.id, as: maya.principal)
        _ = try await service.grant(.init(.research), of: maya.id, as: maya.principal)
        #expect(Set(try await states()) == [.granted, .withdrawn])
    }

    private static let faults: [(String, @Sendable (inout ConsentService.Grant) -> Void)] = [
        ("/recipient", { $0.recipient = " " }), ("/purpose", { $0.purpose = nil }), ("/areas", { $0.areas = [] }),
        ("/expires_at", { $0.expiresAt = nil }), ("/expires_at", { $0.expiresAt = Timestamp(milliseconds: 1) }),
        ("/kind", { $0.kind = .familyAccess }),
    ]

    @Test(arguments: faults.indices)
    func `a release that leaves something open is refused`(index: Int) async throws {
        let (field, change) = Self.faults[index]
        var grant = release()
        change(&grant)
        do {
            _ = try await service.grant(grant, of: maya.id, as: maya.principal)
            Issue.record("it was taken")
        } catch Refusal.invalid(let pointer, _, _) { #expect(pointer == field) }
    }

    @Test func `nobody gives or takes back what is another's`() async throws {
        let given = try await service.grant(release(), of: maya.id, as: maya.principal)
        for principal in [
            test.people.sibling.principal, test.people.otherClinician.principal, test.people.editor.principal,
            test.neighbors.administrator.principal,
        ] {
            await #expect(throws: AccessDenied.self) { _ = try await states(as: principal) }
            await #expect(throws: AccessDenied.self) {
                _ = try await service.withdraw(given.consent.id, of: maya.id, as: principal)
            }
        }
        let sibling = test.people.sibling
        await #expect(throws: RecordNotFound.self) {
            _ = try await service.withdraw(given.consent.id, of: sibling.id, as: sibling.principal)
        }
        await #expect(throws: AccessDenied.self) {
            _ = try await service.grant(release(), of: maya.id, as: test.people.clinician.principal)
        }
    }
}
