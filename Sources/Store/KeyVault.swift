import Crypto
public import Foundation
import GRDB
import Synchronization

/// The wrapped data keys, one per owner (a client, a practice), in a file of their own apart from the database and its
/// backups: destroying a client's key makes every copy of their sealed columns unreadable.
///
/// Each key is wrapped by the master key with AES-256-GCM, bound to its owner and version.
public final class KeyVault: Sendable {
    private let file: DatabaseQueue
    private let master: MasterKey
    private let random: @Sendable (Int) -> [UInt8]
    private let cache = Mutex(Cache())

    /// Unwrapped keys by owner and version; dropped altogether when it grows large, and when another process changed
    /// the file: it may have rotated or destroyed any of them.
    private struct Cache: Sendable {
        var keys: [String: [Int: SymmetricKey]] = [:]
        var fileVersion: Int64?
    }

    private static let cacheLimit = 10_000

    public init(url: URL, master: MasterKey, random: @escaping @Sendable (Int) -> [UInt8]) throws(StoreError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        do {
            file = try DatabaseQueue(path: url.path, configuration: configuration)
            try file.write { db in
                try db.execute(sql: "PRAGMA secure_delete = ON")
                try db.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS data_keys (
                            owner TEXT NOT NULL, version BIGINT NOT NULL, wrapped BLOB NOT NULL,
                            PRIMARY KEY (owner, version)
                        )
                        """
                )
            }
            try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        } catch {
            throw Database.translate(error)
        }
        self.master = master
        self.random = random
    }

    /// Seals and opens the columns of `owner`, making a first key if there is none. May be called inside a transaction.
    public func sealer(for owner: String) throws(StoreError) -> ColumnSealer {
        let keys = try withCurrentCache { cache throws(StoreError) in
            if let keys = cache.keys[owner] { return keys }
            var keys = try load(owner)
            if keys.isEmpty { keys = try addVersion(1, for: owner) }
            if cache.keys.count >= Self.cacheLimit { cache.keys.removeAll() }
            cache.keys[owner] = keys
            return keys
        }
        return ColumnSealer(owner: owner, keys: keys, random: random)
    }

    /// Makes a new key version for `owner`. What was sealed before stays readable; what is sealed from now on uses it.
    public func rotate(_ owner: String) throws(StoreError) {
        try withCurrentCache { cache throws(StoreError) in
            let keys = try load(owner)
            cache.keys[owner] = try addVersion((keys.keys.max() ?? 0) + 1, for: owner)
        }
    }

    /// Destroys every key of `owner`. What they sealed can never be read again, in any copy.
    public func destroy(_ owner: String) throws(StoreError) {
        try withCurrentCache { cache throws(StoreError) in
            do {
                try file.write { db in try db.execute(sql: "DELETE FROM data_keys WHERE owner = ?", arguments: [owner])
                }
            } catch {
                throw Database.translate(error)
            }
            cache.keys[owner] = nil
        }
    }

    /// One caller at a time, so that a key that is being destroyed or rotated cannot be remembered as it was before.
    private func withCurrentCache<Result: Sendable>(_ body: (inout Cache) throws(StoreError) -> Result)
        throws(StoreError) -> Result
    {
        try cache.withLock { cache throws(StoreError) in
            let version = try fileVersion()
            if cache.fileVersion != version { cache = Cache(fileVersion: version) }
            return try body(&cache)
        }
    }

    /// A number that changes with every change of the file by another connection.
    private func fileVersion() throws(StoreError) -> Int64? {
        do {
            return try file.writeWithoutTransaction { db in
                try Int64.fetchOne(try db.cachedStatement(sql: "PRAGMA data_version"))
            }
        } catch {
            throw Database.translate(error)
        }
    }

    private func wrappingContext(_ owner: String, _ version: Int) -> Data { Data("\(owner)#\(version)".utf8) }

    private func load(_ owner: String) throws(StoreError) -> [Int: SymmetricKey] {
        var keys: [Int: SymmetricKey] = [:]
        do {
            let rows = try file.read { db in
                try GRDB.Row.fetchAll(
                    db,
                    sql: "SELECT version, wrapped FROM data_keys WHERE owner = ?",
                    arguments: [owner]
                )
            }
            for row in rows {
                let version: Int = row["version"]
                let wrapped: Data = row["wrapped"]
                let box = try AES.GCM.SealedBox(combined: wrapped)
                let bytes = try AES.GCM.open(
                    box,
                    using: master.derived(for: "wrap"),
                    authenticating: wrappingContext(owner, version)
                )
                keys[version] = SymmetricKey(data: bytes)
            }
        } catch is CryptoKitError {
            throw .unsealable(column: "data_keys.wrapped")
        } catch {
            throw Database.translate(error)
        }
        return keys
    }

    private func addVersion(_ version: Int, for owner: String) throws(StoreError) -> [Int: SymmetricKey] {
        let bytes = random(32)
        do {
            let box = try AES.GCM.seal(
                bytes,
                using: master.derived(for: "wrap"),
                nonce: AES.GCM.Nonce(data: random(12)),
                authenticating: wrappingContext(owner, version)
            )
            let wrapped = box.combined ?? Data()
            // Another process may have been faster: its key stays, and is the one that is loaded.
            try file.write { db in
                try db.execute(
                    sql: "INSERT OR IGNORE INTO data_keys (owner, version, wrapped) VALUES (?, ?, ?)",
                    arguments: [owner, version, wrapped]
                )
            }
        } catch {
            throw Database.translate(error)
        }
        return try load(owner)
    }
}

/// Seals columns with AES-256-GCM under one owner's data key. Owner, row id and column are the associated data, so a
/// value copied to another row or column does not open.
///
/// Format: `1.<key version>.<Base64 of nonce, ciphertext and tag>`.
public struct ColumnSealer: ColumnSealing, Sendable {
    let owner: String
    let keys: [Int: SymmetricKey]
    let random: @Sendable (Int) -> [UInt8]

    private func context(_ column: String, _ row: String) -> Data { Data("\(owner)|\(row)|\(column)".utf8) }

    public func seal(_ plaintext: String, column: String, row: String) throws(StoreError) -> String {
        guard let version = keys.keys.max(), let key = keys[version] else { throw .unsealable(column: column) }
        do {
            let box = try AES.GCM.seal(
                Data(plaintext.utf8),
                using: key,
                nonce: AES.GCM.Nonce(data: random(12)),
                authenticating: context(column, row)
            )
            return "1.\(version).\((box.combined ?? Data()).base64EncodedString())"
        } catch {
            throw .unsealable(column: column)
        }
    }

    public func open(_ sealed: String, column: String, row: String) throws(StoreError) -> String {
        let parts = sealed.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, parts[0] == "1", let version = Int(parts[1]), let key = keys[version],
            let combined = Data(base64Encoded: String(parts[2])),
            let box = try? AES.GCM.SealedBox(combined: combined),
            let bytes = try? AES.GCM.open(box, using: key, authenticating: context(column, row))
        else { throw .unsealable(column: column) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
