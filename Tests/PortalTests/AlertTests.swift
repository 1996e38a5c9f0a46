import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("Alerts")
struct AlertTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var service: AlertService { test.portal.alerts }
    private var clinician: TestStaff { test.people.clinician }

    @Test func `the inbox shows the gravest first, then the newest`() async throws {
        // A warning about one client, a cry of the other, and a newer warning.
        try await test.complete("PHQ-9", PHQ9.severe)
        test.clock.advance(.minutes(1))
        try await test.complete("PHQ-9", PHQ9.flagged, as: test.people.sibling)
        test.clock.advance(.minutes(1))
        try await test.complete("GAD-7", [3, 3, 3, 3, 3, 3, 3])
        let entries = try await service.inbox(of: clinician.principal)
        #expect(entries.map(\.alert.kind) == [.safetyItem, .severityThreshold, .severityThreshold])
        #expect(entries.map(\.clientName) == ["Jordan Example", "Maya Example", "Maya Example"])
        #expect(entries.dropFirst().map(\.alert.episodeKey) == ["GAD-7", "PHQ-9"])
    }

    @Test func `each sees the alerts of the clients they treat or supervise, the administrator all of the practice`()
        async throws
    {
        try await test.complete("PHQ-9", PHQ9.flagged)
        try await test.complete("PHQ-9", PHQ9.flagged, as: test.people.stranger)
        try await test.complete("PHQ-9", PHQ9.flagged, as: test.neighbors.client)
        let maya = test.people.client.id
        #expect(try await test.alerts(of: clinician).map(\.clientID) == [maya])
        #expect(try await test.alerts(of: test.people.otherClinician).map(\.clientID) == [test.people.stranger.id])
        #expect(try await test.alerts(of: test.people.supervisor).map(\.clientID) == [maya])
        #expect(
            try await Set(test.alerts(of: test.people.administrator).map(\.clientID)) == [
                maya, test.people.stranger.id,
            ]
        )
        #expect(try await test.alerts(of: test.neighbors.administrator).map(\.clientID) == [test.neighbors.client.id])
    }

    @Test func `who takes an alert on is written down, and stays`() async throws {
        try await test.complete("PHQ-9", PHQ9.flagged)
        let id = try #require(try await test.alerts().first).id
        test.clock.advance(.minutes(3))
        let taken = try await service.acknowledge(id, as: clinician.principal)
        #expect(taken.clientName == "Maya Example")
        for _ in 0..<2 {
            let alert = try #require(try await test.alerts().first)
            #expect(alert.state == .acknowledged)
            #expect(alert.acknowledgedByUserID == clinician.id)
            #expect(alert.acknowledgedAt == taken.alert.acknowledgedAt)
            test.clock.advance(.minutes(1))
            _ = try await service.acknowledge(id, as: test.people.administrator.principal)
        }
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'alert.acknowledged'") == 1
        )
    }

    @Test func `a closed alert is not taken on, and not shown`() async throws {
        try await test.complete("PHQ-9", PHQ9.flagged)
        let id = try #require(try await test.alerts().first).id
        try await test.execute("UPDATE compliance_alerts SET state = 'CLOSED', closed_at = \(test.clock.now)")
        await #expect(throws: Refusal.conflict("The alert is closed.")) {
            try await service.acknowledge(id, as: clinician.principal)
        }
        #expect(try await test.alerts().isEmpty)
        #expect(try await service.inbox(of: clinician.principal, states: [.closed]).map(\.alert.id) == [id])
    }

    @Test func `an alert that is not there is not found`() async throws {
        await #expect(throws: RecordNotFound()) {
            try await service.acknowledge(test.surroundings.newID(), as: clinician.principal)
        }
    }

    @Test func `a further signal joins, opens the alert again and is told again`() async throws {
        try await test.complete("PHQ-9", PHQ9.flagged)
        try await test.drainWork()
        let first = try #require(try await test.alerts().first)
        _ = try await service.acknowledge(first.id, as: clinician.principal)
        test.clock.advance(.days(1))
        try await test.complete("PHQ-9", PHQ9.flagged)
        try await test.drainWork()
        let second = try #require(try await test.alerts().first)
        #expect(try await test.alerts().count == 1)
        #expect(second.id == first.id)
        #expect(second.signals == 2)
        #expect(second.state == .open)
        #expect(second.acknowledgedByUserID == nil, "nobody has taken the new signal on")
        #expect(second.raisedAt == test.clock.now)
        #expect(second.sourceID != first.sourceID)
        #expect(try await test.tellings(of: clinician) == 2)
    }

    @Test func `after it is closed the next signal is an alert of its own`() async throws {
        try await test.complete("PHQ-9", PHQ9.flagged)
        try await test.execute("UPDATE compliance_alerts SET state = 'CLOSED'")
        try await test.complete("PHQ-9", PHQ9.flagged)
        #expect(try await test.alerts().map(\.signals) == [1])
        #expect(try await test.count("SELECT COUNT(*) AS count FROM compliance_alerts") == 2)
    }

    @Test func `the words of an alert are sealed, and a notification holds none of them`() async throws {
        try await test.complete("PHQ-9", PHQ9.flagged)
        try await test.drainWork()
        let contents = try await Contents(of: test)
        #expect(contents.holds("item 9 answered") == false)
        let told = try #require(
            try await test.portal.notifications.inbox(of: clinician.principal).notifications.first {
                $0.type == "alert.raised"
            }
        )
        for word in ["Maya", "PHQ", "9", "dead"] {
            #expect(told.title.contains(word) == false)
            #expect(told.message?.contains(word) == false)
        }
    }

    // MARK: - Scores

    @Test func `the worst band warns, the one before does not`() async throws {
        try await test.complete("PHQ-9", [3, 3, 3, 3, 2, 2, 2, 1, 0, 2])
        #expect(try await test.alerts().isEmpty)
        try await test.complete("PHQ-9", PHQ9.severe)
        let alerts = try await test.alerts()
        #expect(alerts.map(\.kind) == [.severityThreshold])
        #expect(alerts.first?.summary.plaintext == "PHQ-9 total 20 (Severe), at or beyond the threshold of 20")
        #expect(try await test.count("SELECT COUNT(*) AS count FROM crisis_events") == 0)
    }

    @Test func `where higher is better the lowest band warns`() async throws {
        try await test.complete("Session check-in", [0, 3, 0, 0])
        #expect(try await test.alerts().map(\.kind) == [.severityThreshold])
    }

    @Test(arguments: [(11.0, 1), (12.0, 0)]) func `a practice may choose its own threshold`(
        threshold: Double,
        alerts: Int
    ) async throws {
        var settings = PracticeSettings()
        settings.severityThresholds = ["PHQ-9": threshold]
        try await test.set(settings)
        try await test.complete("PHQ-9", PHQ9.moderate)
        #expect(try await test.alerts().count == alerts)
    }

    @Test func `an incomplete form warns of no total`() async throws {
        let begun = try await test.begin()
        _ = try await test.portal.assessments.submit(
            begun.administration.id,
            responses: .items(["1": 3, "2": 3, "3": 3, "4": 3, "5": 3, "6": 3, "7": 3]),
            acceptIncomplete: true,
            of: test.people.client.id,
            as: test.people.client.principal
        )
        #expect(try await test.alerts().isEmpty)
    }

    @Test func `reliable deterioration is told with its figures`() async throws {
        try await test.complete("PHQ-9", PHQ9.minimal)
        test.clock.advance(.days(14))
        try await test.complete("PHQ-9", PHQ9.moderate)
        let alerts = try await test.alerts()
        #expect(alerts.map(\.kind) == [.reliableDeterioration])
        let summary = try #require(alerts.first).summary.plaintext
        // (11 - 3) / (5.5 × √2 × √(1 - 0.89))
        #expect(summary.contains("from 3 on 2025-03-03 to 11, reliable change index 3.1"), "\(summary)")
    }

    @Test func `improvement and small change are no alert`() async throws {
        for answers in [PHQ9.moderate, PHQ9.minimal, [1, 1, 0, 1, 0, 0, 1, 0, 0, 0]] {
            try await test.complete("PHQ-9", answers)
            test.clock.advance(.days(14))
        }
        #expect(try await test.alerts().isEmpty)
    }
}
