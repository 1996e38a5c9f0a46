public import Crypto
public import Foundation

/// The key that wraps every data key. It lives in a file of its own, outside the database and its backups.
public struct MasterKey: Sendable {
    let key: SymmetricKey

    /// - Parameter bytes: exactly 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// A key for another purpose, derived with HKDF-SHA256 (RFC 5869), so that the master key itself signs nothing.
    public func derived(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("bellwether/\(purpose)".utf8), outputByteCount: 32)
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
        let bytes = random(32)
        guard let key = MasterKey(bytes: bytes) else { throw MasterKeyError.malformed(path: url.path) }
        // Exclusive, so that of two processes at their first start one fails; private from its first moment.
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw MasterKeyError.cannotCreate(path: url.path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(Data(bytes).base64EncodedString().utf8))
            try file.synchronize()
        } catch {
            try? FileManager.default.removeItem(at: url)
            throw MasterKeyError.cannotCreate(path: url.path)
        }
        return key
    }
}

public enum MasterKeyError: Error, Sendable, CustomStringConvertible {
    case missing(path: String)
    case malformed(path: String)
    case cannotCreate(path: String)

    public var description: String {
        switch self {
        case .missing(let path):
            "The master key \(path) is missing. Put it back from its safe copy; without it nothing sealed can be read."
        case .malformed(let path): "The master key \(path) is not 32 bytes in Base64. Put it back from its safe copy."
        case .cannotCreate(let path): "The master key \(path) cannot be written. Check the folder and its permissions."
        }
    }
}
