import Assessment
import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// Who acts for a client, who is let in, and how it ends.
@Suite("Relationships")
struct RelationshipTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var service: RelationshipService { test.portal.relationships }
    private var maya: TestClient { test.people.client }

    /// Whether `principal` may read Maya's consents (or another area) now.
    private func reads(_ area: DataArea, _ principal: Principal) async throws -> Bool {
        let choices = try await test.portal.relationships.actingChoices(of: principal)
        guard choices.contains(where: { $0.client == maya.id }) else { return false }
        return area == .chart ? true : try await !seen(area, by: principal).isEmpty
    }

    private func seen(_ area: DataArea, by principal: Principal) async throws -> [Int] {
        do {
            switch area {
            case .consents: return [try await service.familyConsents(of: maya.id, as: principal).count + 1]
            case .relationships: return [try await service.relationships(of: maya.id, as: principal).count + 1]
            case .assessments:
                return [try await test.portal.assessments.overview(of: maya.id, as: principal).assignments.count + 1]
            default: return []
            }
        } catch is AccessDenied {
            return []
        }
    }

    private func told(_ principal: Principal, _ type: String) async throws -> Int {
        try await test.portal.notifications.inbox(of: principal).notifications.filter { $0.type == type }.count
    }

    // MARK: - Asking and deciding

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
            #expect(try await told(decider.principal, "relationship.requested") == 1)
        }
        #expect(try await told(test.people.otherClinician.principal, "relationship.requested") == 0)
        #expect(try await reads(.assessments, gwen.principal) == false)
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
        #expect(try await reads(.assessments, gwen.principal))
        for side in [gwen.principal, maya.principal] { #expect(try await told(side, "relationship.approved") == 1) }
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
        #expect(try await reads(.assessments, gwen.principal) == false)
        try await test.drainWork()
        for side in [gwen.principal, maya.principal] { #expect(try await told(side, "relationship.revoked") == 1) }
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

    // MARK: - Family

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
        #expect(try await told(sister.principal, "relationship.approved") == 1)
        let seers = try await service.whoCanSee(maya.id, as: maya.principal)
        #expect(seers.first { $0.relation == .family }?.areas == [.plan, .chart])
        #expect(seers.first { $0.relation == .family }?.name == "Sister@mail.example")
        _ = try await service.withdraw(consent.id, of: maya.id, as: maya.principal)
        #expect(try await service.actingChoices(of: sister.principal).isEmpty)
        try await test.drainWork()
        #expect(try await told(sister.principal, "relationship.revoked") == 1)
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

    // MARK: - Coming of age

    @Test func `at eighteen the mother is out and both sides are told, once`() async throws {
        let (born, birthday) = try bornSoThatTomorrowIs(18)
        try await test.setBirthDate(born, of: maya.id)
        let mother = try await test.addProxy("mother")
        try await test.relate(mother, to: maya.id, as: .parent)
        try await test.drainWork()
        #expect(try await reads(.chart, mother.principal))
        test.clock.advance(.milliseconds(birthday.milliseconds - test.clock.now.milliseconds - 1))
        try await test.drainWork()
        #expect(try await reads(.chart, mother.principal))
        #expect(try await told(mother.principal, "relationship.of-age") == 0)
        test.clock.advance(.milliseconds(1))
        #expect(try await reads(.chart, mother.principal) == false, "before any work is done")
        for _ in 0..<2 {
            try await test.drainWork()
            try await test.repeatWork()
        }
        for side in [mother.principal, maya.principal] { #expect(try await told(side, "relationship.of-age") == 1) }
        let left = try await service.relationships(of: maya.id, as: maya.principal)
        #expect(left.map(\.status) == [.expired])
    }

    @Test func `a relationship with an end is told to both sides when it ends`() async throws {
        let friend = try await test.addProxy("friend")
        try await test.relate(friend, to: maya.id, as: .powerOfAttorney, until: test.clock.now.adding(.seconds(3600)))
        test.clock.advance(.seconds(3600))
        #expect(try await reads(.chart, friend.principal) == false)
        try await test.drainWork()
        for side in [friend.principal, maya.principal] { #expect(try await told(side, "relationship.expired") == 1) }
    }

    @Test func `below eighteen an own account waits for an approved guardian`() async throws {
        func may() async throws -> Bool { try await service.mayActivateOwnAccount(maya.id) }
        #expect(try await may())
        let (born, birthday) = try bornSoThatTomorrowIs(18)
        try await test.setBirthDate(born, of: maya.id)
        #expect(try await may() == false)
        let attorney = try await test.addProxy("attorney")
        try await test.relate(attorney, to: maya.id, as: .powerOfAttorney)
        #expect(try await may() == false)
        let mother = try await test.addProxy("mother")
        let id = try await test.relate(mother, to: maya.id, as: .parent)
        #expect(try await may())
        _ = try await service.revoke(id, of: maya.id, reason: "x", as: test.people.administrator.principal)
        #expect(try await may() == false)
        test.clock.advance(.milliseconds(birthday.milliseconds - test.clock.now.milliseconds))
        #expect(try await may())
        try await test.setBirthDate("unknown", of: maya.id)
        #expect(try await may() == false)
    }

    /// A day of birth, and the moment at which that person completes the years: the next midnight in the practice.
    private func bornSoThatTomorrowIs(_ years: Int) throws -> (born: String, birthday: Timestamp) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = test.practice.zone
        let today = calendar.startOfDay(for: test.clock.now.date)
        let tomorrow = try #require(calendar.date(byAdding: .day, value: 1, to: today))
        let born = try #require(calendar.date(byAdding: .year, value: -years, to: tomorrow))
        return (Timestamp(born).day(in: test.practice.zone), Timestamp(tomorrow))
    }

    @Test func `a mother answers for a child: the record says so, and what she writes is screened`() async throws {
        try await test.setBirthDate("2016-01-01", of: maya.id)
        let mother = try await test.addProxy("mother")
        try await test.relate(mother, to: maya.id, as: .parent)
        let assessments = test.portal.assessments
        let begun = try await assessments.start("Session check-in", assignment: nil, for: maya.id, as: mother.principal)
        #expect(begun.administration.respondent == .proxy)
        let saved = try await assessments.submit(
            begun.administration.id,
            responses: .init(["6": .text("I want to kill myself")]),
            acceptIncomplete: true,
            of: maya.id,
            as: mother.principal
        )
        #expect(saved.safetyPanel != nil)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM crisis_events") == 1)
    }

    // MARK: - Acting

    @Test func `a session turns to the record of somebody one acts for, and to nobody else's`() async throws {
        let attorney = try await test.addProxy("attorney")
        let relationship = try await test.relate(attorney, to: maya.id, as: .powerOfAttorney)
        let session = try await test.portal.signIn.signIn(
            name: "attorney",
            password: TestPortal.password,
            at: .portal,
            origin: .init()
        )
        let own = try #require(try await test.portal.sessions.authenticate(session.token.text, origin: .init())).session
            .id
        func current() async throws -> ID<Client>? {
            try await test.portal.sessions.authenticate(session.token.text, origin: .init())?.principal.currentClient
        }
        #expect(try await current() == nil)
        for other in [test.people.stranger.id, test.neighbors.client.id, test.surroundings.newID()] {
            await #expect(throws: AccessDenied()) {
                try await service.act(for: other, in: own, as: attorney.principal)
            }
        }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM audit_log WHERE outcome = 'DENIED'") == 3)
        await #expect(throws: AccessDenied(), "somebody else's session") {
            try await service.act(for: maya.id, in: test.surroundings.newID(), as: attorney.principal)
        }
        try await service.act(for: maya.id, in: own, as: attorney.principal)
        #expect(try await current() == maya.id)
        let principal = try #require(try await test.portal.sessions.authenticate(session.token.text, origin: .init()))
            .principal
        _ = try await test.portal.assessments.overview(of: maya.id, as: principal)
        _ = try await service.revoke(relationship, of: maya.id, reason: "x", as: test.people.administrator.principal)
        await #expect(throws: AccessDenied(), "ended in mid-session") {
            try await test.portal.assessments.overview(of: maya.id, as: principal)
        }
        try await service.act(for: nil, in: own, as: attorney.principal)
        #expect(try await current() == nil)
    }

    // MARK: - Emergencies, switches, rules

    @Test func `administrators hear of a broken glass at once and review it`() async throws {
        let emergency = test.portal.emergencyAccess
        let otto = test.people.otherClinician.principal
        await #expect(throws: AccessDenied()) { try await test.portal.assessments.overview(of: maya.id, as: otto) }
        let opened = try await emergency.open(maya.id, reason: "collapsed in the lobby", as: otto)
        _ = try await test.portal.assessments.overview(of: maya.id, as: otto)
        #expect(try await told(test.people.administrator.principal, "emergency-access.opened") == 1)
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
