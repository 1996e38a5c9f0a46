import Testing

@testable import Records
@testable import Store

@Suite("Who may open what")
struct AccessPolicyTests {
    private func opens(
        _ house: TestHouse,
        _ client: ID<Client>,
        as principal: Principal,
        _ action: AccessAction = .read,
        _ area: DataArea = .assessments
    ) async throws -> Relation? {
        do {
            return try await house.gate.open(
                action,
                on: area,
                of: client,
                as: principal,
                purpose: .treatment,
                entity: "test"
            ) { access in
                #expect(access.clientID == client)
                return access.relation
            }
        } catch is AccessDenied {
            return nil
        }
    }

    @Test func `the door grants what the table says, to every principal`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        let principals: [(Principal, Relation)] = [
            (house.oak.principal(house.oak.first), .`self`), (try house.oak.principal(.clinician), .assignedClinician),
            (try house.oak.principal(.administrator), .administrator),
            (.system("test", practice: house.oak.id), .system),
        ]
        for (principal, relation) in principals {
            for area in DataArea.allCases {
                for action in AccessAction.allCases {
                    let isAllowed =
                        PolicyTable.shipped.sight(.init(relation), action, in: area) != nil && action != .reveal
                    #expect(try await opens(house, client, as: principal, action, area) == (isAllowed ? relation : nil))
                }
            }
        }
    }

    @Test func `a stranger is refused`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        let strangers: [Principal] = [
            house.oak.principal(house.oak.second), house.oak.proxy(house.surroundings),
            house.oak.otherClinicianPrincipal,
            try house.oak.principal(.supervisor), try house.oak.principal(.healthCoach),
            try house.oak.principal(.contentEditor),
        ]
        for stranger in strangers { #expect(try await opens(house, client, as: stranger) == nil) }
    }

    @Test func `another practice is refused, whoever asks`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first
        var others = try StaffMember.Role.allCases.map { try house.elm.principal($0) }
        others.append(.system("test", practice: house.elm.id))
        // The right account and the right clinician, but signed in at the other practice.
        others.append(Principal(practiceID: house.elm.id, identity: .account(client.account, ownClient: client.id)))
        others.append(
            Principal(
                practiceID: house.elm.id,
                identity: .staff(try #require(house.oak.staff[.clinician]), role: .clinician)
            )
        )
        for other in others { #expect(try await opens(house, client.id, as: other) == nil) }
    }

    @Test func `a client who does not exist is refused like a stranger`() async throws {
        let house = try await TestHouse()
        let nobody: ID<Client> = house.surroundings.newID()
        #expect(try await opens(house, nobody, as: try house.oak.principal(.administrator)) == nil)
        #expect(try await opens(house, nobody, as: .system("test", practice: house.oak.id)) == nil)
        let imagined = Principal(
            practiceID: house.oak.id,
            identity: .account(house.oak.first.account, ownClient: nobody)
        )
        #expect(try await opens(house, nobody, as: imagined) == nil)
    }

    @Test func `with the portal switched off the client is out and the clinician in`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first
        try await house.change(client.id, "portal_enabled = 0")
        #expect(try await opens(house, client.id, as: house.oak.principal(client)) == nil)
        #expect(try await opens(house, client.id, as: try house.oak.principal(.clinician)) == .assignedClinician)
        try await house.change(client.id, "portal_enabled = 1")
        #expect(try await opens(house, client.id, as: house.oak.principal(client)) == .`self`)
    }

    @Test func `a reassigned client goes from one clinician to the other at once`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        let former = try house.oak.principal(.clinician)
        let latter = house.oak.otherClinicianPrincipal
        #expect(try await opens(house, client, as: former) == .assignedClinician)
        try await house.change(client, "primary_therapist_id = \(house.oak.otherClinician)")
        #expect(try await opens(house, client, as: former) == nil)
        #expect(try await opens(house, client, as: latter) == .assignedClinician)
        try await house.change(client, "primary_therapist_id = NULL")
        #expect(try await opens(house, client, as: latter) == nil)
    }

    @Test func `a grant is on record with its reason`() async throws {
        let house = try await TestHouse()
        let principal = Principal(
            practiceID: house.oak.id,
            identity: try house.oak.principal(.clinician).identity,
            origin: .init(requestID: "request-1", ip: "192.0.2.1")
        )
        try await house.gate.open(
            .read,
            on: .assessments,
            of: house.oak.first.id,
            as: principal,
            purpose: .treatment,
            entity: "trend",
            entityID: "phq-9"
        ) { _ in }
        let row = try #require(
            try await house.database.read { try $0.row("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1") }
        )
        let expected: [String: SQLValue] = [
            "practice_id": .text(house.oak.id.text), "actor_kind": .text("CLINICIAN"),
            "actor_id": .text(try #require(house.oak.staff[.clinician]).text),
            "client_id": .text(house.oak.first.id.text),
            "relation": .text("ASSIGNED_CLINICIAN"), "purpose": .text("TREATMENT"), "action": .text("ASSESSMENTS.READ"),
            "entity": .text("trend"), "entity_id": .text("phq-9"), "outcome": .text("OK"), "reason": .null,
            "request_id": .text("request-1"), "ip": .text("192.0.2.1"), "at": .integer(house.outside.now.milliseconds),
        ]
        for (column, value) in expected { #expect(row[column] == value, "\(column)") }
    }

    @Test func `a refusal is on record, and nothing else changed`() async throws {
        let house = try await TestHouse()
        let alert = try await house.addAlert("about the client", about: house.oak.first.id, in: house.oak)
        let before = try await house.contents(except: ["audit_log"])
        let audited = try await house.count("audit_log")
        let stranger = house.oak.principal(house.oak.second)
        await #expect(throws: AccessDenied()) {
            try await house.gate.open(
                .read,
                on: .chat,
                of: house.oak.first.id,
                as: stranger,
                purpose: .ownCare,
                entity: "conversation"
            ) { _ in Issue.record("a stranger got in") }
        }
        // A right that does not reach: what was done before the refusal goes too.
        await #expect(throws: AccessDenied()) {
            try await house.asService(.read, of: house.oak.first.id, in: house.oak) { access in
                try access.append(DomainEvent("test.happened", subject: "s"), ids: house.surroundings)
                try access.update(alert)
            }
        }
        #expect(try await house.contents(except: ["audit_log"]) == before)
        #expect(try await house.count("audit_log") == audited + 2)
        let rows = try await house.database.read {
            try $0.rows(
                "SELECT outcome, actor_id, client_id, entity_id, action FROM audit_log ORDER BY seq DESC LIMIT 2"
            )
        }
        #expect(rows.map { $0["outcome"] } == [.text("DENIED"), .text("DENIED")])
        #expect(rows.last?["actor_id"] == .text(house.oak.second.account.text))
        #expect(rows.last?["entity_id"] == .text(house.oak.first.id.text))
        #expect(rows.last?["client_id"] == .null, "whether there is such a client is not said")
        #expect(rows.last?["action"] == .text("CHAT.READ"))
        #expect(try await house.audit.verify(house.database) == [])
    }

    @Test func `an error rolls back the change and its audit record together`() async throws {
        struct Failure: Error, Equatable {}
        let house = try await TestHouse()
        let before = try await house.contents()
        let alert = TestAlert(
            house.surroundings.newID(),
            client: house.oak.first.id,
            practice: house.oak.id,
            summary: "x",
            at: house.outside.now
        )
        await #expect(throws: Failure()) {
            try await house.asService(.create, of: house.oak.first.id, in: house.oak) { access in
                try access.insert(alert)
                throw Failure()
            }
        }
        #expect(try await house.contents() == before)
    }

    @Test func `onward access is the service's own, and on record as such`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first
        let alert = TestAlert(
            house.surroundings.newID(),
            client: client.id,
            practice: house.oak.id,
            summary: "x",
            at: house.outside.now
        )
        try await house.gate.open(
            .create,
            on: .chat,
            of: client.id,
            as: house.oak.principal(client),
            purpose: .ownCare,
            entity: "message"
        ) { access in
            #expect(throws: AccessDenied()) {
                try house.policy.grant(
                    .create,
                    on: .alerts,
                    of: client.id,
                    to: access.principal,
                    purpose: .ownCare,
                    entity: "alert",
                    in: access.transaction
                )
            }
            let onward = try access.onward(
                .create,
                on: .alerts,
                work: "crisis",
                entity: "alert",
                entityID: alert.id.text
            )
            #expect(onward.relation == .system && onward.clientID == client.id)
            try onward.insert(alert)
        }
        let row = try await house.database.read { try $0.row("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1") }
        #expect(row?["actor_kind"] == .text("SYSTEM"))
        #expect(row?["actor_id"] == .text("crisis"))
        #expect(try await house.count("compliance_alerts") == 1)
    }
}
