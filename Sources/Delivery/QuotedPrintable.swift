/// Quoted-printable (RFC 2045 § 6.7): text that any mail server passes on unchanged.
enum QuotedPrintable {
    /// At most so many characters a line, the soft line break's `=` among them.
    static let lineLength = 76

    /// Encodes `text`, whose lines end in a line feed, as UTF-8 in lines that end in CRLF.
    static func encode(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { encodeLine($0) }.joined(separator: "\r\n")
    }

    private static func encodeLine(_ line: Substring) -> String {
        let bytes = Array(line.utf8)
        var lines: [String] = []
        var current = ""
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let piece: String
            switch byte {
            // A blank at the end of a line may get lost on the way.
            case 0x20, 0x09: piece = isLast ? escaped(byte) : String(UnicodeScalar(byte))
            case 0x3D: piece = escaped(byte)
            case 0x21...0x7E: piece = String(UnicodeScalar(byte))
            default: piece = escaped(byte)
            }
            if current.utf8.count + piece.utf8.count > lineLength - (isLast ? 0 : 1) {
                lines.append(current + "=")
                current = ""
            }
            current += piece
        }
        return (lines + [current]).joined(separator: "\r\n")
    }

    static func escaped(_ byte: UInt8) -> String {
        let hex = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "=0\(hex)" : "=\(hex)"
    }
}
