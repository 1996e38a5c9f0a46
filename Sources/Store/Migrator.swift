import Crypto
import Foundation

/// One numbered step of the schema. A migration that has shipped is never changed.
public struct Migration: Sendable {
    /// Counted from 1 without gaps.
    public let version: Int
    public let name: String
    public let script: String

    public init(version: Int, name: String, script: String) {
        self.version = version
        self.name = name
        self.script = script
    }

    var checksum: String { SHA256.hash(data: Data(script.utf8)).map { String(format: "%02x", $0) }.joined() }
}

/// Brings the schema up to date: forward only, each step in its own transaction, one process at a time.
public struct Migrator: Sendable {
    public let migrations: [Migration]

    public init(_ migrations: [Migration]) { self.migrations = migrations.sorted { $0.version < $1.version } }

    private struct Applied: Decodable {
        var version: Int
        var name: String
        var checksum: String
    }

    /// Applies what is missing and returns it. `now` is epoch milliseconds.
    ///
    /// Throws ``StoreError/newerSchema(found:known:)`` when the database is ahead of this program, and
    /// ``StoreError/changedMigration(version:name:)`` when an applied step has another content; nothing is changed then.
    @discardableResult
    public func migrate(_ database: Database, now: Int64) async throws -> [Migration] {
        try await database.write { transaction in
            try transaction.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL
                )
                """
            )
        }
        var done: [Migration] = []
        for migration in try await pending(database) {
            let applied = try await database.write { transaction in
                // Another process may have been faster; the write lock decides.
                if let other = try transaction.row(
                    "SELECT checksum FROM schema_migrations WHERE version = \(migration.version)"
                ) {
                    guard try other.get("checksum") == migration.checksum else {
                        throw StoreError.changedMigration(version: migration.version, name: migration.name)
                    }
                    return false
                }
                try transaction.executeScript(migration.script)
                try transaction.execute(
                    """
                    INSERT INTO schema_migrations (version, name, checksum, applied_at)
                    VALUES (\(migration.version), \(migration.name), \(migration.checksum), \(now))
                    """
                )
                return true
            }
            if applied { done.append(migration) }
        }
        return done
    }

    /// What ``migrate(_:now:)`` would apply.
    public func pending(_ database: Database) async throws -> [Migration] {
        let applied = try await database.read { transaction in
            let exists = try transaction.count(
                "SELECT COUNT(*) AS count FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
            )
            return exists == 0
                ? []
                : try transaction.fetch(
                    Applied.self,
                    "SELECT version, name, checksum FROM schema_migrations ORDER BY version"
                )
        }
        let known = Dictionary(migrations.map { ($0.version, $0) }, uniquingKeysWith: { first, _ in first })
        let newest = migrations.last?.version ?? 0
        for step in applied {
            guard let migration = known[step.version] else {
                throw StoreError.newerSchema(found: applied.last?.version ?? step.version, known: newest)
            }
            guard migration.checksum == step.checksum else {
                throw StoreError.changedMigration(version: step.version, name: step.name)
            }
        }
        let done = Set(applied.map(\.version))
        return migrations.filter { !done.contains($0.version) }
    }
}
