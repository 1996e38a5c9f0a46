import Testing

@testable import Records
@testable import Store

@Suite("What staff are to a client")
struct StaffRelationTests {
    private func supervise(_ house: TestHouse, _ member: ID<StaffMember>, by supervisor: ID<StaffMember>?) async throws
    {
        try await house.database.write {
            try $0.execute("UPDATE users SET supervisor_id = \(supervisor) WHERE id = \(member)")
        }
    }

    @Test func `a supervisor reads the caseload of whom they supervise, not of those whom these supervise`()
        async throws
    {
        let house = try await TestHouse()
        let oak = house.oak
        let (supervisor, clinician) = (try #require(oak.staff[.supervisor]), try #require(oak.staff[.clinician]))
        let principal = try oak.principal(.supervisor)
        #expect(try await house.open(oak.first.id, as: principal, .read, .assessments) == nil)
        try await supervise(house, clinician, by: supervisor)
        #expect(try await house.open(oak.first.id, as: principal, .read, .assessments)?.relation == .supervisor)
        #expect(try await house.open(oak.first.id, as: principal, .create, .assessments) == nil)
        #expect(try await house.open(oak.second.id, as: principal, .read, .assessments) == nil)
        // The other clinician is supervised by the clinician, who is supervised by the supervisor.
        try await supervise(house, oak.otherClinician, by: clinician)
        #expect(try await house.open(oak.second.id, as: principal, .read, .assessments) == nil)
        #expect(try await house.open(oak.second.id, as: try oak.principal(.clinician), .read, .assessments) == nil)
        // Reassigned, the client leaves the circle at once.
        try await house.change(oak.first.id, "primary_therapist_id = \(oak.otherClinician)")
        #expect(try await house.open(oak.first.id, as: principal, .read, .assessments) == nil)
        // A supervisor's own client is theirs to treat.
        try await house.change(oak.first.id, "primary_therapist_id = \(supervisor)")
        #expect(
            try await house.open(oak.first.id, as: principal, .create, .assessments)?.relation == .assignedClinician
        )
    }

    @Test func `a coach reaches the clients that are given to them`() async throws {
        let house = try await TestHouse()
        let coach = try house.oak.principal(.healthCoach)
        #expect(try await house.open(house.oak.first.id, as: coach, .read, .goals) == nil)
        try await house.change(house.oak.first.id, "health_coach_id = \(try #require(house.oak.staff[.healthCoach]))")
        #expect(try await house.open(house.oak.first.id, as: coach, .read, .goals)?.relation == .healthCoach)
        #expect(try await house.open(house.oak.first.id, as: coach, .read, .wellness)?.sight == .shared)
        #expect(try await house.open(house.oak.second.id, as: coach, .read, .goals) == nil)
    }

    @Test func `desk and biller reach their areas of every client, and an editor nobody`() async throws {
        let house = try await TestHouse()
        for client in [house.oak.first.id, house.oak.second.id] {
            #expect(try await house.open(client, as: try house.oak.principal(.frontDesk), .change, .chart) != nil)
            #expect(try await house.open(client, as: try house.oak.principal(.billing), .change, .billing) != nil)
            #expect(try await house.open(client, as: try house.oak.principal(.billing), .read, .assessments) == nil)
            for area in DataArea.allCases {
                #expect(try await house.open(client, as: try house.oak.principal(.contentEditor), .read, area) == nil)
            }
        }
    }

    @Test func `a list shows the clients whose record each role can open one by one, and no other`() async throws {
        let house = try await TestHouse()
        let oak = house.oak
        try await supervise(house, try #require(oak.staff[.clinician]), by: oak.staff[.supervisor])
        try await house.change(oak.second.id, "health_coach_id = \(try #require(oak.staff[.healthCoach]))")
        _ = try await house.database.write { transaction in
            try house.policy.breakGlass(
                for: oak.otherClinicianPrincipal,
                on: oak.first.id,
                reason: "found in distress",
                in: transaction
            )
        }
        let clients = [oak.first.id, oak.second.id, house.elm.first.id, house.elm.second.id]
        let everybody = try StaffMember.Role.allCases.map { try oak.principal($0) } + [oak.otherClinicianPrincipal]
        for principal in everybody {
            for area in DataArea.allCases {
                var singly: Set<ID<Client>> = []
                for client in clients where try await house.open(client, as: principal, .read, area) != nil {
                    singly.insert(client)
                }
                let listed: Set<ID<Client>>
                do {
                    listed = try await house.gate.openCaseload(
                        on: area,
                        as: principal,
                        purpose: .operations,
                        entity: "test"
                    ) { Set(try $0.clients().map(\.id)) }
                } catch is AccessDenied {
                    listed = []
                }
                #expect(listed == singly, "\(principal.role?.rawValue ?? "") \(area)")
            }
        }
    }

    // MARK: - Emergencies

    @Test func `a broken glass opens one record for an hour, with its reason sealed`() async throws {
        let house = try await TestHouse()
        let oak = house.oak
        let stranger = oak.otherClinicianPrincipal
        #expect(try await house.open(oak.first.id, as: stranger, .read, .assessments) == nil)
        _ = try await house.database.write { transaction in
            try house.policy.breakGlass(
                for: stranger,
                on: oak.first.id,
                reason: "in the lobby, shaking",
                in: transaction
            )
        }
        #expect(try await house.open(oak.first.id, as: stranger, .read, .assessments)?.relation == .emergencyAccess)
        #expect(try await house.open(oak.first.id, as: stranger, .read, .journal) == nil)
        #expect(try await house.open(oak.first.id, as: stranger, .change, .assessments) == nil)
        #expect(try await house.open(oak.first.id, as: try oak.principal(.supervisor), .read, .assessments) == nil)
        house.outside.advance(.seconds(3599))
        #expect(try await house.open(oak.first.id, as: stranger, .read, .assessments) != nil)
        house.outside.advance(.seconds(1))
        #expect(try await house.open(oak.first.id, as: stranger, .read, .assessments) == nil)
        for line in try await house.contents() { #expect(!line.contains("lobby")) }
        let entry = try #require(
            try await house.database.read { try $0.row("SELECT * FROM audit_log WHERE action = 'EMERGENCY.OPEN'") }
        )
        #expect(entry["reason"] == .text("GIVEN"))
        #expect(entry["actor_id"] == .text(oak.otherClinician.text))
        #expect(entry["client_id"] == .text(oak.first.id.text))
    }

    @Test func `only clinicians and supervisors break the glass, of their own practice and with a reason`() async throws
    {
        let house = try await TestHouse()
        func tries(_ principal: Principal, _ client: ID<Client>, _ reason: String = "danger") async throws -> Bool {
            do {
                _ = try await house.database.write {
                    try house.policy.breakGlass(for: principal, on: client, reason: reason, in: $0)
                }
                return true
            } catch is AccessDenied {
                return false
            }
        }
        let client = house.oak.first.id
        for role in StaffMember.Role.allCases {
            let isLetIn = role == .clinician || role == .supervisor
            #expect(try await tries(try house.oak.principal(role), client) == isLetIn, "\(role)")
            #expect(try await tries(try house.elm.principal(role), client) == false, "\(role)")
        }
        #expect(try await tries(house.oak.principal(house.oak.first), client) == false)
        #expect(try await tries(.system("test", practice: house.oak.id), client) == false)
        #expect(try await tries(house.oak.otherClinicianPrincipal, house.surroundings.newID()) == false)
        #expect(try await tries(house.oak.otherClinicianPrincipal, client, "  ") == false)
    }

    @Test func `a masked record is revealed for a reason only, which is kept sealed`() async throws {
        let house = try await TestHouse()
        let ada = try house.oak.principal(.administrator)
        let client = house.oak.first.id
        #expect(try await house.open(client, as: ada, .read, .reviews)?.sight == .masked)
        #expect(try await house.open(client, as: ada, .read, .journal) == nil)
        for area in [DataArea.reviews, .journal] {
            #expect(try await house.open(client, as: ada, .reveal, area) == nil)
            #expect(try await house.open(client, as: ada, .reveal, area, reason: " \n") == nil)
            #expect(try await house.open(client, as: ada, .reveal, area, reason: "a complaint")?.sight == .all)
        }
        #expect(
            try await house.open(client, as: try house.oak.principal(.clinician), .reveal, .reviews, reason: "x") == nil
        )
        #expect(try await house.count("access_reasons", where: "kind = 'REVEAL'") == 2)
        #expect(
            try await house.count("audit_log", where: "action LIKE '%.REVEAL' AND outcome = 'OK' AND reason = 'GIVEN'")
                == 2
        )
        for line in try await house.contents() { #expect(!line.contains("complaint")) }
    }
}
