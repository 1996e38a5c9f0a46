/// Free text in a header: RFC 2047 where it is not plain ASCII, folded so that no line grows long.
enum HeaderText {
    /// `text` as an unstructured header value that begins at `column`.
    static func unstructured(_ text: String, column: Int) -> String {
        let text = oneLine(text)
        return needsEncoding(text) ? encodedWords(text, column: column) : folded(text, column: column)
    }

    /// `text` as a display name before an address: encoded, or a quoted string.
    static func phrase(_ text: String, column: Int) -> String {
        let text = oneLine(text)
        if needsEncoding(text) || text.utf8.count > 60 { return encodedWords(text, column: column) }
        let quoted = text.reduce(into: "") { result, character in
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return "\"\(quoted)\""
    }

    /// No control character survives: a line break in a name must not begin a header.
    private static func oneLine(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isBreaking =
                scalar.properties.generalCategory == .control || "\u{2028}\u{2029}".unicodeScalars.contains(scalar)
            result.append(isBreaking ? " " : scalar)
        }
        return String(result)
    }

    private static func needsEncoding(_ text: String) -> Bool {
        !text.utf8.allSatisfy { (0x20...0x7E).contains($0) } || text.contains("=?")
            // A line that is not to be broken within a word can still be encoded.
            || text.split(separator: " ").contains { $0.utf8.count > 60 } || text.utf8.count > 200
    }

    private static func folded(_ text: String, column: Int) -> String {
        var lines: [String] = []
        var current = ""
        var width = column
        for word in text.split(separator: " ") {
            if current.isEmpty {
                current = String(word)
                width += word.utf8.count
            } else if width + 1 + word.utf8.count > 76 {
                lines.append(current)
                current = String(word)
                width = 1 + word.utf8.count
            } else {
                current += " \(word)"
                width += 1 + word.utf8.count
            }
        }
        return (lines + [current]).joined(separator: "\r\n ")
    }

    /// Encoded words in `Q` of at most 75 characters, broken between code points.
    private static func encodedWords(_ text: String, column: Int) -> String {
        let (prefix, suffix) = ("=?UTF-8?Q?", "?=")
        var words: [String] = []
        var current = ""
        var room = 75 - column - prefix.utf8.count - suffix.utf8.count
        for scalar in text.unicodeScalars {
            let piece = String(scalar).utf8.map { byte in
                switch byte {
                case 0x20: "_"
                case 48...57, 65...90, 97...122: String(UnicodeScalar(byte))
                default: QuotedPrintable.escaped(byte)
                }
            }.joined()
            if current.utf8.count + piece.utf8.count > room {
                words.append(prefix + current + suffix)
                current = ""
                room = 74 - prefix.utf8.count - suffix.utf8.count
            }
            current += piece
        }
        return (words + [prefix + current + suffix]).joined(separator: "\r\n ")
    }
}
