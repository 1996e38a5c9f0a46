import Crypto
import Testing

@testable import Records
@testable import Store

@Suite("The chain of the audit")
struct AuditLogTests {
    private func house(rows: Int = 10, seed: UInt64 = 1) async throws -> TestHouse {
        let house = try await TestHouse(seed: seed)
        try await house.database.write { transaction in
            for number in 0..<rows {
                let principal = Principal(
                    practiceID: house.oak.id,
                    identity: try house.oak.principal(.clinician).identity,
                    origin: .init(
                        requestID: "request-\(number)",
                        ip: "192.0.2.1",
                        agent: UserAgentCode("curl/8.14"),
                        sessionID: "session-\(number)"
                    )
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
                        reason: "WARD_ROUND",
                        times: 3
                    ),
                    at: house.outside.now,
                    in: transaction
                )
            }
        }
        return house
    }

    /// What somebody can do who holds the file but not the key.
    private func tamper(
        _ house: TestHouse,
        _ statements: [SQL],
        against checkpoints: CheckpointHistory? = nil
    ) async throws -> [String] {
        try await house.database.write { transaction in
            try transaction.executeScript(
                """
                DROP TRIGGER audit_log_is_never_updated; DROP TRIGGER audit_log_is_never_deleted;
                DROP TRIGGER audit_log_grows_at_its_end;
                """
            )
            for statement in statements { try transaction.execute(statement) }
        }
        return try await house.audit.verify(house.database, against: checkpoints).map(\.description)
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
            "UPDATE audit_log SET reason = 'WARD_ROUNE' WHERE seq = 4",
            "UPDATE audit_log SET request_id = NULL WHERE seq = 4",
            "UPDATE audit_log SET ip = '192.0.2.11' WHERE seq = 4",
            "UPDATE audit_log SET session_id = NULL WHERE seq = 4",
            "UPDATE audit_log SET agent = 'edge-8' WHERE seq = 4",
            "UPDATE audit_log SET agent = session_id, session_id = agent WHERE seq = 4",
            "UPDATE audit_log SET times = 2 WHERE seq = 4", "UPDATE audit_log SET times = NULL WHERE seq = 4",
            "UPDATE audit_log SET entity = entity || entity_id, entity_id = '' WHERE seq = 4",
            "UPDATE audit_log SET at = 'x' WHERE seq = 4",
            "UPDATE audit_log SET reason = x'00' WHERE seq = 4",
        ] as [SQL]
    )
    func `a changed column is found`(change: SQL) async throws {
        #expect(try await tamper(try await house(), [change]) == ["audit row 4: changed"])
    }

    @Test func `a row from before sessions and programs were noted keeps its hash`() {
        // As computed by the version that knew neither.
        let row = AuditRow(
            seq: 1,
            at: Timestamp(milliseconds: 5),
            practiceID: "p",
            actorKind: "SYSTEM",
            actorID: nil,
            clientID: "c",
            relation: nil,
            purpose: nil,
            action: "CHART.READ",
            entity: "clients",
            entityID: nil,
            outcome: "OK",
            reason: nil,
            requestID: nil,
            ip: nil,
            sessionID: nil,
            agent: nil,
            times: nil,
            previousHash: AuditLog.genesis,
            rowHash: ""
        )
        let fields: [String?] = [
            "1", "5", "p", "SYSTEM", nil, "c", nil, nil, "CHART.READ", "clients", nil, "OK", nil, nil, nil,
        ]
        let text = AuditLog.genesis + fields.map { $0.map { "\($0.utf8.count):\($0)\u{1F}" } ?? "-\u{1F}" }.joined()
        let key = SymmetricKey(data: Array(0..<32 as Range<UInt8>))
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
        #expect(AuditLog(key: key).hash(row) == code.hexText)
    }

    @Test(arguments: ["row_hash", "previous_hash"]) func `a changed hash is found`(column: String) async throws {
        let forged = String(repeating: "a", count: 64)
        let change: SQL = "UPDATE audit_log SET \(SQL.Name(column: column)) = \(forged) WHERE seq = 4"
        #expect(try await tamper(try await house(), [change]) == ["audit row 4: changed"])
    }

    @Test func `removed rows are found at the beginning and in the middle`() async throws {
        #expect(
            try await tamper(try await house(), ["DELETE FROM audit_log WHERE seq BETWEEN 4 AND 6"])
                == ["audit rows 4 to 6: deleted"]
        )
        #expect(
            try await tamper(try await house(), ["DELETE FROM audit_log WHERE seq = 1"]) == ["audit row 1: deleted"]
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
        #expect(found == ["audit row 4: deleted", "audit rows 4 to 9: moved here from another place"])
    }

    private static func copy(of row: Int, as sequence: Int64) -> SQL {
        """
        INSERT INTO audit_log
        SELECT \(sequence), at, practice_id, actor_kind, actor_id, client_id, relation, purpose, action, entity, entity_id, outcome,
               reason, request_id, ip, previous_hash, 'forged ' || \(sequence), session_id, agent, times
        FROM audit_log WHERE seq = \(row)
        """
    }

    @Test(arguments: [Int64.min, -1, 0]) func `a row put before the first is found`(sequence: Int64) async throws {
        #expect(
            try await tamper(try await house(), [Self.copy(of: 3, as: sequence)]) == [
                "audit row \(sequence): inserted"
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
        #expect(found == ["audit row 5: inserted", "audit rows 6 to 11: moved here from another place"])
    }

    @Test(arguments: [Int64(11), 20, .max]) func `a row put after the last is found`(sequence: Int64) async throws {
        let house = try await house()
        #expect(try await tamper(house, [Self.copy(of: 10, as: sequence)]) == ["audit row \(sequence): changed"])
    }

    @Test func `two rows that changed places are found`() async throws {
        let found = try await tamper(
            try await house(),
            [
                "UPDATE audit_log SET seq = 99 WHERE seq = 4", "UPDATE audit_log SET seq = 4 WHERE seq = 5",
                "UPDATE audit_log SET seq = 5 WHERE seq = 99",
            ]
        )
        #expect(found == ["audit rows 4 to 5: moved here from another place"])
    }

    @Test func `a genuine row of another database is found`() async throws {
        let (house, other) = (try await house(), try await house(rows: 12, seed: 2))
        let row = try #require(try await other.database.read { try $0.row("SELECT * FROM audit_log WHERE seq = 11") })
        let columns = SQL.joined(row.columns.keys.sorted().map { "\(SQL.Name(column: $0))" }, separator: ", ")
        let values = SQL.joined(row.columns.sorted { $0.key < $1.key }.map { "\($0.value)" }, separator: ", ")
        #expect(
            try await tamper(house, ["INSERT INTO audit_log (\(columns)) VALUES (\(values))"])
                == ["audit row 11: does not continue the row before"]
        )
    }

    @Test func `the chain of another key is found, and one that was written anew without the key`() async throws {
        let house = try await house()
        let other = AuditLog(key: try #require(MasterKey(bytes: Array(repeating: 1, count: 32))).derived(for: "audit"))
        #expect(try await other.verify(house.database).map(\.description) == ["audit rows 1 to 10: changed"])
        let rows = try await house.database.read {
            try $0.fetch(AuditRow.self, "SELECT * FROM audit_log WHERE seq >= 4 ORDER BY seq")
        }
        let changes = rows.map { row -> SQL in
            "UPDATE audit_log SET outcome = 'DENIED', row_hash = \(other.hash(row)) WHERE seq = \(row.seq)"
        }
        #expect(try await tamper(house, changes) == ["audit rows 4 to 10: changed"])
    }

    @Test(
        arguments: [
            "UPDATE audit_log SET outcome = 'DENIED'", "DELETE FROM audit_log WHERE seq = 10",
            "REPLACE INTO audit_log SELECT * FROM audit_log WHERE seq = 3",
            "INSERT OR REPLACE INTO audit_log SELECT 11, at, practice_id, actor_kind, actor_id, client_id, relation, purpose, action, entity, entity_id, outcome, reason, request_id, ip, previous_hash, row_hash, session_id, agent, times FROM audit_log WHERE seq = 3",
        ] as [SQL]
    )
    func `the database refuses whatever is not a row at the end`(statement: SQL) async throws {
        let house = try await house()
        await #expect(throws: StoreError.constraint(rule: "audit_log is append-only")) {
            try await house.database.write { try $0.execute(statement) }
        }
        #expect(try await house.audit.verify(house.database) == [])
    }

    @Test(
        arguments: [
            ("CHART.READ; she said", "clients", "1", nil), ("CHART.READ", "the client's chart", "1", nil),
            ("CHART.READ", "clients", "wants to die", nil),
            ("CHART.READ", "clients", String(repeating: "x", count: 65), nil),
            ("CHART.READ", "clients", "1", "told me that"),
        ] as [(String, String, String, StaticString?)]
    )
    func `the database refuses a row with a text in it`(
        action: String,
        entity: String,
        id: String,
        reason: StaticString?
    ) async throws {
        let house = try await TestHouse()
        let entry = AuditEntry(
            principal: .system("test", practice: house.oak.id),
            action: action,
            entity: entity,
            entityID: id,
            outcome: .ok,
            reason: reason.map { AuditReason(stringLiteral: $0) }
        )
        await #expect(throws: StoreError.constraint(rule: "audit_log holds names, ids and codes alone")) {
            try await house.database.write { _ = try house.audit.append(entry, at: house.outside.now, in: $0) }
        }
    }

    @Test func `many writers at once make one chain`() async throws {
        let house = try await TestHouse()
        let other = try house.secondConnection()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    try await (number.isMultiple(of: 2) ? house.database : other).write { transaction in
                        _ = try house.audit.append(
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
