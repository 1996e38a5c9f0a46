/// Tells versions of texts apart: FNV-1a over their bytes, 64 bits. No protection against somebody who wants two texts to
/// look alike.
public struct TextDigest: Sendable, Hashable {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    public init(_ texts: String...) {
        for text in texts { add(text) }
    }

    /// Goes on with another text.
    public mutating func add(_ text: String) { add(bytes: text.utf8) }

    /// Goes on with the bytes of a file.
    public mutating func add(bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        // So that "ab" and "c" are not "a" and "bc".
        hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
    }

    /// 16 hexadecimal digits.
    public var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    }
}
