import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("A client's profile")
struct ProfileTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var profiles: ProfileService { test.portal.profiles }

    private func update(_ edit: ProfileService.Edit, as principal: Principal? = nil) async throws
        -> ProfileService.Profile
    {
        try await profiles.update(edit, of: maya.id, as: principal ?? maya.principal)
    }

    private static let address = PostalAddress(
        line1: "1 Main St",
        city: "Chicago",
        region: "IL",
        postalCode: "60601",
        country: "us"
    )

    @Test func `it shows who one is, and takes what one may change`() async throws {
        let before = try await profiles.profile(of: maya.id, as: maya.principal)
        #expect(before.client.firstName == "Maya" && before.email == "maya@mail.example" && before.phone == nil)
        #expect(before.readOnly == [.firstName, .lastName])
        let after = try await update(
            .init(preferredName: " May ", phone: "+1 (312) 555-0188", postalAddress: Self.address)
        )
        #expect(after.client.preferredName == "May")
        #expect(after.phone == "+1 (312) 555-0188")
        #expect(after.postalAddress?.country == "US")
        let cleared = try await update(.init(preferredName: "", phone: ""))
        #expect(cleared.client.preferredName == nil && cleared.phone == nil)
        #expect(cleared.postalAddress?.city == "Chicago")
    }

    @Test func `what the practice keeps is shown and not changed, unless the practice opens it`() async throws {
        let refused = Refusal.invalid(
            pointer: "/last_name",
            message: "is kept by the practice",
            remedy: "Ask the practice to change it"
        )
        await #expect(throws: refused) { try await update(.init(lastName: "Other", phone: "5550188")) }
        #expect(try await profiles.profile(of: maya.id, as: maya.principal).phone == nil, "nothing is changed")
        // The same value again is no change.
        _ = try await update(.init(lastName: "Example"))
        var settings = PracticeSettings()
        settings.readOnlyProfileFields = ["phone"]
        try await test.set(settings)
        #expect(try await update(.init(lastName: "Other")).client.lastName == "Other")
        await #expect(throws: Refusal.self) { try await update(.init(phone: "5550188")) }
        // The front desk keeps the record.
        #expect(try await update(.init(phone: "5550188"), as: test.people.frontDesk.principal).phone == "5550188")
    }

    private static let faults: [(ProfileService.Edit, String)] = [
        (.init(preferredName: "a\nb"), "/preferred_name"),
        (.init(preferredName: String(repeating: "x", count: 101)), "/preferred_name"),
        (.init(phone: "call me"), "/phone"), (.init(phone: "12"), "/phone"),
        (.init(phone: "1234567890123456"), "/phone"),
        (.init(postalAddress: .init(line1: "", city: "a", country: "US")), "/postal_address/line1"),
        (.init(postalAddress: .init(line1: "a", city: "b", country: "USA")), "/postal_address/country"),
        (.init(postalAddress: .init(line1: "a", city: "b\0", country: "US")), "/postal_address/city"),
    ]

    @Test(arguments: faults.indices)
    func `what does not hold is refused with its field`(index: Int) async throws {
        let (edit, field) = Self.faults[index]
        do {
            _ = try await update(edit)
            Issue.record("it was taken")
        } catch Refusal.invalid(let pointer, _, let remedy) {
            #expect(pointer == field && !remedy.isEmpty)
        }
    }

    @Test func `a change to a version that is not there any more is refused, and changes nothing`() async throws {
        func change(_ phone: String, _ rev: Int?) async throws -> ProfileService.Profile {
            try await profiles.update(.init(phone: phone), rev: rev, of: maya.id, as: maya.principal)
        }
        #expect(try await profiles.profile(of: maya.id, as: maya.principal).rev == 0)
        #expect(try await change("5550101", 0).rev == 1)
        await #expect(throws: StaleRecord.self) { try await change("5550102", 0) }
        // A name is of the same version.
        let renamed = try await profiles.update(.init(preferredName: "May"), rev: 1, of: maya.id, as: maya.principal)
        #expect(renamed.rev == 2 && renamed.phone == "5550101")
        await #expect(throws: StaleRecord.self) { try await change("5550103", 1) }
        #expect(try await change("5550104", nil).rev == 3)
        #expect(try await change("5550104", 3).rev == 3, "no change, no version")
    }

    @Test func `contact details and old values are sealed`() async throws {
        _ = try await update(.init(phone: "3125550188", postalAddress: Self.address))
        _ = try await update(.init(phone: "3125550199"))
        _ = try await profiles.restrict(.email, address: "shared@home.example", of: maya.id, as: maya.principal)
        let contents = try await Contents(of: test)
        for secret in ["3125550188", "3125550199", "Main St", "shared@home"] {
            #expect(!contents.holds(secret), "\(secret)")
        }
    }

    @Test func `a change raises an event and named audit rows without values`() async throws {
        _ = try await update(.init(preferredName: "May", phone: "3125550188"))
        #expect(try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'profile.updated'") == 1)
        let entities = try await test.rows("SELECT entity FROM audit_log WHERE action = 'PROFILE.CHANGE' ORDER BY seq")
            .map { $0["entity"] }
        #expect(entities == [.text("profile"), .text("profile.preferred_name"), .text("profile.phone")])
        let changes = try await test.rows("SELECT field, needs_review FROM profile_changes ORDER BY field")
        #expect(changes.map { $0["field"] } == [.text("phone"), .text("preferred_name")])
        _ = try await update(.init(preferredName: "May"))
        #expect(try await test.count("SELECT COUNT(*) AS count FROM profile_changes") == 2, "no change, no row")
    }

    @Test func `those at the desk look at what stands in papers`() async throws {
        _ = try await update(.init(phone: "3125550188"))
        try await test.drainWork()
        let desk = test.people.frontDesk.principal
        #expect(try await test.portal.notifications.inbox(of: desk).unread == 0)
        _ = try await update(.init(postalAddress: Self.address))
        try await test.drainWork()
        try await test.repeatWork()
        let inbox = try await test.portal.notifications.inbox(of: desk).notifications
        #expect(inbox.map(\.type) == ["profile.updated"])
        #expect(inbox.first?.title.contains("Maya") == false)
    }

    @Test func `a stranger neither reads nor changes it`() async throws {
        for principal in [
            test.people.sibling.principal, test.people.otherClinician.principal, test.people.editor.principal,
            test.neighbors.administrator.principal,
        ] {
            await #expect(throws: AccessDenied.self) { try await profiles.profile(of: maya.id, as: principal) }
            await #expect(throws: AccessDenied.self) { try await update(.init(phone: "5550188"), as: principal) }
            await #expect(throws: AccessDenied.self) {
                try await profiles.restrict(.email, address: nil, of: maya.id, as: principal)
            }
        }
        // Their clinician reads it and does not write it.
        #expect(try await profiles.profile(of: maya.id, as: test.people.clinician.principal).client.id == maya.id)
        await #expect(throws: AccessDenied.self) {
            try await update(.init(phone: "5550188"), as: test.people.clinician.principal)
        }
    }
}
