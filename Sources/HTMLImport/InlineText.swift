/// A run of text with its emphasis, as it is gathered, and as Markdown.
struct InlineText {
    struct Look: Hashable {
        var isBold = false
        var isItalic = false
        /// Page of the portal that it leads to.
        var link: String?
    }

    private struct Span {
        var look: Look
        var text: String
    }

    private var spans: [Span] = []
    private var endsInSpace = true
    private(set) var isEmpty = true

    /// Adds text, with every run of white space as one space.
    mutating func append(_ text: String, _ look: Look) {
        var kept = ""
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if !endsInSpace { kept.unicodeScalars.append(" ") }
                endsInSpace = true
            } else {
                kept.unicodeScalars.append(scalar)
                endsInSpace = false
                isEmpty = false
            }
        }
        guard !kept.isEmpty else { return }
        if let last = spans.indices.last, spans[last].look == look || kept == " " {
            spans[last].text += kept
        } else {
            spans.append(Span(look: look, text: kept))
        }
    }

    /// The text without emphasis.
    var plain: String { Self.trimmed(spans.map(\.text).joined()[...]) }

    /// The text as Markdown, escaped where it would mean something else.
    var markdown: String {
        let text = Self.trimmed(spans.map(Self.markdown).joined()[...])
        return Self.escapedStart(text)
    }

    private static func markdown(_ span: Span) -> String {
        let lead = span.text.prefix { $0 == " " }
        let words = span.text.dropFirst(lead.count)
        let core = trimmed(words)
        guard !core.isEmpty else { return span.text }
        let trail = words.dropFirst(core.count)
        var text = escaped(core)
        if span.look.isItalic { text = "*\(text)*" }
        if span.look.isBold { text = "**\(text)**" }
        if let link = span.look.link { text = "[\(text)](\(link))" }
        return lead + text + trail
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        while text.first == " " { text.removeFirst() }
        return String(text)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "*", "_", "`", "[", "]": result += "\\"
            case "<":
                result += "&lt;"
                continue
            default: break
            }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// Takes what begins a heading, a point or a step at the start of a line for the character that it is.
    private static func escapedStart(_ text: String) -> String {
        guard let first = text.first else { return text }
        if "#>|".contains(first) || ("-+".contains(first) && text.dropFirst().first == " ") { return "\\" + text }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let rest = text.dropFirst(digits.count)
        guard !digits.isEmpty, let mark = rest.first, mark == "." || mark == ")", rest.dropFirst().first == " " else {
            return text
        }
        return digits + "\\" + rest
    }
}
