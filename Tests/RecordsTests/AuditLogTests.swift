import Testing

@testable import Records
@testable import Store

@Suite("The chain of the audit")
struct AuditLogTests {
    private func house(rows: Int = 10) async throws -> TestHouse {
        let house = try await TestHouse()
        try await house.database.write { transaction in
            for number in 0..<rows {
                let principal = Principal(
                    practiceID: house.oak.id,
                    identity: try house.oak.principal(.clinician).identity,
                    origin: .init(requestID: "request-\(number)", ip: "192.0.2.1")
                )
                try house.audit.append(
                    AuditEntry(
                        principal: principal,
                        clientID: house.oak.first.id,
                        relation: .assignedClinician,
                        purpose: .treatment,
                        action: "CHART.READ",
                        entity: "client",
                        entityID: "\(number)",
                        outcome: .ok,
                        reason: "ward round"
                    ),
                    at: house.outside.now,
                    in: transaction
                )
            }
        }
        return house
    }

    /// What somebody can do who holds the file but not the key.
    private func tamper(_ house: TestHouse, _ statements: [SQL]) async throws -> [String] {
        try await house.database.write { transaction in
            try transaction.executeScript(
                "DROP TRIGGER audit_log_is_never_updated; DROP TRIGGER audit_log_is_never_deleted;"
            )
            for statement in statements { try transaction.execute(statement) }
        }
        return try await house.audit.verify(house.database)
    }

    @Test func `an untouched log is sound, empty or long`() async throws {
        #expect(try await TestHouse().audit.verify(try await TestHouse().database) == [])
        let house = try await house(rows: 2500)
        #expect(try await house.count("audit_log") == 2500)
        #expect(try await house.audit.verify(house.database) == [])
    }

    @Test func `a row is neither changed nor deleted`() async throws {
        let house = try await house()
        for statement: SQL in [
            "UPDATE audit_log SET reason = 'x' WHERE seq = 3", "DELETE FROM audit_log WHERE seq = 3",
            "DELETE FROM audit_log",
        ] {
            await #expect(throws: StoreError.constraint(rule: "audit_log is append-only")) {
                try await house.database.write { try $0.execute(statement) }
            }
        }
        #expect(try await house.audit.verify(house.database) == [])
    }

    @Test(
        arguments: [
            "UPDATE audit_log SET at = at + 1 WHERE seq = 4", "UPDATE audit_log SET practice_id = 'x' WHERE seq = 4",
            "UPDATE audit_log SET actor_kind = 'SYSTEM' WHERE seq = 4",
            "UPDATE audit_log SET actor_id = 'x' WHERE seq = 4",
            "UPDATE audit_log SET actor_id = NULL WHERE seq = 4", "UPDATE audit_log SET client_id = 'x' WHERE seq = 4",
            "UPDATE audit_log SET client_id = NULL WHERE seq = 4",
            "UPDATE audit_log SET relation = 'SELF' WHERE seq = 4",
            "UPDATE audit_log SET purpose = NULL WHERE seq = 4",
            "UPDATE audit_log SET action = 'CHART.CHANGE' WHERE seq = 4",
            "UPDATE audit_log SET entity = 'x' WHERE seq = 4", "UPDATE audit_log SET entity_id = '' WHERE seq = 4",
            "UPDATE audit_log SET outcome = 'DENIED' WHERE seq = 4",
            "UPDATE audit_log SET reason = 'ward roune' WHERE seq = 4",
            "UPDATE audit_log SET request_id = NULL WHERE seq = 4",
            "UPDATE audit_log SET ip = '192.0.2.11' WHERE seq = 4",
            "UPDATE audit_log SET entity = entity || entity_id, entity_id = '' WHERE seq = 4",
            "UPDATE audit_log SET at = 'x' WHERE seq = 4",
            "UPDATE audit_log SET reason = x'00' WHERE seq = 4",
        ] as [SQL]
    )
    func `a changed column is found`(change: SQL) async throws {
        #expect(try await tamper(try await house(), [change]) == ["audit row 4 was changed"])
    }

    @Test func `a changed hash is found, in its row and in the next`() async throws {
        let forged = String(repeating: "a", count: 64)
        #expect(
            try await tamper(try await house(), ["UPDATE audit_log SET row_hash = \(forged) WHERE seq = 4"])
                == ["audit row 4 was changed", "audit row 5 does not follow the row before it"]
        )
        #expect(
            try await tamper(try await house(), ["UPDATE audit_log SET previous_hash = \(forged) WHERE seq = 4"])
                == ["audit row 4 does not follow the row before it", "audit row 4 was changed"]
        )
    }

    @Test func `removed rows are found at the beginning and in the middle`() async throws {
        #expect(
            try await tamper(try await house(), ["DELETE FROM audit_log WHERE seq BETWEEN 4 AND 6"])
                == ["audit rows 4 to 6 are missing", "audit row 7 does not follow the row before it"]
        )
        #expect(
            try await tamper(try await house(), ["DELETE FROM audit_log WHERE seq = 1"])
                == ["audit rows 1 to 1 are missing", "audit row 2 does not follow the row before it"]
        )
    }

    @Test func `a removed row is found when the others close ranks`() async throws {
        let found = try await tamper(
            try await house(),
            [
                "DELETE FROM audit_log WHERE seq = 4", "UPDATE audit_log SET seq = -seq WHERE seq > 4",
                "UPDATE audit_log SET seq = -seq - 1 WHERE seq < 0",
            ]
        )
        #expect(found.contains("audit row 4 does not follow the row before it"))
        #expect(found.contains("audit row 9 was changed"))
    }

    private static func copy(of row: Int, as sequence: Int64) -> SQL {
        """
        INSERT INTO audit_log
        SELECT \(sequence), at, practice_id, actor_kind, actor_id, client_id, relation, purpose, action, entity, entity_id, outcome,
               reason, request_id, ip, previous_hash, 'forged ' || \(sequence)
        FROM audit_log WHERE seq = \(row)
        """
    }

    @Test(arguments: [Int64.min, -1, 0]) func `a row put before the first is found`(sequence: Int64) async throws {
        #expect(
            try await tamper(try await house(), [Self.copy(of: 3, as: sequence)]) == [
                "audit row \(sequence) was inserted"
            ]
        )
    }

    @Test func `a row put between two others is found`() async throws {
        let found = try await tamper(
            try await house(),
            [
                "UPDATE audit_log SET seq = -seq WHERE seq > 4", "UPDATE audit_log SET seq = -seq + 1 WHERE seq < 0",
                Self.copy(of: 4, as: 5),
            ]
        )
        #expect(found.contains("audit row 5 was changed"))
        #expect(found.contains("audit row 6 does not follow the row before it"))
    }

    @Test(arguments: [Int64(11), 20, .max]) func `a row put after the last is found`(sequence: Int64) async throws {
        let house = try await house()
        #expect(
            try await tamper(house, [Self.copy(of: 10, as: sequence)]).contains("audit row \(sequence) was changed")
        )
    }

    @Test func `two rows that changed places are found`() async throws {
        let found = try await tamper(
            try await house(),
            [
                "UPDATE audit_log SET seq = 99 WHERE seq = 4", "UPDATE audit_log SET seq = 4 WHERE seq = 5",
                "UPDATE audit_log SET seq = 5 WHERE seq = 99",
            ]
        )
        #expect(found.contains("audit row 4 was changed") && found.contains("audit row 5 was changed"))
    }

    @Test func `the chain of another key is found`() async throws {
        let house = try await house()
        let other = AuditLog(key: try #require(MasterKey(bytes: Array(repeating: 1, count: 32))).derived(for: "audit"))
        #expect(try await other.verify(house.database).count == 10)
    }

    /// The limit of the chain, which ``AuditLog`` documents: what is left of it is sound, only shorter.
    @Test func `removed rows at the end are not found`() async throws {
        let house = try await house()
        #expect(try await tamper(house, ["DELETE FROM audit_log WHERE seq > 7"]) == [])
        #expect(try await house.count("audit_log") == 7)
    }

    @Test func `many writers at once make one chain`() async throws {
        let house = try await TestHouse()
        let other = try house.secondConnection()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    try await (number.isMultiple(of: 2) ? house.database : other).write { transaction in
                        try house.audit.append(
                            AuditEntry(
                                principal: .system("test", practice: house.oak.id),
                                action: "TEST",
                                entity: "\(number)",
                                outcome: .ok
                            ),
                            at: house.outside.now,
                            in: transaction
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await house.count("audit_log") == 60)
        #expect(try await house.audit.verify(house.database) == [])
    }
}
