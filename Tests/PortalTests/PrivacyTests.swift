import Portal
import Records
import Store
import Support
import Testing

/// What opens and closes a record beside relationships.
@Suite("Emergencies, switches and rules")
struct PrivacyTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }

    @Test func `administrators hear of a broken glass at once and review it`() async throws {
        let emergency = test.portal.emergencyAccess
        let otto = test.people.otherClinician.principal
        await #expect(throws: AccessDenied()) { try await test.portal.assessments.overview(of: maya.id, as: otto) }
        let opened = try await emergency.open(maya.id, reason: "collapsed in the lobby", as: otto)
        _ = try await test.portal.assessments.overview(of: maya.id, as: otto)
        #expect(try await test.told(test.people.administrator.principal, "emergency-access.opened") == 1)
        for refused in [
            test.people.frontDesk.principal, test.people.editor.principal, test.people.administrator.principal,
            maya.principal, test.neighbors.clinician.principal,
        ] {
            await #expect(throws: AccessDenied()) { try await emergency.open(maya.id, reason: "x", as: refused) }
        }
        for refused in [otto, test.people.clinician.principal, test.people.supervisor.principal] {
            await #expect(throws: AccessDenied()) { try await emergency.reasons(as: refused) }
            await #expect(throws: AccessDenied()) { try await emergency.review(opened.id, note: "x", as: refused) }
        }
        let ada = test.people.administrator.principal
        #expect(try await emergency.reasons(as: ada).map(\.reason.plaintext) == ["collapsed in the lobby"])
        #expect(try await emergency.reasons(as: test.neighbors.administrator.principal).isEmpty)
        await #expect(throws: AccessDenied()) {
            try await emergency.review(opened.id, note: "x", as: test.neighbors.administrator.principal)
        }
        let reviewed = try await emergency.review(opened.id, note: "justified", as: ada)
        #expect(reviewed.reviewedByUserID == test.people.administrator.id)
        await #expect(throws: Refusal.self) { try await emergency.review(opened.id, note: "again", as: ada) }
        test.clock.advance(.hours(1))
        await #expect(throws: AccessDenied()) { try await test.portal.assessments.overview(of: maya.id, as: otto) }
        #expect(try await test.portal.audit.verify(test.portal.database) == [])
    }

    @Test func `the client's switches are the client's`() async throws {
        let privacy = test.portal.privacy
        let shipped = try await privacy.sharing(of: maya.id, as: maya.principal)
        #expect(shipped[.mood] == true && shipped[.journal] == false && shipped[.review] == false)
        #expect(shipped.count == SharedKind.allCases.count)
        let changed = try await privacy.setSharing([.mood: false, .journal: true], of: maya.id, as: maya.principal)
        #expect(changed[.mood] == false && changed[.journal] == true && changed[.sleep] == true)
        #expect(try await privacy.sharing(of: maya.id, as: maya.principal) == changed)
        let sibling = test.people.sibling
        #expect(try await privacy.sharing(of: sibling.id, as: sibling.principal) == shipped)
        for other in [
            test.people.administrator.principal, test.people.clinician.principal, sibling.principal,
            test.people.frontDesk.principal,
        ] {
            await #expect(throws: AccessDenied()) {
                try await privacy.setSharing([.mood: true], of: maya.id, as: other)
            }
        }
        #expect(try await privacy.sharing(of: maya.id, as: maya.principal) == changed)
    }

    @Test func `rules for minors are the administrator's, and a later one of the same kind replaces the first`()
        async throws
    {
        let jurisdiction = test.portal.jurisdiction
        let draft = JurisdictionService.Draft(
            jurisdiction: "US",
            ages: 14...17,
            area: .plan,
            access: .none,
            minorMayConsentAlone: false,
            effectiveFrom: "2020-01-01"
        )
        var wider = draft
        wider.access = .partial
        let ada = test.people.administrator.principal
        _ = try await jurisdiction.set(draft, as: ada)
        let rules = try await jurisdiction.set(wider, as: ada)
        #expect(rules.map(\.guardianAccess) == [.partial])
        #expect(try await jurisdiction.rules(as: test.neighbors.administrator.principal).isEmpty)
        for other in [test.people.clinician.principal, maya.principal, test.people.frontDesk.principal] {
            await #expect(throws: AccessDenied()) { try await jurisdiction.set(draft, as: other) }
        }
    }
}
