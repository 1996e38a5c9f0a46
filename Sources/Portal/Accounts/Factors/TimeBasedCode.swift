import Crypto
import Foundation
import Records

/// Time-based one-time codes (RFC 6238 with HMAC-SHA-1, 30 seconds, six digits), as every authenticator app makes them.
public enum TimeBasedCode {
    static let period: Int64 = 30
    /// How many steps a clock may be ahead or behind.
    static let tolerance: Int64 = 1

    /// The code of a time step (RFC 4226, 5.3).
    ///
    /// - Parameter digits: six, but for the vectors of the RFC.
    static func code(secret: [UInt8], step: Int64, digits: Int = 6) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret))
        )
        let offset = Int((mac.last ?? 0) & 0x0F)
        let number = mac.dropFirst(offset).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    static func step(at now: Timestamp) -> Int64 { now.milliseconds / 1000 / period }

    /// The step that `code` belongs to, if it is near `now` and later than `last`: a code that was used, and every one
    /// before it, is used up.
    static func step(of code: String, secret: [UInt8], at now: Timestamp, after last: Int64?) -> Int64? {
        let digits = code.filter { !$0.isWhitespace }
        guard digits.utf8.count == 6, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let current = step(at: now)
        // All are looked at, so that the time tells nothing about which one fits.
        let fitting = (current - tolerance...current + tolerance).filter {
            ConstantTime.isEqual(Self.code(secret: secret, step: $0), digits)
        }
        return fitting.first { step in last.map { step > $0 } ?? true }
    }

    /// What an authenticator app reads out of a QR code.
    /// Source: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    static func uri(secret: [UInt8], account: String, issuer: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }
        return
            "otpauth://totp/\(escaped(issuer)):\(escaped(account))?secret=\(Base32.encode(secret))&issuer=\(escaped(issuer))&algorithm=SHA1&digits=6&period=\(period)"
    }
}

/// Base32 of RFC 4648 without padding.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
        return text
    }
}

/// Compares secrets in a time that does not depend on where they differ.
enum ConstantTime {
    static func isEqual(_ first: String, _ second: String) -> Bool {
        isEqual(Array(first.utf8), Array(second.utf8))
    }

    static func isEqual(_ first: some Collection<UInt8>, _ second: some Collection<UInt8>) -> Bool {
        guard first.count == second.count else { return false }
        return zip(first, second).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
