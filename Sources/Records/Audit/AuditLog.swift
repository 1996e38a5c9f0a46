public import Crypto
import Foundation
public import Store

/// One line of the audit: who did what to whose record, why, and how it ended.
public struct AuditEntry: Sendable {
    public enum Outcome: String, Sendable, SQLConvertible { case ok = "OK", denied = "DENIED", error = "ERROR" }

    public var principal: Principal
    public var clientID: ID<Client>?
    public var relation: Relation?
    public var purpose: Purpose?
    public var action: String
    public var entity: String
    public var entityID: String?
    public var outcome: Outcome
    public var reason: String?

    public init(
        principal: Principal,
        clientID: ID<Client>? = nil,
        relation: Relation? = nil,
        purpose: Purpose? = nil,
        action: String,
        entity: String,
        entityID: String? = nil,
        outcome: Outcome,
        reason: String? = nil
    ) {
        self.principal = principal
        self.clientID = clientID
        self.relation = relation
        self.purpose = purpose
        self.action = action
        self.entity = entity
        self.entityID = entityID
        self.outcome = outcome
        self.reason = reason
    }
}

/// The append-only record of access. Each row carries HMAC-SHA256 over itself and the hash before it, under a key that is
/// not in the database, so that a row that was changed, inserted or removed breaks the chain.
///
/// What the chain alone cannot show is that its last rows were removed: what is left is a sound, shorter chain. Against that,
/// note the newest sequence number and hash outside the database, as with every backup.
public struct AuditLog: Sendable {
    private let key: SymmetricKey

    public init(key: SymmetricKey) { self.key = key }

    static let genesis = String(repeating: "0", count: 64)

    /// Appends within the transaction of what it records: neither is without the other.
    public func append(_ entry: AuditEntry, at now: Timestamp, in transaction: Transaction) throws(StoreError) {
        let last = try transaction.row("SELECT seq, row_hash FROM audit_log ORDER BY seq DESC LIMIT 1")
        let previous: String = try last?.get("row_hash") ?? Self.genesis
        let sequence = (try last?.get("seq", as: Int64.self) ?? 0) &+ 1
        let fields: [String?] = [
            String(sequence), String(now.milliseconds), entry.principal.practiceID.text, entry.principal.kind,
            entry.principal.actorID, entry.clientID?.text, entry.relation?.rawValue, entry.purpose?.rawValue,
            entry.action,
            entry.entity, entry.entityID, entry.outcome.rawValue, entry.reason, entry.principal.origin.requestID,
            entry.principal.origin.ip,
        ]
        let hash = self.hash(fields, previous: previous)
        try transaction.execute(
            """
            INSERT INTO audit_log (
                seq, at, practice_id, actor_kind, actor_id, client_id, relation, purpose, action, entity, entity_id,
                outcome, reason, request_id, ip, previous_hash, row_hash
            ) VALUES (
                \(sequence), \(now), \(entry.principal.practiceID), \(entry.principal.kind), \(entry.principal.actorID),
                \(entry.clientID), \(entry.relation?.rawValue), \(entry.purpose?.rawValue), \(entry.action), \(entry.entity),
                \(entry.entityID), \(entry.outcome), \(entry.reason), \(entry.principal.origin.requestID),
                \(entry.principal.origin.ip), \(previous), \(hash)
            )
            """
        )
    }

    /// Follows the chain from its beginning. Returns what is wrong, with the sequence number; empty when it is sound.
    public func verify(_ database: Database) async throws -> [String] {
        try await database.read { transaction in
            var findings: [String] = []
            var previous = Self.genesis
            var last: Int64 = 0
            var rows = try transaction.rows("SELECT * FROM audit_log ORDER BY seq LIMIT 1000")
            while !rows.isEmpty {
                for row in rows {
                    let sequence = try row.get("seq", as: Int64.self)
                    if sequence < 1 {
                        findings.append("audit row \(sequence) was inserted")
                        continue
                    }
                    if sequence - last > 1 { findings.append("audit rows \(last + 1) to \(sequence - 1) are missing") }
                    if row["previous_hash"] != .text(previous) {
                        findings.append("audit row \(sequence) does not follow the row before it")
                    }
                    if try hash(row, sequence) != row.get("row_hash") {
                        findings.append("audit row \(sequence) was changed")
                    }
                    previous = try row.get("row_hash")
                    last = sequence
                }
                rows = try transaction.rows("SELECT * FROM audit_log WHERE seq > \(last) ORDER BY seq LIMIT 1000")
            }
            return findings
        }
    }

    /// The hash that `row` should carry; nil when one of its columns holds another kind of value than was written.
    private func hash(_ row: Row, _ sequence: Int64) -> String? {
        let texts = [
            "practice_id", "actor_kind", "actor_id", "client_id", "relation", "purpose", "action", "entity",
            "entity_id",
            "outcome", "reason", "request_id", "ip",
        ]
        guard let at: Int64 = try? row.get("at"), let previous: String = try? row.get("previous_hash"),
            let fields = try? texts.map({ try row.get($0, as: String?.self) })
        else { return nil }
        return hash([String(sequence), String(at)] + fields, previous: previous)
    }

    /// Fields are written with their lengths, so that no two different rows give the same bytes.
    private func hash(_ fields: [String?], previous: String) -> String {
        var bytes = Data(previous.utf8)
        for field in fields {
            bytes.append(contentsOf: Data((field.map { "\($0.utf8.count):\($0)" } ?? "-").utf8))
            bytes.append(0x1F)
        }
        return HMAC<SHA256>.authenticationCode(for: bytes, using: key).map { String(format: "%02x", $0) }.joined()
    }
}
