import Foundation
import Records
import Store

/// One thing that was looked at, and how it was found.
public struct Examined: Sendable, Codable, Hashable {
    public enum Verdict: String, Sendable, Codable { case sound, attention, broken }

    /// What was looked at, such as `audit chain`.
    public let subject: String
    public let verdict: Verdict
    public let detail: String
    /// What to do about it; nil when it is sound.
    public let remedy: String?
}

extension Portal {
    /// Whether the database reads and writes: `ok`, or what is wrong, by what was checked.
    public func readiness() async -> [String: String] {
        func check(_ body: () async throws -> Void) async -> String {
            do {
                try await body()
                return "ok"
            } catch {
                return (error as? StoreError)?.description ?? "failed"
            }
        }
        return [
            "read": await check {
                _ = try await database.read { try $0.row("SELECT version FROM schema_migrations LIMIT 1") }
            },
            // A row that needs a page of its own is written and taken away again: a full disk shows.
            "write": await check {
                let probe = "probe:" + String(repeating: "0", count: 8192)
                let now = surroundings.now()
                try await database.write { transaction in
                    try transaction.execute(
                        "INSERT INTO sign_in_throttles (name_hash, failures, updated_at) VALUES (\(probe), 0, \(now))"
                    )
                    try transaction.execute("DELETE FROM sign_in_throttles WHERE name_hash = \(probe)")
                }
            },
        ]
    }

    /// Looks the installation over: structure and references of the database, the audit chain, keys, work and the spool.
    public func examine() async throws -> [Examined] {
        var findings: [Examined] = []
        let faults = try await database.integrityFindings()
        findings.append(
            faults.isEmpty
                ? Examined(
                    subject: "database",
                    verdict: .sound,
                    detail: "structure and references are sound",
                    remedy: nil
                )
                : Examined(
                    subject: "database",
                    verdict: .broken,
                    detail: faults.prefix(5).joined(separator: "; "),
                    remedy: "Stop the server and restore the last backup"
                )
        )
        findings.append(try await examineAudit())
        findings.append(try await examineKeys())
        findings.append(try await oversight.keys.examine())
        findings.append(try await examineWork())
        let waiting = spool.waiting().count
        findings.append(
            Examined(
                subject: "crisis spool",
                verdict: waiting == 0 ? .sound : .attention,
                detail: waiting == 0 ? "empty" : "\(waiting) crisis messages wait to be stored",
                remedy: waiting == 0 ? nil : "Make the database writable; the server stores them by itself"
            )
        )
        findings.append(encoder.examined)
        return findings
    }

    /// Whether the audit is whole, by its chain and by what was signed of it.
    private func examineAudit() async throws -> Examined {
        let audit = try await audit.inspect(database, against: oversight.checkpoints.history())
        guard audit.findings.isEmpty else {
            return Examined(
                subject: "audit chain",
                verdict: .broken,
                detail: audit.findings.prefix(5).map(\.description).joined(separator: "; "),
                remedy: "Keep this file as evidence, find out who could write it, and restore a backup to compare"
            )
        }
        return Examined(
            subject: "audit chain",
            verdict: .sound,
            detail: "\(audit.rows) rows, each following the one before; \(audit.checkpoints) checkpoints agree",
            remedy: nil
        )
    }

    /// Whether every client with sealed data still has a key that opens it, tried on the newest of each kind.
    private func examineKeys() async throws -> Examined {
        let places: [(table: SQL.Name, column: SQL.Name)] = [
            ("chat_messages", "body"), ("assessments", "report"), ("compliance_alerts", "summary"),
        ]
        let unreadable = try await database.read { transaction in
            var clients: Set<ID<Client>> = []
            for (table, column) in places {
                let newest = try transaction.rows(
                    """
                    SELECT client_id, id, \(column) AS sealed FROM \(table)
                    WHERE id IN (SELECT MAX(id) FROM \(table) WHERE \(column) IS NOT NULL GROUP BY client_id)
                    """
                )
                for row in newest {
                    let client: ID<Client> = try row.get("client_id")
                    let sealer = try vault.sealer(for: AccessPolicy.keyOwner(client))
                    let opened = try? sealer.open(row.get("sealed"), column: column.text, row: row.get("id"))
                    if opened == nil { clients.insert(client) }
                }
            }
            return clients.count
        }
        return unreadable == 0
            ? Examined(
                subject: "keys",
                verdict: .sound,
                detail: "sealed data opens; back up vault and master key apart from the database",
                remedy: nil
            )
            : Examined(
                subject: "keys",
                verdict: .broken,
                detail: "the data of \(unreadable) clients does not open",
                remedy: "Put back the key vault and the master key that belong to this database"
            )
    }

    private func examineWork() async throws -> Examined {
        let parked = try await database.read { transaction in
            try transaction.count("SELECT COUNT(*) AS count FROM work_items WHERE state = 'PARKED'")
        }
        return parked == 0
            ? Examined(subject: "work", verdict: .sound, detail: "nothing is parked", remedy: nil)
            : Examined(
                subject: "work",
                verdict: .attention,
                detail: "\(parked) pieces of work failed for good",
                remedy: "Read their last_error in work_items, mend the cause, and set their state to PENDING"
            )
    }

    /// Which way mail goes out, and whether some of it was refused for good.
    ///
    /// - Parameter wayOut: what it is called, such as `mail server mx.example:587 (STARTTLS)`.
    public func examineMail(wayOut: String) async throws -> Examined {
        let failed = try await database.read { transaction in
            try transaction.count("SELECT COUNT(*) AS count FROM mail_messages WHERE state = 'FAILED'")
        }
        return failed == 0
            ? Examined(subject: "mail", verdict: .sound, detail: "goes to \(wayOut)", remedy: nil)
            : Examined(
                subject: "mail",
                verdict: .attention,
                detail: "goes to \(wayOut); \(failed) messages were refused for good",
                remedy: "Read their reason in mail_messages; a wrong address is mended in the account"
            )
    }
}
