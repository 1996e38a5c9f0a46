/// Plain text of inline Markdown.
enum MarkdownText {
    /// Strips emphasis, code marks, links (keeping their label), images (keeping their description) and escapes.
    static func plain(_ markdown: String) -> String {
        // Most lines hold no markup at all.
        guard markdown.utf8.contains(where: isMark) else { return markdown }
        let scalars = Array(markdown.unicodeScalars)
        var plain = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            switch scalar {
            case "\\"
            where next.isASCII && next.properties.numericType == nil && !next.properties.isAlphabetic && next != " ":
                plain.append(next)
                index += 2
                continue
            case "*", "`": break
            case "_":
                // Within a word it is a letter like any other: first_name, {{provider_name}}.
                if index > 0, isWordPart(scalars[index - 1]), isWordPart(next) { plain.append(scalar) }
            case "!" where next == "[": break
            case "[":
                if let link = link(scalars, at: index) {
                    plain.append(contentsOf: Self.plain(link.label).unicodeScalars)
                    index = link.end
                    continue
                }
                plain.append(scalar)
            default: plain.append(scalar)
            }
            index += 1
        }
        return String(plain)
    }

    /// The target of every link and image in `markdown`.
    static func linkTargets(_ markdown: String) -> [String] {
        let scalars = Array(markdown.unicodeScalars)
        return scalars.indices.compactMap { scalars[$0] == "[" ? link(scalars, at: $0)?.target : nil }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "["), UInt8(ascii: "\\"): true
        default: false
        }
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
    }

    /// Reads `[label](target)` at `start`.
    private static func link(_ scalars: [Unicode.Scalar], at start: Int) -> (label: String, target: String, end: Int)? {
        guard let close = scalars[start...].firstIndex(of: "]"), close + 1 < scalars.count, scalars[close + 1] == "(",
            let end = scalars[(close + 1)...].firstIndex(of: ")")
        else { return nil }
        func text(_ range: Range<Int>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            return String(view)
        }
        return (text((start + 1)..<close), text((close + 2)..<end), end + 1)
    }
}
