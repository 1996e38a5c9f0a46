import Crypto
import Foundation
import Testing

@testable import Records
@testable import Store

@Suite("The audit's checkpoints")
struct AuditCheckpointTests {
    let house: TestHouse
    let signer: AuditSigner

    init() async throws {
        house = try await TestHouse()
        signer = try Self.signer(7)
    }

    private static func signer(_ byte: UInt8) throws -> AuditSigner {
        try AuditSigner(seed: SymmetricKey(data: Array(repeating: byte, count: 32)))
    }

    private var folder: CheckpointFolder { CheckpointFolder(house.folder.appending(path: "checkpoints")) }

    private func append(_ count: Int) async throws {
        try await house.database.write { transaction in
            for _ in 0..<count {
                try house.audit.append(
                    AuditEntry(
                        principal: .system("test", practice: house.oak.id),
                        action: "TEST",
                        entity: "test",
                        outcome: .ok
                    ),
                    at: house.outside.now,
                    in: transaction
                )
            }
        }
    }

    @discardableResult
    private func sign(minimum: Int64 = 1) async throws -> AuditCheckpoint? {
        try await folder.write(
            of: house.audit,
            in: house.database,
            signer: signer,
            minimum: minimum,
            surroundings: house.surroundings
        )
    }

    private func findings(_ key: AuditPublicKey? = nil) async throws -> [String] {
        let history = try #require(folder.history(key ?? signer.publicKey))
        return try await house.audit.verify(house.database, against: history).map(\.description)
    }

    private func meddle(_ statements: SQL...) async throws {
        try await house.database.write { transaction in
            try transaction.executeScript(
                """
                DROP TRIGGER audit_log_is_never_updated; DROP TRIGGER audit_log_is_never_deleted;
                DROP TRIGGER audit_log_grows_at_its_end;
                """
            )
            for statement in statements { try transaction.execute(statement) }
        }
    }

    private func lines() throws -> [String] {
        try String(contentsOf: folder.file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func write(_ lines: [String]) throws {
        try Data(lines.map { "\($0)\n" }.joined().utf8).write(to: folder.file)
    }

    @Test func `each names the one before, and all agree with the audit`() async throws {
        try await append(10)
        let first = try #require(try await sign())
        try await append(5)
        let second = try #require(try await sign())
        #expect((first.seq, first.count, second.seq, second.count) == (10, 10, 16, 16))
        #expect(second.previous == first.identity && first.previous == AuditLog.genesis)
        #expect(try await findings() == [])
        #expect(try String(contentsOf: folder.publicKeyFile, encoding: .utf8) == "\(signer.publicKey.text)\n")
    }

    @Test func `nothing new is not signed again, nor too little`() async throws {
        try await append(3)
        #expect(try await sign() != nil)
        #expect(try await sign() == nil)
        try await append(3)
        #expect(try await sign(minimum: 4) == nil)
        #expect(try await sign(minimum: 3) != nil)
    }

    @Test func `a tail that was cut is told, and named, and not signed away`() async throws {
        try await append(10)
        try await sign()
        try await append(4)
        try await sign()
        try await meddle("DELETE FROM audit_log WHERE seq > 12")
        #expect(try await house.audit.verify(house.database) == [], "the chain alone cannot tell")
        #expect(try await findings() == ["audit rows 13 to 15: cut off at the end"])
        await #expect(throws: AuditTailCut.self) { try await sign() }
    }

    @Test func `a tail that was cut and grew again is told`() async throws {
        try await append(10)
        try await sign()
        try await meddle("DELETE FROM audit_log WHERE seq > 8")
        house.outside.advance(.seconds(1))
        try await append(6)
        #expect(try await findings() == ["audit row 10: written anew with the key; a checkpoint knows another row"])
    }

    @Test func `a chain that was written anew with the key is told`() async throws {
        try await append(6)
        try await sign()
        let rows = try await house.database.read {
            try $0.fetch(AuditRow.self, "SELECT * FROM audit_log ORDER BY seq LIMIT 6")
        }
        try await meddle("DELETE FROM audit_log")
        house.outside.advance(.seconds(1))
        try await append(rows.count + 1)
        #expect(
            try await findings() == ["audit row 6: written anew with the key; a checkpoint knows another row"]
        )
    }

    @Test func `a checkpoint that was changed, or signed by another, is told`() async throws {
        try await append(5)
        try await sign()
        try await append(5)
        try await sign()
        let sound = try lines()
        for (from, to) in [
            (#""seq":5"#, #""seq":4"#), (#""count":5"#, #""count":6"#), (#""row_hash":""#, #""row_hash":"0"#),
            (#""signature":""#, #""signature":"AA"#), ("{", "no JSON"),
        ] {
            try write([sound[0].replacing(from, with: to, maxReplacements: 1), sound[1]])
            #expect(try await findings().contains { $0.contains("is not genuine") }, "\(to)")
        }
        try write(sound)
        #expect(try await findings() == [])
        #expect(try await findings(try Self.signer(8).publicKey).count == 4, "two forged, and two that are missing")
    }

    @Test(arguments: [0, 1]) func `a checkpoint that was taken out of the file is missed`(index: Int) async throws {
        for _ in 0..<2 {
            try await append(5)
            try await sign()
        }
        var left = try lines()
        left.remove(at: index)
        try write(left)
        let row = index == 0 ? 6 : 12
        #expect(
            try await findings().contains("the checkpoint that audit row \(row) speaks of is missing"),
            "the audit itself names its checkpoints"
        )
    }

    @Test func `a line that was half written is written anew`() async throws {
        try await append(5)
        try await sign()
        let handle = try FileHandle(forWritingTo: folder.file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"seq": 9, "row_"#.utf8))
        try handle.close()
        #expect(try await findings() == [])
        try await append(1)
        #expect(try await sign() != nil)
        #expect(try await findings() == [])
        #expect(try lines().count == 2)
    }

    @Test func `the public key alone tells a genuine one`() async throws {
        try await append(1)
        let checkpoint = try #require(try await sign())
        let key = try #require(AuditPublicKey(signer.publicKey.text))
        #expect(checkpoint.isGenuine(key))
        #expect(!checkpoint.isGenuine(try Self.signer(9).publicKey))
        #expect(AuditPublicKey("AAAA") == nil)
    }
}
