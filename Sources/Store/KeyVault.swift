import Crypto
public import Foundation
import GRDB
import Synchronization

/// The wrapped data keys, one per owner (a client, a practice), in a file of their own apart from the database and its
/// backups: destroying a client's key makes every copy of their sealed columns unreadable.
///
/// Each key is wrapped by the master key with AES-256-GCM, bound to its owner and version. All are wrapped by one master key
/// at a time, whose fingerprint stands beside them; another takes its place in one transaction (``rewrap(to:)``).
public final class KeyVault: Sendable {
    private let file: DatabaseQueue
    /// The master keys that there are now: one, or two while one takes the other's place.
    private let masterKeys: @Sendable () -> [MasterKey]
    private let random: @Sendable (Int) -> [UInt8]
    private let cache = Mutex(Cache())

    /// Unwrapped keys by owner and version; dropped altogether when it grows large, and when another process changed
    /// the file: it may have rotated or destroyed any of them.
    private struct Cache: Sendable {
        var keys: [String: [Int: SymmetricKey]] = [:]
        var fileVersion: Int64?
    }

    private static let cacheLimit = 10_000
    /// The owner of the key that the installation's other secrets are derived from.
    private static let rootOwner = "root"

    public convenience init(url: URL, master: MasterKey, random: @escaping @Sendable (Int) -> [UInt8])
        throws(StoreError)
    {
        try self.init(url: url, masterKeys: { [master] }, random: random)
    }

    /// - Parameter masterKeys: asked whenever a key has to be wrapped or unwrapped, so that a running process learns of a
    ///   master key that another process put in place. The first wraps when nothing is wrapped yet.
    public init(
        url: URL,
        masterKeys: @escaping @Sendable () -> [MasterKey],
        random: @escaping @Sendable (Int) -> [UInt8]
    ) throws(StoreError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        do {
            file = try DatabaseQueue(path: url.path, configuration: configuration)
            try file.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA secure_delete = ON") }
            try file.write { db in
                try db.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS data_keys (
                            owner TEXT NOT NULL, version BIGINT NOT NULL, wrapped BLOB NOT NULL, master TEXT,
                            PRIMARY KEY (owner, version)
                        );
                        CREATE TABLE IF NOT EXISTS destroyed_owners (owner TEXT PRIMARY KEY);
                        """
                )
                if try !db.columns(in: "data_keys").contains(where: { $0.name == "master" }) {
                    try db.execute(sql: "ALTER TABLE data_keys ADD COLUMN master TEXT")
                }
            }
            try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        } catch {
            throw Database.translate(error)
        }
        self.masterKeys = masterKeys
        self.random = random
    }

    /// Seals and opens the columns of `owner`, making a first key if there is none. May be called inside a transaction.
    ///
    /// An owner whose keys were destroyed gets no new one: the sealer opens and seals nothing.
    public func sealer(for owner: String) throws(StoreError) -> ColumnSealer {
        ColumnSealer(owner: owner, keys: try keys(of: owner, first: { [random] _ in random(32) }), random: random)
    }

    /// The key that the installation's other secrets are derived from: audit, spool, throttle and the like. It stays when
    /// the master key that wraps it is replaced.
    public func root() throws(StoreError) -> MasterKey {
        // Before there was a root, the master key itself was derived from.
        let keys = try keys(of: Self.rootOwner) { [random] master in
            master.map { $0.key.withUnsafeBytes(Array.init) } ?? random(32)
        }
        guard let key = keys[1] else { throw .unsealable(column: "data_keys.wrapped") }
        return MasterKey(key: key)
    }

    /// Makes a new key version for each of `owners`, in one transaction. What was sealed before stays readable; what is
    /// sealed from now on uses it.
    public func rotate(_ owners: [String]) throws(StoreError) {
        let known = masterKeys()
        try withCurrentCache { cache throws(StoreError) in
            try write { db in
                for owner in owners where owner != Self.rootOwner {
                    let newest = try Int.fetchOne(
                        db,
                        sql: "SELECT MAX(version) FROM data_keys WHERE owner = ?",
                        arguments: [owner]
                    )
                    try add((newest ?? 0) + 1, for: owner, wrappedByOneOf: known, in: db) { [random] _ in random(32) }
                }
            }
            for owner in owners { cache.keys[owner] = nil }
        }
    }

    /// Makes a new key version for `owner`.
    public func rotate(_ owner: String) throws(StoreError) { try rotate([owner]) }

    /// Destroys the keys of `owner` before `version`, and returns how many they were.
    func forget(_ owner: String, before version: Int) throws(StoreError) -> Int {
        try withCurrentCache { cache throws(StoreError) in
            cache.keys[owner] = nil
            return try write { db in
                try db.execute(
                    sql: "DELETE FROM data_keys WHERE owner = ? AND version < ?",
                    arguments: [owner, version]
                )
                return db.changesCount
            }
        }
    }

    /// Destroys every key of `owner`, for good. What they sealed can never be read again, in any copy.
    public func destroy(_ owner: String) throws(StoreError) {
        try withCurrentCache { cache throws(StoreError) in
            try write { db in
                try db.execute(sql: "DELETE FROM data_keys WHERE owner = ?", arguments: [owner])
                try db.execute(sql: "INSERT OR IGNORE INTO destroyed_owners (owner) VALUES (?)", arguments: [owner])
            }
            cache.keys[owner] = nil
        }
    }

    /// Everybody who has a key, but for the installation itself.
    public func owners() throws(StoreError) -> [String] { try keyCounts().keys.sorted() }

    /// How many keys each owner has, but for the installation itself: more than one while an older one is kept.
    public func keyCounts() throws(StoreError) -> [String: Int] {
        try read { db in
            let rows = try GRDB.Row.fetchAll(
                db,
                sql: "SELECT owner, COUNT(*) AS count FROM data_keys WHERE owner <> ? GROUP BY owner",
                arguments: [Self.rootOwner]
            )
            return Dictionary(rows.map { ($0["owner"], $0["count"]) }, uniquingKeysWith: { $1 })
        }
    }

    /// The fingerprint of the master key that wraps; nil when nothing is wrapped, or by an older program.
    public func masterFingerprint() throws(StoreError) -> String? {
        try read { db in try String.fetchOne(db, sql: "SELECT master FROM data_keys LIMIT 1") }
    }

    /// Wraps every key by `new`, in one transaction: all or none. What is sealed is not touched.
    ///
    /// - Parameter interruption: called after each key; a test throws from it.
    func rewrap(to new: MasterKey, interruption: (Int) throws -> Void = { _ in }) throws(StoreError) {
        try withCurrentCache { cache throws(StoreError) in
            let known = masterKeys()
            try write { db in
                let rows = try GRDB.Row.fetchAll(db, sql: "SELECT owner, version, wrapped, master FROM data_keys")
                for (index, row) in rows.enumerated() {
                    let (owner, version): (String, Int) = (row["owner"], row["version"])
                    let bytes = try Self.unwrap(row, owner: owner, by: known)
                    let wrapped = try self.wrap(bytes, owner: owner, version: version, by: new)
                    try db.execute(
                        sql: "UPDATE data_keys SET wrapped = ?, master = ? WHERE owner = ? AND version = ?",
                        arguments: [wrapped, new.fingerprint, owner, version]
                    )
                    try interruption(index)
                }
            }
            cache.keys.removeAll()
        }
    }

    // MARK: - Keys in memory

    private func keys(of owner: String, first: @escaping @Sendable (MasterKey?) -> [UInt8]) throws(StoreError)
        -> [Int: SymmetricKey]
    {
        try withCurrentCache { cache throws(StoreError) in
            if let keys = cache.keys[owner] { return keys }
            var keys = try load(owner)
            if keys.isEmpty { keys = try addVersion(1, for: owner, first) }
            if cache.keys.count >= Self.cacheLimit { cache.keys.removeAll() }
            cache.keys[owner] = keys
            return keys
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

    // MARK: - The file

    private func read<Result>(_ body: (GRDB.Database) throws -> Result) throws(StoreError) -> Result {
        do { return try file.read(body) } catch { throw Self.translate(error) }
    }

    private func write<Result>(_ body: (GRDB.Database) throws -> Result) throws(StoreError) -> Result {
        do { return try file.write(body) } catch { throw Self.translate(error) }
    }

    private static func translate(_ error: any Error) -> StoreError {
        error is CryptoKitError ? .unsealable(column: "data_keys.wrapped") : Database.translate(error)
    }

    private func load(_ owner: String) throws(StoreError) -> [Int: SymmetricKey] {
        let known = masterKeys()
        return try read { db in
            let rows = try GRDB.Row.fetchAll(
                db,
                sql: "SELECT version, wrapped, master FROM data_keys WHERE owner = ?",
                arguments: [owner]
            )
            var keys: [Int: SymmetricKey] = [:]
            for row in rows { keys[row["version"]] = SymmetricKey(data: try Self.unwrap(row, owner: owner, by: known)) }
            return keys
        }
    }

    /// - Parameter bytes: makes the key; gets the master key when there are wrapped keys already.
    private func addVersion(_ version: Int, for owner: String, _ bytes: (MasterKey?) -> [UInt8]) throws(StoreError)
        -> [Int: SymmetricKey]
    {
        let known = masterKeys()
        try write { db in try add(version, for: owner, wrappedByOneOf: known, in: db, bytes) }
        return try load(owner)
    }

    private func add(
        _ version: Int,
        for owner: String,
        wrappedByOneOf known: [MasterKey],
        in db: GRDB.Database,
        _ bytes: (MasterKey?) -> [UInt8]
    ) throws {
        // Another process may have been faster: its key stays, and is the one that is loaded. And it may have put another
        // master key in place: the one that wraps the others has to wrap this one.
        let isDestroyed = try String.fetchOne(
            db,
            sql: "SELECT owner FROM destroyed_owners WHERE owner = ?",
            arguments: [owner]
        )
        guard isDestroyed == nil else { return }
        let wrapped = try GRDB.Row.fetchOne(db, sql: "SELECT owner, version, wrapped, master FROM data_keys LIMIT 1")
        let master = try wrapped.map { try Self.wrapper(of: $0, owner: $0["owner"], among: known) } ?? known.first
        guard let master else { throw StoreError.unsealable(column: "data_keys.wrapped") }
        let key = try wrap(bytes(wrapped == nil ? nil : master), owner: owner, version: version, by: master)
        try db.execute(
            sql: "INSERT OR IGNORE INTO data_keys (owner, version, wrapped, master) VALUES (?, ?, ?, ?)",
            arguments: [owner, version, key, master.fingerprint]
        )
    }

    // MARK: - Wrapping

    private static func context(_ owner: String, _ version: Int) -> Data { Data("\(owner)#\(version)".utf8) }

    private func wrap(_ bytes: some DataProtocol, owner: String, version: Int, by master: MasterKey) throws -> Data {
        try AES.GCM.seal(
            bytes,
            using: master.derived(for: "wrap"),
            nonce: AES.GCM.Nonce(data: random(12)),
            authenticating: Self.context(owner, version)
        ).combined ?? Data()
    }

    private static func unwrap(_ row: GRDB.Row, owner: String, by known: [MasterKey]) throws -> Data {
        let master: String? = row["master"]
        for key in known where master == nil || key.fingerprint == master {
            let box = try AES.GCM.SealedBox(combined: row["wrapped"] as Data)
            let opened = try? AES.GCM.open(
                box,
                using: key.derived(for: "wrap"),
                authenticating: context(owner, row["version"])
            )
            if let opened { return opened }
        }
        throw StoreError.unsealable(column: "data_keys.wrapped")
    }

    /// Which master key wraps `row`.
    private static func wrapper(of row: GRDB.Row, owner: String, among known: [MasterKey]) throws -> MasterKey {
        guard let key = known.first(where: { (try? unwrap(row, owner: owner, by: [$0])) != nil }) else {
            throw StoreError.unsealable(column: "data_keys.wrapped")
        }
        return key
    }
}
