import Assessment
import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// Who acts for a client: until when, and in which session.
@Suite("Acting for a client")
struct ActingTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var service: RelationshipService { test.portal.relationships }
    private var maya: TestClient { test.people.client }

    @Test func `at eighteen the mother is out and both sides are told, once`() async throws {
        let (born, birthday) = try bornSoThatTomorrowIs(18)
        try await test.setBirthDate(born, of: maya.id)
        let mother = try await test.addProxy("mother")
        try await test.relate(mother, to: maya.id, as: .parent)
        try await test.drainWork()
        #expect(try await test.reads(.chart, mother.principal))
        test.clock.advance(.milliseconds(birthday.milliseconds - test.clock.now.milliseconds - 1))
        try await test.drainWork()
        #expect(try await test.reads(.chart, mother.principal))
        #expect(try await test.told(mother.principal, "relationship.of-age") == 0)
        test.clock.advance(.milliseconds(1))
        #expect(try await test.reads(.chart, mother.principal) == false, "before any work is done")
        for _ in 0..<2 {
            try await test.drainWork()
            try await test.repeatWork()
        }
        for side in [mother.principal, maya.principal] {
            #expect(try await test.told(side, "relationship.of-age") == 1)
        }
        let left = try await service.relationships(of: maya.id, as: maya.principal)
        #expect(left.map(\.status) == [.expired])
    }

    @Test func `a relationship with an end is told to both sides when it ends`() async throws {
        let friend = try await test.addProxy("friend")
        try await test.relate(friend, to: maya.id, as: .powerOfAttorney, until: test.clock.now.adding(.seconds(3600)))
        test.clock.advance(.seconds(3600))
        #expect(try await test.reads(.chart, friend.principal) == false)
        try await test.drainWork()
        for side in [friend.principal, maya.principal] {
            #expect(try await test.told(side, "relationship.expired") == 1)
        }
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

    // MARK: - Sessions

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
}
