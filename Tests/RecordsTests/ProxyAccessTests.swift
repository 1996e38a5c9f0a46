import Testing

@testable import Records
@testable import Store

@Suite("Who acts for a client")
struct ProxyAccessTests {
    private typealias Opened = TestHouse.Opened

    // MARK: - Birthdays

    /// Chicago is six hours behind Greenwich in winter and five in summer: the day begins at 06:00Z or 05:00Z.
    @Test(arguments: [
        // The second before and the first of the birthdays on which a tier ends.
        ("2014-05-17", "2026-05-17T04:59:59Z", AgeTier.under12), ("2014-05-17", "2026-05-17T05:00:00Z", .from12To13),
        ("2012-05-17", "2026-05-17T04:59:59Z", .from12To13), ("2012-05-17", "2026-05-17T05:00:00Z", .from14To17),
        ("2008-05-17", "2026-05-17T04:59:59Z", .from14To17), ("2008-05-17", "2026-05-17T05:00:00Z", .adult),
        ("2014-01-10", "2026-01-10T05:59:59Z", .under12), ("2014-01-10", "2026-01-10T06:00:00Z", .from12To13),
        // Born on a leap day.
        ("2008-02-29", "2026-02-28T23:00:00Z", .from14To17), ("2008-02-29", "2026-03-01T05:59:59Z", .from14To17),
        ("2008-02-29", "2026-03-01T06:00:00Z", .adult), ("2012-02-29", "2026-03-01T05:59:59Z", .from12To13),
        ("2012-02-29", "2026-03-01T06:00:00Z", .from14To17), ("2016-02-29", "2028-02-29T05:59:59Z", .under12),
        ("2016-02-29", "2028-02-29T06:00:00Z", .from12To13),
        // Without a birth date nobody can tell that the client is a minor.
        ("unknown", "2026-05-17T05:00:00Z", .adult),
    ])
    func `a guardian's access narrows on the birthday, in the practice's time zone`(
        born: String,
        moment: String,
        tier: AgeTier
    ) async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        try house.travel(to: moment)
        try await house.change(client, "birth_date = \(born)")
        for kind in [ClientRelationship.Kind.parent, .guardian] {
            let (guardian, _) = try await house.proxy(kind, of: client, in: house.oak)
            for area in DataArea.allCases {
                for action in AccessAction.allCases where action != .reveal {
                    let row = PolicyTable.Row(.guardian, tier: tier)
                    let policy = PolicyTable.shipped.sight(row, action, in: area)
                    let unruled = PolicyTable.shipped.cell(row, in: area)?.unlessRuled
                    let opened = try await house.open(client, as: guardian, action, area)
                    switch (unruled, action) {
                    case (.some(GuardianAccess.none), _), (.summary, .create), (.summary, .change):
                        #expect(opened == nil, "\(area) \(action)")
                    case (.summary, _):
                        #expect(opened?.sight == (policy == nil ? nil : .masked), "\(area) \(action)")
                    case (.partial, _):
                        #expect(opened?.sight == (policy == nil ? nil : .nonconfidential), "\(area) \(action)")
                    default: #expect(opened?.sight == policy, "\(area) \(action)")
                    }
                }
            }
        }
    }

    @Test func `at eighteen a guardian is out and a representative stays`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        try await house.change(client, "birth_date = '2008-05-17'")
        try house.travel(to: "2026-05-17T04:59:59Z")
        let (mother, _) = try await house.proxy(.parent, of: client, in: house.oak)
        let (attorney, _) = try await house.proxy(.powerOfAttorney, of: client, in: house.oak)
        let (conservator, _) = try await house.proxy(.conservator, of: client, in: house.oak)
        #expect(try await house.open(client, as: mother, .read, .chart)?.relation == .guardian)
        house.outside.advance(.seconds(1))
        #expect(try await house.open(client, as: mother, .read, .chart) == nil)
        for one in [attorney, conservator] {
            #expect(
                try await house.open(client, as: one, .read, .plan) == Opened(relation: .representative, sight: .all)
            )
        }
    }

    @Test func `where the practice's law says so, a leap birthday is a day earlier`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        try await house.change(client, "birth_date = '2008-02-29'")
        try house.travel(to: "2026-02-28T12:00:00Z")
        let (mother, _) = try await house.proxy(.parent, of: client, in: house.oak)
        #expect(try await house.open(client, as: mother, .read, .chart) != nil)
        try await house.database.write {
            try $0.execute(
                "UPDATE practices SET settings = '{\"leapBirthdaysOnFebruary28\":true}' WHERE id = \(house.oak.id)"
            )
        }
        #expect(try await house.open(client, as: mother, .read, .chart) == nil)
    }

    // MARK: - Ends in mid-session

    @Test func `a relationship that is not approved, not yet begun, revoked or expired opens nothing`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        let now = house.outside.now
        let (attorney, id) = try await house.proxy(.powerOfAttorney, of: client, in: house.oak)
        func isIn() async throws -> Bool { try await house.open(client, as: attorney, .read, .plan) != nil }
        #expect(try await isIn())
        for status in ClientRelationship.Status.allCases {
            try await house.change(id, "status = \(status)")
            #expect(try await isIn() == (status == .approved))
        }
        try await house.change(id, "status = 'APPROVED', revoked_at = \(now)")
        #expect(try await isIn() == false)
        try await house.change(id, "revoked_at = NULL, starts_at = \(now.adding(.seconds(60)))")
        #expect(try await isIn() == false)
        house.outside.advance(.seconds(60))
        #expect(try await isIn())
        try await house.change(id, "ends_at = \(house.outside.now.adding(.seconds(60)))")
        house.outside.advance(.seconds(59))
        #expect(try await isIn())
        house.outside.advance(.seconds(1))
        #expect(try await isIn() == false)
    }

    @Test(arguments: [ClientRelationship.Kind.family, .partner])
    func `family and partners are in while the client's consent lives`(kind: ClientRelationship.Kind) async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        let consent = try await house.consent(of: client, until: house.outside.now.adding(.seconds(3600)))
        let others = try await house.consent(of: house.oak.second.id)
        let (sister, id) = try await house.proxy(kind, of: client, in: house.oak) {
            $0.consentID = consent
            $0.scopes = ["PLAN": .read, "CHART": .read, "JOURNAL": .read]
        }
        func sight(_ area: DataArea = .plan) async throws -> Sight? {
            try await house.open(client, as: sister, .read, area)?.sight
        }
        #expect(try await sight() == .nonconfidential)
        #expect(try await sight(.appointments) == nil, "the consent does not name it")
        #expect(try await sight(.journal) == nil, "the consent names it, but the policy opens it to nobody")
        try await house.change(id, "consent_id = \(others)")
        #expect(try await sight() == nil, "another client's consent")
        try await house.change(id, "consent_id = NULL")
        #expect(try await sight() == nil)
        try await house.change(id, "consent_id = \(consent)")
        try await house.database.write { try $0.execute("UPDATE consents SET kind = 'ROI' WHERE id = \(consent)") }
        #expect(try await sight() == nil, "a consent to something else")
        try await house.database.write {
            try $0.execute("UPDATE consents SET kind = 'FAMILY_ACCESS' WHERE id = \(consent)")
        }
        #expect(try await sight() != nil)
        house.outside.advance(.seconds(3600))
        #expect(try await sight() == nil, "expired")
        try await house.database.write { try $0.execute("UPDATE consents SET expires_at = NULL WHERE id = \(consent)") }
        #expect(try await sight() != nil)
        try await house.database.write {
            try $0.execute("UPDATE consents SET state = 'WITHDRAWN', withdrawn_at = 1 WHERE id = \(consent)")
        }
        #expect(try await sight() == nil, "withdrawn")
    }

    @Test func `an emergency contact's time is always limited`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        let (friend, id) = try await house.proxy(.emergency, of: client, in: house.oak) { $0.scopes = ["CHART": .read] }
        #expect(try await house.open(client, as: friend, .read, .chart) == nil)
        try await house.change(id, "ends_at = \(house.outside.now.adding(.seconds(60)))")
        #expect(try await house.open(client, as: friend, .read, .chart)?.relation == .emergencyContact)
        #expect(try await house.open(client, as: friend, .read, .appointments) == nil)
        house.outside.advance(.seconds(60))
        #expect(try await house.open(client, as: friend, .read, .chart) == nil)
    }

    @Test func `with the portal switched off nobody acts for the client`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        let (attorney, _) = try await house.proxy(.powerOfAttorney, of: client, in: house.oak)
        try await house.change(client, "portal_enabled = 0")
        #expect(try await house.open(client, as: attorney, .read, .plan) == nil)
    }

    // MARK: - The least of all

    @Test func `scopes, court limits and rules narrow and never widen`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        try house.travel(to: "2026-05-17T12:00:00Z")
        try await house.change(client, "birth_date = '2013-01-01'")
        let (mother, id) = try await house.proxy(.parent, of: client, in: house.oak) {
            $0.scopes = ["APPOINTMENTS": .read, "GOALS": .summary, "HOMEWORK": .none, "JOURNAL": .write]
            $0.courtLimits = [.billing]
        }
        func opened(_ action: AccessAction, _ area: DataArea) async throws -> Opened? {
            try await house.open(client, as: mother, action, area)
        }
        #expect(try await opened(.read, .appointments)?.sight == .all)
        #expect(try await opened(.create, .appointments) == nil)
        #expect(
            try await opened(.read, .goals) == Opened(relation: .guardian, sight: .masked, further: [.nonconfidential])
        )
        #expect(try await opened(.read, .homework) == nil)
        #expect(try await opened(.read, .journal) == nil)
        #expect(try await opened(.read, .billing) == nil)
        #expect(try await opened(.read, .profile)?.sight == .all)
        #expect(try await opened(.change, .profile)?.sight == .all)
        try await house.rule(.profile, .none)
        #expect(try await opened(.read, .profile) == nil)
        try await house.rule(.chat, .full)
        #expect(try await opened(.read, .chat) == nil)
        try await house.change(id, "scopes = '{}', court_limits = '[]'")
        #expect(try await opened(.read, .homework)?.sight == .nonconfidential)
        #expect(try await opened(.read, .billing)?.sight == .all)
    }

    @Test func `of a practice's rules the newest in force counts, for its place and ages`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        try house.travel(to: "2026-05-17T12:00:00Z")
        try await house.change(client, "birth_date = '2010-01-01'")
        let (mother, _) = try await house.proxy(.parent, of: client, in: house.oak)
        func sight() async throws -> Sight? { try await house.open(client, as: mother, .read, .messages)?.sight }
        #expect(try await sight() == nil, "none unless ruled")
        try await house.rule(.messages, .full, jurisdiction: "US-CA")
        try await house.rule(.messages, .full, ages: 12...15)
        try await house.rule(.messages, .full, from: "2026-05-18")
        #expect(try await sight() == nil, "another place, other ages, not yet")
        try await house.rule(.messages, .summary, ages: 14...17, from: "2021-01-01")
        #expect(try await sight() == .masked)
        try await house.rule(.messages, .partial, ages: 15...17, from: "2022-01-01")
        #expect(try await sight() == .nonconfidential)
        try await house.change(client, "jurisdiction = 'US-CA'")
        #expect(try await sight() == .nonconfidential, "full, but the policy opens no more at sixteen")
        try await house.change(client, "jurisdiction = NULL")
        // From the day it comes into force in the practice's time zone.
        try await house.rule(.messages, .none, ages: 16...17, from: "2026-05-18")
        try house.travel(to: "2026-05-18T04:59:59Z")
        #expect(try await sight() == .nonconfidential)
        house.outside.advance(.seconds(1))
        #expect(try await sight() == nil)
    }

    @Test func `where a minor may consent alone, the guardian reads with their assent`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        try house.travel(to: "2026-05-17T12:00:00Z")
        try await house.change(client, "birth_date = '2010-01-01'")
        let (mother, id) = try await house.proxy(.parent, of: client, in: house.oak)
        try await house.rule(.plan, .partial, minorMayConsentAlone: true)
        #expect(try await house.open(client, as: mother, .read, .plan) == nil)
        try await house.change(id, "assent_at = \(house.outside.now)")
        #expect(try await house.open(client, as: mother, .read, .plan)?.sight == .nonconfidential)
        try await house.change(id, "assent_at = NULL")
        #expect(try await house.open(client, as: mother, .read, .plan) == nil)
    }

    // MARK: - Apart

    @Test func `a proxy reaches one client, in one practice`() async throws {
        let house = try await TestHouse()
        let (attorney, id) = try await house.proxy(.powerOfAttorney, of: house.oak.first.id, in: house.oak)
        #expect(try await house.open(house.oak.second.id, as: attorney, .read, .plan) == nil)
        #expect(try await house.open(house.elm.first.id, as: attorney, .read, .plan) == nil)
        let elsewhere = Principal(practiceID: house.elm.id, identity: attorney.identity)
        #expect(try await house.open(house.oak.first.id, as: elsewhere, .read, .plan) == nil)
        // Even a row that names the other practice's client: the account is not of that practice.
        try await house.change(id, "client_id = \(house.elm.first.id)")
        #expect(try await house.open(house.elm.first.id, as: attorney, .read, .plan) == nil)
        #expect(try await house.open(house.elm.first.id, as: elsewhere, .read, .plan) == nil)
    }

    @Test func `somebody who acts for another keeps their own record, and the audit names both`() async throws {
        let house = try await TestHouse()
        let mother = house.oak.principal(house.oak.second)
        let account = house.oak.second.account
        let (_, id) = try await house.proxy(.conservator, of: house.oak.first.id, in: house.oak)
        try await house.change(id, "account_id = \(account)")
        #expect(try await house.open(house.oak.second.id, as: mother, .read, .plan)?.relation == .`self`)
        #expect(try await house.open(house.oak.first.id, as: mother, .read, .plan)?.relation == .representative)
        let row = try #require(
            try await house.database.read { try $0.row("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1") }
        )
        #expect(row["actor_id"] == .text(account.text))
        #expect(row["client_id"] == .text(house.oak.first.id.text))
        #expect(row["relation"] == .text("REPRESENTATIVE"))
        #expect(mother.acting(for: house.oak.first.id).currentClient == house.oak.first.id)
        #expect(mother.currentClient == house.oak.second.id)
    }
}
