public import Retrieval

/// An article as its reader gets it: HTML made from its sections, with nothing in it but headings, paragraphs, lists,
/// emphasis and links within the portal. Whatever else stands in the text is shown as text.
public enum ArticlePage {
    public static func html(_ article: Article) -> String {
        var html = "<article lang=\"\(escape(article.language))\">\n<h1>\(escape(article.title))</h1>\n"
        for section in article.sections {
            if let heading = section.heading {
                let level = min(max(section.level, 2), 3)
                html += "<h\(level) id=\"\(escape(section.anchor))\">\(escape(heading))</h\(level)>\n"
            }
            for block in section.blocks { html += self.html(block) }
        }
        if !article.links.isEmpty {
            let links = article.links.map { "<li>\(link($0.label, to: $0.path))</li>\n" }
            html += "<nav>\n<ul>\n\(links.joined())</ul>\n</nav>\n"
        }
        return html + "</article>\n"
    }

    private static func html(_ block: Article.Block) -> String {
        func items(_ texts: [Article.Text]) -> String { texts.map { "<li>\(inline($0.markdown))</li>\n" }.joined() }
        return switch block {
        case .paragraph(let text): "<p>\(inline(text.markdown))</p>\n"
        case .list(let texts): "<ul>\n\(items(texts))</ul>\n"
        case .steps(let texts): "<ol>\n\(items(texts))</ol>\n"
        }
    }

    /// Links, strong and emphasised words, and fields that are filled in for the reader.
    static func inline(_ markdown: String) -> String {
        var html = ""
        var rest = markdown[...]
        while let match = rest.firstMatch(of: /\[([^\[\]]*)\]\(([^()\s]*)\)/) {
            html += emphasis(rest[..<match.range.lowerBound])
            html += link(String(match.1), to: String(match.2))
            rest = rest[match.range.upperBound...]
        }
        return html + emphasis(rest)
    }

    private static func emphasis(_ text: Substring) -> String {
        escape(text)
            .replacing(/\*\*([^*]+)\*\*/) { "<strong>\($0.1)</strong>" }
            .replacing(/\*([^*]+)\*/) { "<em>\($0.1)</em>" }
            .replacing(/\{\{\s*([a-z_]+)\s*\}\}/) { "<span class=\"live-field\">\($0.1)</span>" }
    }

    /// A link to a page of the portal or to a heading; any other address is left out, and the label stays.
    private static func link(_ label: String, to target: String) -> String {
        let isInside =
            target.hasPrefix("#") || (target.hasPrefix("/") && !target.hasPrefix("//") && !target.contains("\\"))
        let label = emphasis(label[...])
        return isInside ? "<a href=\"\(escape(target))\">\(label)</a>" : label
    }

    static func escape(_ text: some StringProtocol) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
