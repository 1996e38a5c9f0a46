import Portal
import Records
import Store
import Support
import Testing

/// Who asks to act for a client, what is decided, and how far it reaches.
@Suite("Relationships")
struct RelationshipTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var service: RelationshipService { test.portal.relationships }
    private var maya: TestClient { test.people.client }

    @Test func `a proxy asks, the practice decides, and both sides are told`() async throws {
        let gwen = try await test.addProxy("gwen")
        try await test.execute("UPDATE clients SET mrn = 'M-1' WHERE id = \(maya.id)")
        try await service.ask(.powerOfAttorney, mrn: "M-1", birthDate: "1990-05-17", reason: "deed", as: gwen.principal)
        // Asking again is asking once.
        try await service.ask(.conservator, mrn: "M-1", birthDate: "1990-05-17", reason: "again", as: gwen.principal)
        try await test.drainWork()
        let requests = try await service.relationships(of: maya.id, as: test.people.clinician.principal)
        #expect(requests.map(\.status) == [.requested])
        let request = try #require(requests.first)
        #expect(request.requestReason?.plaintext == "deed")
        for decider in [test.people.clinician, test.people.administrator] {
            #expect(try await test.told(decider.principal, "relationship.requested") == 1)
        }
        #expect(try await test.told(test.people.otherClinician.principal, "relationship.requested") == 0)
        #expect(try await test.reads(.assessments, gwen.principal) == false)
        for refused in [test.people.frontDesk, test.people.otherClinician, test.people.supervisor, test.people.editor] {
            await #expect(throws: AccessDenied()) {
                try await service.decide(
                    request.id,
                    of: maya.id,
                    .init(isApproved: true, evidence: "x"),
                    as: refused.principal
                )
            }
        }
        _ = try await service.decide(
            request.id,
            of: maya.id,
            .init(isApproved: true, evidence: "deed of 3 May seen", scopes: [.billing: .none]),
            as: test.people.clinician.principal
        )
        try await test.drainWork()
        #expect(try await test.reads(.assessments, gwen.principal))
        for side in [gwen.principal, maya.principal] {
            #expect(try await test.told(side, "relationship.approved") == 1)
        }
        await #expect(throws: Refusal.self) {
            try await service.decide(
                request.id,
                of: maya.id,
                .init(isApproved: false, evidence: "x"),
                as: test.people.clinician.principal
            )
        }
        // Ends at once.
        _ = try await service.revoke(
            request.id,
            of: maya.id,
            reason: "deed withdrawn",
            as: test.people.administrator.principal
        )
        #expect(try await test.reads(.assessments, gwen.principal) == false)
        try await test.drainWork()
        for side in [gwen.principal, maya.principal] { #expect(try await test.told(side, "relationship.revoked") == 1) }
        // What was written is sealed.
        let contents = try await Contents(of: test)
        for words in ["deed of 3 May", "deed withdrawn"] { #expect(contents.holds(words) == false) }
    }

    @Test func `who asks for a client that there is not is answered alike`() async throws {
        let gwen = try await test.addProxy("gwen")
        try await test.execute("UPDATE clients SET mrn = 'M-1' WHERE id = \(maya.id)")
        for (mrn, birth) in [("M-2", "1990-05-17"), ("M-1", "1990-05-18"), ("", "")] {
            try await service.ask(.powerOfAttorney, mrn: mrn, birthDate: birth, reason: "x", as: gwen.principal)
        }
        try await service.ask(.powerOfAttorney, mrn: "M-1", birthDate: "1990-05-17", reason: "x", as: maya.principal)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM client_relationships") == 0)
        await #expect(throws: AccessDenied()) {
            try await service.ask(
                .parent,
                mrn: "M-1",
                birthDate: "1990-05-17",
                reason: "x",
                as: test.people.clinician.principal
            )
        }
    }

    @Test func `nobody is an adult's guardian, family needs consent, and an emergency contact an end`() async throws {
        for kind in [ClientRelationship.Kind.parent, .guardian, .family, .partner, .emergency] {
            let gwen = try await test.addProxy("gwen-\(kind.rawValue.lowercased())")
            await #expect(throws: Refusal.self, "\(kind)") { try await test.relate(gwen, to: maya.id, as: kind) }
        }
        let friend = try await test.addProxy("friend")
        try await test.relate(friend, to: maya.id, as: .emergency, until: test.clock.now.adding(.seconds(60)))
        await #expect(throws: Refusal.self) {
            try await service.enter(
                .parent,
                email: "nobody@mail.example",
                of: maya.id,
                reason: "x",
                as: test.people.frontDesk.principal
            )
        }
    }

    // MARK: - Reaching less far

    /// An approved power of attorney over Maya's record, with its proxy.
    private func attorney() async throws -> (TestProxy, ID<ClientRelationship>) {
        let proxy = try await test.addProxy("attorney")
        return (proxy, try await test.relate(proxy, to: maya.id, as: .powerOfAttorney))
    }

    @Test func `a client narrows at once what rests on their own will, and both sides are told`() async throws {
        let (proxy, id) = try await attorney()
        #expect(try await test.reads(.assessments, proxy.principal))
        #expect(try await test.reads(.relationships, proxy.principal))
        let narrowed = try await service.narrow(
            id,
            of: maya.id,
            to: .init(scopes: [.assessments: .none]),
            version: nil,
            as: maya.principal
        )
        #expect(narrowed.scopes == ["ASSESSMENTS": .none])
        #expect(try await test.reads(.assessments, proxy.principal) == false)
        #expect(try await test.reads(.relationships, proxy.principal), "what was not named stays as it was")
        try await test.drainWork()
        for side in [proxy.principal, maya.principal] {
            #expect(try await test.told(side, "relationship.narrowed") == 1)
        }
    }

    @Test func `nothing reaches further but by a new request that is decided like the first`() async throws {
        let (proxy, id) = try await attorney()
        let cora = test.people.clinician.principal
        func narrow(_ scope: ClientRelationship.Scope, as principal: Principal) async throws {
            _ = try await service.narrow(
                id,
                of: maya.id,
                to: .init(scopes: [.assessments: scope]),
                version: nil,
                as: principal
            )
        }
        try await narrow(.read, as: cora)
        try await narrow(.none, as: cora)
        for principal in [cora, maya.principal, test.people.administrator.principal] {
            for scope in [ClientRelationship.Scope.summary, .read, .write] {
                await #expect(throws: Refusal.self) { try await narrow(scope, as: principal) }
            }
        }
        #expect(try await test.reads(.assessments, proxy.principal) == false)
        // A request beside the relationship in force opens nothing until it is approved, and then takes its place.
        let wider = try await service.enter(
            .powerOfAttorney,
            email: proxy.email,
            of: maya.id,
            reason: "a new deed",
            as: test.people.frontDesk.principal
        )
        #expect(try await test.reads(.assessments, proxy.principal) == false)
        await #expect(throws: Refusal.self, "one open request at a time") {
            try await service.enter(
                .powerOfAttorney,
                email: proxy.email,
                of: maya.id,
                reason: "again",
                as: test.people.frontDesk.principal
            )
        }
        _ = try await service.decide(
            wider.id,
            of: maya.id,
            .init(isApproved: true, evidence: "new deed seen"),
            as: cora
        )
        #expect(try await test.reads(.assessments, proxy.principal))
        let states = try await service.relationships(of: maya.id, as: cora)
        #expect(Set(states.map(\.status)) == [.approved, .revoked])
    }

    @Test func `a minor's clinician narrows a parent, whom the minor cannot`() async throws {
        try await test.setBirthDate("2016-01-01", of: maya.id)
        let mother = try await test.addProxy("mother")
        let id = try await test.relate(mother, to: maya.id, as: .parent)
        let less = RelationshipService.Narrowing(scopes: [.assessments: .none])
        await #expect(throws: Refusal.self) {
            try await service.narrow(id, of: maya.id, to: less, version: nil, as: maya.principal)
        }
        for other in [
            mother.principal, test.people.otherClinician.principal, test.people.frontDesk.principal,
            test.people.supervisor.principal, test.people.sibling.principal, test.neighbors.administrator.principal,
        ] {
            await #expect(throws: AccessDenied()) {
                try await service.narrow(id, of: maya.id, to: less, version: nil, as: other)
            }
        }
        #expect(try await test.reads(.assessments, mother.principal))
        let cora = test.people.clinician.principal
        _ = try await service.narrow(id, of: maya.id, to: less, version: nil, as: cora)
        #expect(try await test.reads(.assessments, mother.principal) == false)
        let limited = try await service.narrow(
            id,
            of: maya.id,
            to: .init(scopes: [:], courtLimits: [.relationships]),
            version: nil,
            as: cora
        )
        #expect(limited.courtLimits == [.relationships])
        #expect(try await test.reads(.relationships, mother.principal) == false)
    }

    @Test func `a change to a version that is not there any more is refused, and one that has ended stays ended`()
        async throws
    {
        let (_, id) = try await attorney()
        func narrow(_ version: Int?) async throws -> Int {
            try await service.narrow(
                id,
                of: maya.id,
                to: .init(scopes: [.billing: .read]),
                version: version,
                as: maya.principal
            ).version
        }
        let first = try #require(try await service.relationships(of: maya.id, as: maya.principal).first).version
        let second = try await narrow(first)
        #expect(second == first + 1)
        await #expect(throws: StaleRecord(rev: second)) { try await narrow(first) }
        _ = try await service.revoke(id, of: maya.id, reason: "x", as: test.people.administrator.principal)
        await #expect(throws: Refusal.self) { try await narrow(nil) }
    }

    @Test func `a list of news shows nobody what the record would not`() async throws {
        let (proxy, id) = try await attorney()
        try await test.drainWork()
        let (cora, ada) = (test.people.clinician.principal, test.people.administrator.principal)
        #expect(try await test.told(cora, "relationship.requested") == 1)
        try await test.execute(
            """
            INSERT INTO notifications (id, practice_id, account_id, client_id, type, title, action_required, dedupe_key,
                                       sent_at, created_at, updated_at)
            VALUES (\(test.surroundings.newID(PortalNotification.self)), \(test.practice.id), \(proxy.id), \(maya.id), 'homework.assigned', 'x', 0, 'n', 1, 1, 1)
            """
        )
        #expect(try await test.told(proxy.principal, "homework.assigned") == 1)
        try await test.portal.directory.assign(maya.id, to: test.people.otherClinician.id, as: ada)
        _ = try await service.revoke(id, of: maya.id, reason: "x", as: ada)
        try await test.drainWork()
        #expect(try await test.told(cora, "relationship.requested") == 0, "not her client any more")
        #expect(try await test.portal.alerts.inbox(of: cora).allSatisfy { $0.alert.clientID != maya.id })
        #expect(try await test.told(ada, "relationship.requested") == 1)
        #expect(try await test.told(proxy.principal, "homework.assigned") == 0)
        #expect(try await test.portal.notifications.inbox(of: proxy.principal).unread > 0)
        #expect(try await test.told(proxy.principal, "relationship.revoked") == 1, "their own right, which has ended")
    }
}
