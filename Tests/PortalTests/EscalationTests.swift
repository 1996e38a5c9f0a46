import Assessment
import Portal
import Records
import Store
import Support
import Testing

@Suite("Passing an alert on")
struct EscalationTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var people: TestPeople { test.people }

    /// A high alert: sixty minutes at each step.
    private func raise(as client: TestClient? = nil) async throws {
        try await test.complete("PHQ-9", PHQ9.flagged, as: client)
        try await test.drainWork()
    }

    private func wait(_ duration: Duration) async throws {
        test.clock.advance(duration)
        try await test.drainWork()
    }

    private func acknowledge() async throws {
        let id = try #require(try await test.alerts(of: people.administrator).first).id
        _ = try await test.portal.alerts.acknowledge(id, as: people.administrator.principal)
    }

    /// How often clinician, supervisor, administrator and uninvolved were told.
    private func tellings() async throws -> [Int] {
        var counts: [Int] = []
        for person in [people.clinician, people.supervisor, people.administrator, people.otherClinician] {
            counts.append(try await test.tellings(of: person))
        }
        return counts
    }

    @Test func `after an hour the supervisor and those on call, after another the administrators`() async throws {
        try await raise()
        #expect(try await tellings() == [1, 0, 0, 0])
        try await wait(.seconds(3599))
        #expect(try await tellings() == [1, 0, 0, 0])
        try await wait(.seconds(1))
        #expect(try await tellings() == [1, 1, 0, 0])
        try await wait(.seconds(3599))
        #expect(try await tellings() == [1, 1, 0, 0])
        try await wait(.seconds(1))
        #expect(try await tellings() == [1, 1, 1, 0])
        try await wait(.days(2))
        #expect(try await tellings() == [1, 1, 1, 0], "nobody is told twice of one signal")
        #expect(try await test.alerts().map(\.escalationLevel) == [2])
        #expect(try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'alert.escalated'") == 2)
    }

    @Test func `a critical alert goes on after fifteen minutes`() async throws {
        let begun = try await test.begin("Session check-in")
        _ = try await test.portal.assessments.save(
            .init(["6": .text("I want to kill myself tonight")]),
            to: begun.administration.id,
            of: people.client.id,
            as: people.client.principal
        )
        try await test.drainWork()
        #expect(try await test.alerts().map(\.severity) == [.critical])
        try await wait(.seconds(15 * 60 - 1))
        #expect(try await tellings() == [1, 0, 0, 0])
        try await wait(.seconds(1))
        #expect(try await tellings() == [1, 1, 0, 0])
        try await wait(.minutes(15))
        #expect(try await tellings() == [1, 1, 1, 0])
    }

    @Test func `a warning stays with the clinician`() async throws {
        try await test.complete("PHQ-9", PHQ9.severe)
        try await test.drainWork()
        try await wait(.days(7))
        #expect(try await tellings() == [1, 0, 0, 0])
    }

    @Test func `an alert that was taken on goes nowhere`() async throws {
        try await raise()
        test.clock.advance(.minutes(59))
        try await acknowledge()
        try await wait(.days(1))
        #expect(try await tellings() == [1, 0, 0, 0])
    }

    @Test func `taken on after the first step it does not reach the administrators`() async throws {
        try await raise()
        try await wait(.hours(1))
        try await acknowledge()
        try await wait(.days(1))
        #expect(try await tellings() == [1, 1, 0, 0])
    }

    @Test func `opened again, its clock starts anew`() async throws {
        try await raise()
        test.clock.advance(.minutes(30))
        try await acknowledge()
        try await wait(.minutes(20))
        try await raise()
        // The hour of the first signal is over, that of the second is not.
        try await wait(.minutes(59))
        #expect(try await tellings() == [2, 0, 0, 0])
        try await wait(.minutes(1))
        #expect(try await tellings() == [2, 1, 0, 0])
    }

    @Test func `who goes on signalling does not put off the next step`() async throws {
        for minute in 0..<4 {
            if minute > 0 { try await wait(.minutes(20)) }
            try await raise()
        }
        // Four signals in the first hour, the last of them at its end.
        #expect(try await test.alerts().map(\.escalationLevel) == [1])
        #expect(try await tellings() == [4, 2, 0, 0], "the fourth signal also reaches those to whom it was passed on")
    }

    @Test func `a graver signal shortens the clock`() async throws {
        try await raise()
        // As if a graver answer had joined.
        try await test.execute("UPDATE compliance_alerts SET severity = 'CRITICAL'")
        test.clock.advance(.minutes(1))
        try await raise()
        try await wait(.minutes(15))
        #expect(try await test.alerts().map(\.escalationLevel) == [1])
        try await wait(.minutes(15))
        #expect(try await tellings() == [2, 1, 1, 0])
        // The clock of the first signal runs out with nothing left to do.
        try await wait(.days(1))
        #expect(try await tellings() == [2, 1, 1, 0])
    }

    @Test func `work that is done twice tells nobody twice`() async throws {
        try await raise()
        try await test.repeatWork()
        #expect(try await tellings() == [1, 0, 0, 0])
        try await wait(.hours(1))
        try await test.repeatWork()
        #expect(try await tellings() == [1, 1, 0, 0])
        try await wait(.hours(1))
        try await test.repeatWork()
        try await test.repeatWork()
        #expect(try await tellings() == [1, 1, 1, 0])
        #expect(try await test.alerts().map(\.escalationLevel) == [2])
    }

    // MARK: - When somebody is not there

    @Test func `without anybody on call it goes to the administrators, once`() async throws {
        try await test.execute("UPDATE users SET on_call = 0")
        try await raise(as: people.stranger)
        #expect(try await test.tellings(of: people.otherClinician) == 1)
        try await wait(.hours(1))
        #expect(try await tellings() == [0, 0, 1, 1], "nobody supervises the other clinician")
        try await wait(.hours(1))
        #expect(try await tellings() == [0, 0, 1, 1])
    }

    @Test func `the supervisor is told even when not on call`() async throws {
        try await test.execute("UPDATE users SET on_call = 0")
        try await raise()
        try await wait(.hours(1))
        #expect(try await tellings() == [1, 1, 0, 0])
    }

    @Test func `a client without a clinician is told to who is on call`() async throws {
        try await test.execute("UPDATE clients SET primary_therapist_id = NULL")
        try await raise()
        #expect(try await tellings() == [0, 1, 0, 0])
        try await wait(.hours(2))
        #expect(try await tellings() == [0, 1, 0, 0], "the first step has nobody new")
        try await wait(.hours(1))
        #expect(try await tellings() == [0, 1, 1, 0])
    }

    @Test func `a clinician who has left is stood in for by the supervisor`() async throws {
        try await test.execute(
            "UPDATE users SET on_call = 0, status = CASE username WHEN 'cora' THEN 'DEACTIVATED' ELSE status END"
        )
        try await raise()
        #expect(try await tellings() == [0, 1, 0, 0])
    }

    @Test func `a further signal goes to the clinician who treats the client now`() async throws {
        try await raise()
        try await test.portal.directory.assign(
            people.client.id,
            to: people.otherClinician.id,
            as: people.administrator.principal
        )
        test.clock.advance(.minutes(1))
        try await raise()
        #expect(try await tellings() == [1, 0, 0, 1])
    }

    @Test func `nobody of another practice is ever told`() async throws {
        try await test.execute("UPDATE users SET on_call = 1")
        try await raise()
        for _ in 0..<3 { try await wait(.hours(1)) }
        #expect(try await test.tellings(of: test.neighbors.administrator) == 0)
        #expect(try await test.tellings(of: test.neighbors.clinician) == 0)
    }
}
