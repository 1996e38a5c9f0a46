import Crypto
import Foundation

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
