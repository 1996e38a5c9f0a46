import Portal
import Records
import Store
import Support
import Testing

/// Family, partners and emergency contacts, by the client's own consent.
@Suite("Whom a client lets in")
struct FamilyConsentTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var service: RelationshipService { test.portal.relationships }
    private var maya: TestClient { test.people.client }

    @Test func `a client lets a sister in and takes it back at once`() async throws {
        let sister = try await test.addProxy("sister")
        let consent = try await service.letIn(
            .family,
            email: "Sister@mail.example",
            areas: [.plan, .chart],
            until: nil,
            of: maya.id,
            as: maya.principal
        )
        try await test.drainWork()
        #expect(try await service.actingChoices(of: sister.principal).map(\.relation) == [.family])
        #expect(try await test.told(sister.principal, "relationship.approved") == 1)
        let seers = try await service.whoCanSee(maya.id, as: maya.principal)
        #expect(seers.first { $0.relation == .family }?.areas == [.plan, .chart])
        #expect(seers.first { $0.relation == .family }?.name == "Sister@mail.example")
        _ = try await service.withdraw(consent.id, of: maya.id, as: maya.principal)
        #expect(try await service.actingChoices(of: sister.principal).isEmpty)
        try await test.drainWork()
        #expect(try await test.told(sister.principal, "relationship.revoked") == 1)
        #expect(try await service.whoCanSee(maya.id, as: maya.principal).contains { $0.relation == .family } == false)
        #expect(try await Contents(of: test).holds("Sister@mail.example") == false)
    }

    @Test func `whether an address has an account is not told`() async throws {
        _ = try await test.addProxy("sister")
        var consents: [Consent] = []
        for email in ["sister@mail.example", "nobody@mail.example"] {
            consents.append(
                try await service.letIn(
                    .family,
                    email: email,
                    areas: [.plan],
                    until: nil,
                    of: maya.id,
                    as: maya.principal
                )
            )
        }
        #expect(consents.map(\.state) == [.granted, .granted])
        let seers = try await service.whoCanSee(maya.id, as: maya.principal).filter { $0.relation == .family }
        #expect(Set(seers.map(\.name)) == ["sister@mail.example", "nobody@mail.example"])
        #expect(Set(seers.map(\.areas)) == [[.plan]])
    }

    @Test func `nobody is let in to what the policy closes, by others, or without an end in an emergency`() async throws
    {
        let now = test.clock.now
        let faults: [(ClientRelationship.Kind, [DataArea], Timestamp?)] = [
            (.family, [.journal], nil), (.partner, [.billing], nil), (.guardian, [.plan], nil),
            (.emergency, [.chart], nil), (.family, [.plan], now),
        ]
        for (kind, areas, until) in faults {
            await #expect(throws: Refusal.self) {
                try await service.letIn(
                    kind,
                    email: "x@mail.example",
                    areas: areas,
                    until: until,
                    of: maya.id,
                    as: maya.principal
                )
            }
        }
        for other in [test.people.administrator.principal, test.people.sibling.principal] {
            await #expect(throws: AccessDenied()) {
                try await service.letIn(
                    .family,
                    email: "x@mail.example",
                    areas: [.plan],
                    until: nil,
                    of: maya.id,
                    as: other
                )
            }
        }
    }

    @Test func `a client sees who may see the record, by name and area`() async throws {
        let seers = try await service.whoCanSee(maya.id, as: maya.principal)
        let relations = Dictionary(seers.map { ($0.name, $0.relation) }, uniquingKeysWith: { first, _ in first })
        #expect(
            relations == [
                "Cora": .assignedClinician, "Sybil": .supervisor, "Finn": .frontDesk, "Ada": .administrator,
            ]
        )
        #expect(seers.allSatisfy { !$0.areas.contains(.chat) })
        try await test.portal.directory.assign(
            maya.id,
            to: test.people.otherClinician.id,
            as: test.people.administrator.principal
        )
        let later = try await service.whoCanSee(maya.id, as: maya.principal).map(\.name)
        #expect(later.contains("Otto") && !later.contains("Cora") && !later.contains("Sybil"))
    }

    // MARK: - Those who come later

    /// Opens an account for a new client under an address.
    private func open(_ email: String) async throws -> Principal {
        let ada = test.people.administrator.principal
        let client = try await test.portal.directory.addClient(
            to: test.practice,
            firstName: "Sis",
            lastName: "Example",
            birthDate: "1990-01-01",
            therapist: test.people.otherClinician.id,
            as: ada
        )
        _ = try await test.portal.accounts.createAccount(for: client.id, username: "sis-account", email: email, as: ada)
        try await test.drainWork()
        let row = try #require(
            try await test.rows("SELECT id FROM portal_accounts WHERE client_id = \(client.id)").first
        )
        return Principal(
            practiceID: test.practice.id,
            identity: .account(try row.get("id"), ownClient: client.id)
        )
    }

    private func letIn(
        _ email: String,
        _ kind: ClientRelationship.Kind = .family,
        until: Timestamp? = nil
    ) async throws -> Consent {
        try await service.letIn(
            kind,
            email: email,
            areas: [.plan, .chart],
            until: until,
            of: maya.id,
            as: maya.principal
        )
    }

    @Test func `a consent given before there was an account is linked when it comes`() async throws {
        let consent = try await letIn("Sis@Mail.example", .partner)
        #expect(try await Contents(of: test).holds("sis@mail.example") == false, "the address is hashed and sealed")
        let sister = try await open("sis@mail.example")
        #expect(try await service.actingChoices(of: sister).map(\.relation) == [.partner])
        #expect(try await test.told(sister, "relationship.approved") == 1)
        let linked = try #require(try await service.relationships(of: maya.id, as: maya.principal).first)
        #expect(linked.consentID == consent.id && linked.scopes == ["PLAN": .read, "CHART": .read])
        // Withdrawn, it ends like any other, and doing the work again brings nothing back.
        _ = try await service.withdraw(consent.id, of: maya.id, as: maya.principal)
        try await test.repeatWork()
        #expect(try await service.actingChoices(of: sister).isEmpty)
    }

    @Test func `a consent that was taken back, is over, or names another address is not linked`() async throws {
        let withdrawn = try await letIn("sis@mail.example")
        _ = try await service.withdraw(withdrawn.id, of: maya.id, as: maya.principal)
        _ = try await letIn("sis@mail.example", until: test.clock.now.adding(.seconds(60)))
        _ = try await letIn("sis@mail.example.org")
        test.clock.advance(.minutes(1))
        let sister = try await open("sis@mail.example")
        #expect(try await service.actingChoices(of: sister).isEmpty)
        #expect(try await service.relationships(of: maya.id, as: maya.principal).isEmpty)
    }
}
