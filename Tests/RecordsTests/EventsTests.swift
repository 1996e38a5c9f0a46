import Testing

@testable import Records
@testable import Store

@Suite("Events and work share the transaction")
struct EventsTests {
    @Test func `a change, its event and its work are one`() async throws {
        let house = try await TestHouse()
        let alert = TestAlert(
            house.surroundings.newID(),
            client: house.oak.first.id,
            practice: house.oak.id,
            summary: "x",
            at: house.outside.now
        )
        let raise: @Sendable (ClientAccess) throws -> Void = { access in
            try access.insert(alert)
            try access.append(DomainEvent("alert.raised", subject: alert.id.text), ids: house.surroundings)
            try access.enqueue(WorkRequest("alert.notify", subject: alert.id.text), ids: house.surroundings)
        }
        let before = try await house.contents(except: ["audit_log"])
        await #expect(throws: Failure.self) {
            try await house.asService(.create, of: house.oak.first.id, in: house.oak) { access in
                try raise(access)
                throw Failure()
            }
        }
        #expect(try await house.contents(except: ["audit_log"]) == before)
        try await house.asService(.create, of: house.oak.first.id, in: house.oak, raise)
        #expect(try await house.count("compliance_alerts") == 1)
        let event = try await house.database.read { try $0.row("SELECT * FROM portal_events") }
        #expect(event?["type"] == .text("alert.raised"))
        #expect(event?["client_id"] == .text(house.oak.first.id.text))
        #expect(event?["practice_id"] == .text(house.oak.id.text))
        let item = try await house.onlyItem()
        #expect(item.kind == "alert.notify" && item.subjectID == alert.id.text && item.state == .pending)
        #expect(item.runAt == house.outside.now && item.attempts == 0)
    }
}
