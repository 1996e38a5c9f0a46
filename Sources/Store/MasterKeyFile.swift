public import Foundation

/// The file of the master key, and how another key takes its place while the portal serves.
///
/// The new key is put beside the file first; then the vault is wrapped anew in one transaction; then the new file takes the
/// old one's name. Stopped before the transaction, the old key is still in force; stopped after it, the new one is found
/// beside the file, and ``settle(_:)`` finishes. A running process reads both.
public struct MasterKeyFile: Sendable {
    public let url: URL

    public init(_ url: URL) { self.url = url }

    private var staged: URL { url.appendingPathExtension("next") }
    private var lockFile: URL { url.appendingPathExtension("lock") }

    /// The keys that may be in force: the file's, and one that is about to take its place.
    public func keys() -> [MasterKey] { [url, staged].compactMap { try? MasterKey.read($0) } }

    /// The points between which a replacement may be stopped.
    enum Step: CaseIterable { case begun, staged, rewrapped, replaced }

    /// Wraps `vault` by the key in `source`, which is made unless it is there, and puts that key in this file's place.
    ///
    /// Copies of the vault that were made before still need the old key.
    public func replace(from source: URL, in vault: KeyVault, random: (Int) -> [UInt8]) throws {
        try replace(from: source, in: vault, random: random) { _ in }
    }

    func replace(
        from source: URL,
        in vault: KeyVault,
        random: (Int) -> [UInt8],
        interruption: (Step) throws -> Void
    ) throws {
        let lock = try lock()
        defer { close(lock) }
        try settleLocked(vault)
        let key =
            FileManager.default.fileExists(atPath: source.path)
            ? try MasterKey.read(source) : try MasterKey.create(source, random: random)
        try interruption(.begun)
        try key.write(staged)
        try interruption(.staged)
        try vault.rewrap(to: key)
        try interruption(.rewrapped)
        try putInPlace()
        try interruption(.replaced)
    }

    /// Finishes, or takes back, a replacement that was stopped. Does nothing while one is under way.
    public func settle(_ vault: KeyVault) throws {
        guard FileManager.default.fileExists(atPath: staged.path), let lock = try? lock() else { return }
        defer { close(lock) }
        try settleLocked(vault)
    }

    private func settleLocked(_ vault: KeyVault) throws {
        guard FileManager.default.fileExists(atPath: staged.path) else { return }
        if let key = try? MasterKey.read(staged), try vault.masterFingerprint() == key.fingerprint {
            try putInPlace()
        } else {
            // Nothing is wrapped by it: half written, or stopped before the vault was.
            try FileManager.default.removeItem(at: staged)
        }
    }

    private func putInPlace() throws {
        guard rename(staged.path, url.path) == 0 else { throw MasterKeyError.cannotCreate(path: url.path) }
    }

    /// One process at a time.
    private func lock() throws -> Int32 {
        let descriptor = open(lockFile.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw MasterKeyError.cannotCreate(path: lockFile.path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw MasterKeyError.isBeingReplaced(path: url.path)
        }
        return descriptor
    }
}
