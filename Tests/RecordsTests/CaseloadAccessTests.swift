import Testing

@testable import Records
@testable import Store

@Suite("Lists across clients")
struct CaseloadAccessTests {
    /// What the principal reads in their list; nil when they are refused.
    private func summaries(_ house: TestHouse, _ principal: Principal, _ filter: SQL = "TRUE", area: DataArea = .alerts)
        async throws -> [String]?
    {
        do {
            return try await house.database.write { transaction in
                try house.policy.grantCaseload(
                    on: area,
                    to: principal,
                    purpose: .treatment,
                    entity: "alerts",
                    in: transaction
                )
                .all(TestAlert.self, where: filter).map(\.summary.plaintext).sorted()
            }
        } catch is AccessDenied {
            return nil
        }
    }

    private func house() async throws -> TestHouse {
        let house = try await TestHouse()
        for practice in [house.oak, house.elm] {
            _ = try await house.addAlert("of the first", about: practice.first.id, in: practice)
            _ = try await house.addAlert("of the second", about: practice.second.id, in: practice)
        }
        return house
    }

    @Test func `each sees the clients they treat, unsealed, and the administrator all of the practice`() async throws {
        let house = try await house()
        #expect(try await summaries(house, try house.oak.principal(.clinician)) == ["of the first"])
        #expect(try await summaries(house, house.oak.otherClinicianPrincipal) == ["of the second"])
        #expect(try await summaries(house, try house.oak.principal(.supervisor)) == [])
        #expect(
            try await summaries(house, try house.oak.principal(.administrator)) == ["of the first", "of the second"]
        )
        #expect(try await summaries(house, try house.elm.principal(.clinician)) == ["of the first"])
    }

    @Test func `a filter narrows, and never widens`() async throws {
        let house = try await house()
        let clinician = try house.oak.principal(.clinician)
        #expect(try await summaries(house, clinician, "TRUE OR TRUE") == ["of the first"])
        #expect(try await summaries(house, clinician, "client_id = \(house.oak.second.id)") == [])
        #expect(try await summaries(house, clinician, "practice_id = \(house.elm.id) OR 1 = 1") == ["of the first"])
    }

    @Test(arguments: [StaffMember.Role.frontDesk, .billing, .healthCoach, .contentEditor])
    func `a role that the table opens nothing of an area to is refused its list`(role: StaffMember.Role) async throws {
        let house = try await house()
        #expect(try await summaries(house, try house.oak.principal(role)) == nil)
    }

    @Test func `clients and the service have no caseload`() async throws {
        let house = try await house()
        #expect(try await summaries(house, house.oak.principal(house.oak.first)) == nil)
        #expect(try await summaries(house, .system("test", practice: house.oak.id)) == nil)
    }

    @Test(arguments: [StaffMember.Role.clinician, .supervisor, .administrator])
    func `an area that is closed for one client is closed for the list`(role: StaffMember.Role) async throws {
        let house = try await house()
        #expect(try await summaries(house, try house.oak.principal(role), area: .chat) == nil)
    }

    @Test func `the list of clients is the same circle`() async throws {
        let house = try await house()
        let names = try await house.database.write { transaction in
            try [house.oak.principal(.clinician), house.oak.principal(.administrator)].map { principal in
                try house.policy.grantCaseload(
                    on: .alerts,
                    to: principal,
                    purpose: .treatment,
                    entity: "clients",
                    in: transaction
                )
                .clients().map(\.firstName)
            }
        }
        #expect(names == [["first"], ["first", "second"]])
    }

    @Test func `a list is on record`() async throws {
        let house = try await house()
        _ = try await summaries(house, try house.oak.principal(.clinician))
        let row = try await house.database.read { try $0.row("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1") }
        #expect(row?["action"] == .text("ALERTS.LIST"))
        #expect(row?["relation"] == .text("ASSIGNED_CLINICIAN"))
        #expect(try await house.audit.verify(house.database) == [])
    }
}
