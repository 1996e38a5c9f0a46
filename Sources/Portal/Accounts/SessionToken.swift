import Crypto
import Foundation

/// The opaque secret of a session, in Base64url: 128 random bits that stay the same for as long as the session lasts, its
/// family, and 256 that are renewed by use. The database holds hashes of both.
///
/// The family is what gives away a copy: a token of a living family that is neither the present one nor the one just before
/// is an old one, however old.
public struct SessionToken: Sendable, Hashable {
    public let text: String

    private static let familyLength = 22
    private static let length = familyLength + 43

    /// - Parameter family: of the token that the new one replaces; nil at the beginning of a session.
    init(family: Substring? = nil, random: (Int) -> [UInt8]) {
        text = (family.map(String.init) ?? Base64URL.encode(random(16))) + Base64URL.encode(random(32))
    }

    /// Nil for what cannot be a token.
    init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Base64URL.contains) else { return nil }
        self.text = text
    }

    var family: Substring { text.prefix(Self.familyLength) }
    var familyHash: String { Self.hash(String(family)) }
    var hash: String { Self.hash(text) }

    static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }
}

/// Base64 for cookies and addresses, without padding (RFC 4648 § 5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func contains(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
