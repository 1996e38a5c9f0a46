import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Refusals by an endpoint's own rule")
struct EndpointRefusalTests {
    private let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var refusals: EndpointRefusals { test.portal.oversight.refusals }

    /// What the audit has of them: operation, how many times, reason.
    private func rows() async throws -> [String] {
        try await test.rows("SELECT * FROM audit_log WHERE action = 'REQUEST.REFUSED' ORDER BY seq").map { row in
            let times: Int64? = try row.get("times")
            return
                "\(try row.get("entity_id", as: String.self)) \(times ?? 1) \(try row.get("reason", as: String.self))"
        }
    }

    @Test func `the first is written at once, and a minute's repeats become one row`() async throws {
        let cora = test.people.clinician.principal
        for _ in 0..<500 { await refusals.note("getAdminX", "ROLE", as: cora) }
        #expect(try await rows() == ["getAdminX 1 ROLE"])
        await refusals.note("getAdminY", "ROLE", as: cora)
        await refusals.note("getAdminX", "ROLE", as: test.people.editor.principal)
        #expect(try await rows().count == 3, "another operation and another person are told apart")
        test.clock.advance(.seconds(60))
        await refusals.settle()
        #expect(try await rows().last == "getAdminX 499 ROLE")
        #expect(try await rows().count == 4)
        await refusals.note("getAdminX", "ROLE", as: cora)
        #expect(try await rows().count == 5, "a new minute begins with a row")
        await refusals.settle(all: true)
        #expect(try await rows().count == 5, "there was no repeat")
        #expect(try await test.portal.audit.verify(test.portal.database) == [])
        let row = try #require(try await test.rows("SELECT * FROM audit_log WHERE times = 499").first)
        #expect(row["actor_id"] == .text(cora.staffID?.text ?? "") && row["outcome"] == .text("DENIED"))
        #expect(row["client_id"] == .null)
    }

    @Test func `nobody can make more than thirty-four rows a minute, from however many sessions`() async throws {
        for number in 0..<2000 {
            let principal = Principal(
                practiceID: test.practice.id,
                identity: test.people.clinician.principal.identity,
                origin: .init(sessionID: "session-\(number)")
            )
            await refusals.note("operation\(number % 400)", number % 2 == 0 ? "ROLE" : "FORGERY", as: principal)
        }
        #expect(try await rows().count == 17)
        test.clock.advance(.minutes(1))
        await refusals.settle()
        #expect(try await rows().count <= 34)
        let total = try await test.rows("SELECT SUM(COALESCE(times, 1)) AS n FROM audit_log WHERE entity = 'endpoints'")
        #expect(try total.first?.get("n") == 2000, "and every one of them is counted")
    }

    @Test func `what cannot be written is kept and written later`() async throws {
        let cora = test.people.clinician.principal
        try await test.execute(
            """
            CREATE TRIGGER full_disk BEFORE INSERT ON audit_log
            BEGIN SELECT RAISE(ABORT, 'no room'); END
            """
        )
        await refusals.note("getAdminX", "ROLE", as: cora)
        try await test.execute("DROP TRIGGER full_disk")
        #expect(try await rows() == [])
        await refusals.settle()
        #expect(try await rows() == ["getAdminX 1 ROLE"])
    }
}
