import Portal
import Records
import Store
import Support
import Testing

@Suite("Closing alerts")
struct AlertClosingTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var cora: Principal { test.people.clinician.principal }

    private func alert(_ answers: [Int] = PHQ9.flagged) async throws -> Alert {
        try await test.complete("PHQ-9", answers)
        return try #require(try await test.alerts().first)
    }

    @Test func `a closed alert says how, by whom and when, leaves the inbox and escalates no more`() async throws {
        let alert = try await alert()
        let closed = try await test.portal.alerts.close(alert.id, as: .contacted, note: "Spoke; safe", by: cora).alert
        #expect(closed.state == .closed && closed.closure == .contacted)
        #expect(closed.closedByUserID == test.people.clinician.id && closed.closedAt == test.clock.now)
        #expect(closed.outreachNote?.plaintext == "Spoke; safe")
        #expect(try await test.alerts().isEmpty)
        #expect(!(try await Contents(of: test)).holds("Spoke"), "the note is sealed")
        test.clock.advance(.hours(3))
        try await test.drainWork()
        #expect(try await test.tellings(of: test.people.supervisor) == 0)
        await #expect(throws: Refusal.self) {
            _ = try await test.portal.alerts.close(alert.id, as: .falseAlarm, note: "again", by: cora)
        }
        await #expect(throws: Refusal.self) { _ = try await test.portal.alerts.acknowledge(alert.id, as: cora) }
    }

    @Test func `a new signal after it was closed is a new alert`() async throws {
        let first = try await alert()
        _ = try await test.portal.alerts.close(first.id, as: .safetyPlan, note: "Plan made", by: cora)
        test.clock.advance(.days(1))
        let second = try await alert()
        #expect(second.id != first.id && second.state == .open)
    }

    @Test(arguments: [nil, "", "  \n", String(repeating: "x", count: 4001)] as [String?])
    func `an alert that may be about a life is not closed without a note`(note: String?) async throws {
        let alert = try await alert()
        await #expect(throws: Refusal.self) {
            _ = try await test.portal.alerts.close(alert.id, as: .noRiskFound, note: note, by: cora)
        }
        #expect(try await test.alerts().map(\.state) == [.open])
    }
}
