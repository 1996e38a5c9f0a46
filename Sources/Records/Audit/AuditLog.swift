public import Crypto
import Foundation
public import Store

/// The append-only record of access. Each row carries HMAC-SHA256 over itself and the hash before it, under a key that is
/// not in the database, so that a row that was changed, moved, inserted or removed breaks the chain.
///
/// What the chain alone cannot show is that its last rows were removed: what is left is a sound, shorter chain. Against that
/// stand ``AuditCheckpoint``s, signed and kept elsewhere.
public struct AuditLog: Sendable {
    private let key: SymmetricKey

    public init(key: SymmetricKey) { self.key = key }

    static let genesis = String(repeating: "0", count: 64)

    /// Appends within the transaction of what it records: neither is without the other. Returns the row's number.
    @discardableResult
    public func append(_ entry: AuditEntry, at now: Timestamp, in transaction: Transaction) throws(StoreError) -> Int64
    {
        let last = try transaction.row("SELECT seq, row_hash FROM audit_log ORDER BY seq DESC LIMIT 1")
        let previous: String = try last?.get("row_hash") ?? Self.genesis
        let sequence = (try last?.get("seq", as: Int64.self) ?? 0) &+ 1
        let principal = entry.principal
        let row = AuditRow(
            seq: sequence,
            at: now,
            practiceID: principal.practiceID.text,
            actorKind: principal.kind,
            actorID: principal.actorID,
            clientID: entry.clientID?.text,
            relation: entry.relation?.rawValue,
            purpose: entry.purpose?.rawValue,
            action: entry.action,
            entity: entry.entity,
            entityID: entry.entityID,
            outcome: entry.outcome.rawValue,
            reason: entry.reason?.code,
            requestID: principal.origin.requestID,
            ip: principal.origin.ip,
            sessionID: principal.origin.sessionID,
            agent: principal.origin.agent?.text,
            times: entry.times,
            previousHash: previous,
            rowHash: ""
        )
        try transaction.execute(
            """
            INSERT INTO audit_log (
                seq, at, practice_id, actor_kind, actor_id, client_id, relation, purpose, action, entity, entity_id,
                outcome, reason, request_id, ip, session_id, agent, times, previous_hash, row_hash
            ) VALUES (
                \(row.seq), \(row.at), \(row.practiceID), \(row.actorKind), \(row.actorID), \(row.clientID),
                \(row.relation), \(row.purpose), \(row.action), \(row.entity), \(row.entityID), \(row.outcome),
                \(row.reason), \(row.requestID), \(row.ip), \(row.sessionID), \(row.agent), \(row.times),
                \(row.previousHash), \(hash(row))
            )
            """
        )
        return sequence
    }

    /// The hash that `row` should carry where it stands, or at another place of the chain.
    ///
    /// Fields are written with their lengths, so that no two different rows give the same bytes. Columns that came later are
    /// written by name where they hold something, so that the rows from before them keep their hashes.
    func hash(_ row: AuditRow, at sequence: Int64? = nil) -> String {
        let fields: [String?] = [
            String(sequence ?? row.seq), String(row.at.milliseconds), row.practiceID, row.actorKind, row.actorID,
            row.clientID, row.relation, row.purpose, row.action, row.entity, row.entityID, row.outcome, row.reason,
            row.requestID, row.ip,
        ]
        var bytes = Data(row.previousHash.utf8)
        for field in fields {
            bytes.append(contentsOf: (field.map { "\($0.utf8.count):\($0)" } ?? "-").utf8)
            bytes.append(0x1F)
        }
        let later = [("session_id", row.sessionID), ("agent", row.agent), ("times", row.times.map { String($0) })]
        for case (let name, let value?) in later {
            bytes.append(contentsOf: "\(name)=\(value.utf8.count):\(value)".utf8)
            bytes.append(0x1F)
        }
        return HMAC<SHA256>.authenticationCode(for: bytes, using: key).hexText
    }
}

extension Sequence where Element == UInt8 {
    /// Two lower-case digits a byte.
    var hexText: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
