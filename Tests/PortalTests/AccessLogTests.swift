import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// What clients read of the audit: who opened their record, what happened to their account, and what was disclosed.
@Suite("Who has seen a record")
struct AccessLogTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private func accessLog(_ client: TestClient, as principal: Principal? = nil) async throws -> [RecordAccessLog.Entry]
    {
        try await test.portal.oversight.accessLog.entries(
            of: client.id,
            before: nil,
            limit: 100,
            as: principal ?? client.principal
        )
    }

    @Test func `a client sees who opened their record, by name and role, and their own days folded`() async throws {
        let maya = test.people.client
        try await test.complete("PHQ-9", PHQ9.minimal)
        for _ in 0..<3 {
            _ = try await test.portal.assessments.overview(of: maya.id, as: test.people.clinician.principal)
        }
        _ = try await test.portal.assessments.overview(of: maya.id, as: test.people.administrator.principal)
        _ = try? await test.portal.assessments.overview(of: maya.id, as: test.people.otherClinician.principal)
        test.clock.advance(.days(1))
        _ = try await test.portal.assessments.overview(of: maya.id, as: test.people.clinician.principal)
        let entries = try await accessLog(maya)
        let reads = entries.filter { $0.action == "ASSESSMENTS.READ" && $0.person != .you }
        #expect(
            reads.map(\.person) == [
                .staff(name: "Cora", role: .clinician), .staff(name: "Ada", role: .administrator),
                .staff(name: "Cora", role: .clinician),
            ]
        )
        #expect(reads.map(\.times) == [1, 1, 3])
        #expect(entries.contains { $0.person == .you && $0.action == "ASSESSMENTS.CHANGE" })
        #expect(
            !entries.contains { $0.person == .staff(name: "Otto", role: .clinician) },
            "who was refused saw nothing"
        )
        #expect(!(try await accessLog(test.people.sibling)).contains { $0.action == "ASSESSMENTS.READ" })
        await #expect(throws: AccessDenied()) {
            _ = try await accessLog(maya, as: test.people.sibling.principal)
        }
    }

    @Test func `the pages of the list join to the whole`() async throws {
        try await test.busyDay()
        let maya = test.people.client
        // The look itself is a line of today; taken once, it is folded from then on.
        _ = try await accessLog(maya)
        let service = test.portal.oversight.accessLog
        let whole = try await accessLog(maya).map(\.action)
        var paged: [RecordAccessLog.Entry] = []
        while true {
            let page = try await service.entries(of: maya.id, before: paged.last?.number, limit: 2, as: maya.principal)
            if page.isEmpty { break }
            paged += page
        }
        #expect(paged.map(\.action) == whole)
    }

    @Test func `an account's owner sees sign-ins, failed ones too, and changes`() async throws {
        let maya = test.people.client
        let origin = Principal.Origin(requestID: "r", ip: "192.0.2.7")
        for password in [TestPortal.password, "wrong"] {
            _ = try? await test.portal.signIn.signIn(name: "maya", password: password, at: .portal, origin: origin)
        }
        _ = try? await test.portal.signIn.signIn(name: "jordan", password: "wrong", at: .portal, origin: origin)
        try await test.complete("PHQ-9", PHQ9.minimal)
        let rows = try await test.portal.oversight.activity.rows(of: maya.principal, before: nil, limit: 100)
        #expect(rows.map(\.action) == ["SESSION.START", "SESSION.START", "ACCOUNT.CREATE"])
        #expect(rows.map(\.outcome) == ["DENIED", "OK", "OK"])
        #expect(rows.first?.ip == "192.0.2.7")
    }

    @Test func `disclosures are accounted for, sealed, and go back six years`() async throws {
        let (maya, service) = (test.people.client, test.portal.oversight.disclosures)
        func record(_ day: String, as principal: Principal) async throws {
            _ = try await service.record(
                .init(
                    disclosedOn: day,
                    basis: .judicial,
                    recipient: "Circuit Court of Cook County",
                    address: "50 W Washington St",
                    description: "Dates of treatment",
                    purpose: "Subpoena"
                ),
                of: maya.id,
                as: principal
            )
        }
        let cora = test.people.clinician.principal
        for day in ["2024-06-01", "2025-03-01", "2019-03-02"] { try await record(day, as: cora) }
        let accounting = try await service.accounting(of: maya.id, as: maya.principal)
        #expect(accounting.map(\.disclosedOn) == ["2025-03-01", "2024-06-01"])
        #expect(accounting.first?.recipient.plaintext == "Circuit Court of Cook County")
        #expect(try await service.accounting(of: maya.id, as: cora).count == 2)
        #expect(!(try await Contents(of: test)).holds("Cook County"))
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM audit_log WHERE purpose = 'DISCLOSURE'") == 3
        )
        for day in ["2025-03-06", "yesterday", "2025-13-01", ""] {
            await #expect(throws: Refusal.self, "\(day)") { try await record(day, as: cora) }
        }
        for stranger in [test.people.otherClinician.principal, maya.principal, test.people.sibling.principal] {
            await #expect(throws: AccessDenied()) { try await record("2025-03-01", as: stranger) }
        }
    }
}
