public import Foundation
import GRDB

/// The database: one open file for the life of the process.
///
/// SQLite in WAL mode with `synchronous=FULL`, so that what was acknowledged survives a power cut; foreign keys on;
/// a writer that waits five seconds for its turn. The transaction is the isolation: every change happens in one
/// ``write(_:)``, whole or not at all.
public struct Database: Sendable {
    private let pool: DatabasePool

    /// Opens or creates the file at `url`; its folder must exist.
    public init(url: URL) throws(StoreError) {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 8
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        do {
            pool = try DatabasePool(path: url.path, configuration: configuration)
            // After opening, since GRDB itself chooses NORMAL when it turns WAL on.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
            throw .cannotOpen(path: url.path)
        } catch {
            throw Self.translate(error)
        }
    }

    /// Reads a consistent snapshot; never waits for a writer.
    public func read<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws
        -> Result
    {
        do {
            return try await pool.read { db in try body(Transaction(db)) }
        } catch let error as DatabaseError {
            throw Self.translate(error)
        }
    }

    /// Runs `body` in one immediate transaction: commits when it returns, rolls back when it throws.
    @discardableResult
    public func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws
        -> Result
    {
        do {
            return try await pool.write { db in try body(Transaction(db)) }
        } catch let error as DatabaseError {
            throw Self.translate(error)
        }
    }

    /// Faults of the file's structure and of its foreign keys; empty for a sound database.
    public func integrityFindings() async throws -> [String] {
        do {
            return try await read(Self.integrityFindings)
        } catch StoreError.corrupt {
            // So damaged that even the check cannot go through it.
            return [StoreError.corrupt.description]
        }
    }

    private static func integrityFindings(_ transaction: Transaction) throws -> [String] {
        let structure = try transaction.rows("PRAGMA integrity_check").map {
            try $0.get("integrity_check", as: String.self)
        }
        // The foreign keys of a damaged file cannot be followed.
        guard structure == ["ok"] else { return structure }
        return try transaction.rows("PRAGMA foreign_key_check").map { row in
            "a row of \(try row.get("table", as: String.self)) refers to a missing row of \(try row.get("parent", as: String.self))"
        }
    }

    /// Writes a consistent copy of the database to `url`, which must not exist, while others read and write.
    public func copy(to url: URL) async throws {
        do {
            try await pool.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [url.path]) }
        } catch let error as DatabaseError {
            throw Self.translate(error)
        }
    }

    /// Writes the write-ahead log back into the file, and empties it as far as no reader needs it.
    public func checkpoint() async throws {
        do {
            try await pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        } catch let error as DatabaseError {
            throw Self.translate(error)
        }
    }

    /// Closes the file. Everything afterwards fails.
    public func close() throws { try pool.close() }

    static func translate(_ error: any Error) -> StoreError {
        guard let error = error as? DatabaseError else { return error as? StoreError ?? .other(code: -1) }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: return .constraint(rule: error.message ?? "unknown")
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy
        case .SQLITE_FULL: return .full
        case .SQLITE_READONLY, .SQLITE_PERM: return .readOnly
        case .SQLITE_CANTOPEN: return .cannotOpen(path: "file")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .corrupt
        case .SQLITE_IOERR: return .inputOutput
        default: return .other(code: Int(error.extendedResultCode.rawValue))
        }
    }
}
