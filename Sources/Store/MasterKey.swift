public import Crypto
public import Foundation

/// The key that wraps every data key. It lives in a file of its own, outside the database and its backups.
public struct MasterKey: Sendable {
    let key: SymmetricKey

    init(key: SymmetricKey) { self.key = key }

    /// - Parameter bytes: exactly 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// A key for another purpose, derived with HKDF-SHA256 (RFC 5869), so that the master key itself signs nothing.
    public func derived(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("bellwether/\(purpose)".utf8), outputByteCount: 32)
    }

    /// Tells one master key from another, and nothing about it.
    public var fingerprint: String {
        derived(for: "fingerprint").withUnsafeBytes { bytes in
            bytes.prefix(8).map { String(format: "%02x", $0) }.joined()
        }
    }

    /// Reads the key from `url`, which holds it in Base64. Throws ``MasterKeyError``.
    public static func read(_ url: URL) throws -> MasterKey {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw MasterKeyError.missing(path: url.path)
        }
        guard let data = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)),
            let key = MasterKey(bytes: Array(data))
        else { throw MasterKeyError.malformed(path: url.path) }
        return key
    }

    /// Writes a new key of 32 random bytes to `url`, readable by the owner alone. Never overwrites.
    public static func create(_ url: URL, random: (Int) -> [UInt8]) throws -> MasterKey {
        guard let key = MasterKey(bytes: random(32)) else { throw MasterKeyError.malformed(path: url.path) }
        try key.write(url)
        return key
    }

    /// Writes the key to `url`, readable by the owner alone. Never overwrites.
    func write(_ url: URL) throws {
        // Exclusive, so that of two processes at their first start one fails; private from its first moment.
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw MasterKeyError.cannotCreate(path: url.path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            let text = key.withUnsafeBytes { Data($0).base64EncodedString() }
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
        } catch {
            try? FileManager.default.removeItem(at: url)
            throw MasterKeyError.cannotCreate(path: url.path)
        }
    }
}

public enum MasterKeyError: Error, Sendable, CustomStringConvertible {
    case missing(path: String)
    case malformed(path: String)
    case cannotCreate(path: String)
    /// It is not the one that the key vault is wrapped by.
    case doesNotFit(path: String)
    /// Another process is replacing it.
    case isBeingReplaced(path: String)

    public var description: String {
        switch self {
        case .missing(let path):
            "The master key \(path) is missing. Put it back from its safe copy; without it nothing sealed can be read."
        case .malformed(let path): "The master key \(path) is not 32 bytes in Base64. Put it back from its safe copy."
        case .cannotCreate(let path): "The master key \(path) cannot be written. Check the folder and its permissions."
        case .doesNotFit(let path):
            "The master key \(path) is not the one of this key vault. Put back the pair that belongs together."
        case .isBeingReplaced(let path):
            "The master key \(path) is being replaced by another process. Wait until it is done."
        }
    }
}
