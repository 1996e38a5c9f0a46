import Foundation

/// The ways in which one-time secrets are written.
enum OneTimeSecret {
    /// 32 letters and digits that are not mistaken for one another: 5 bits each.
    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    /// 256 bits in Base64url, for a link.
    static func link(_ random: (Int) -> [UInt8]) -> String {
        Data(random(32)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// 60 bits in three groups, to be typed from paper.
    static func paper(_ random: (Int) -> [UInt8]) -> String { grouped(random, groups: 3) }

    /// 80 bits in four groups.
    static func recovery(_ random: (Int) -> [UInt8]) -> String { grouped(random, groups: 4) }

    private static func grouped(_ random: (Int) -> [UInt8], groups: Int) -> String {
        (0..<groups).map { _ in String(random(4).map { alphabet[Int($0 & 31)] }) }.joined(separator: "-")
    }

    /// A typed code as it was printed, without case and dashes.
    static func normalized(_ text: String) -> String {
        String(text.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }

    /// Eight digits (26 bits), for a code by e-mail. The bias of the remainder is below 2⁻³⁷.
    static func digits(_ random: (Int) -> [UInt8]) -> String {
        let number = random(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 100_000_000
        let text = String(number)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
