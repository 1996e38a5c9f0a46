import Knowledge

/// Reports what an article's Markdown may not hold, with the line.
struct MarkdownCheck {
    let body: String
    /// Line of the file on which the body begins.
    let firstLine: Int
    let collector: DiagnosticCollector

    func run() {
        let body = MarkdownBody(body)
        checkHeadings(body.headings)
        for section in body.sections where section.section.blocks.isEmpty {
            if let heading = section.section.heading {
                error(
                    section.line,
                    "the section “\(heading)” is empty",
                    remedy: "Write its text, or remove the heading"
                )
            } else {
                error(
                    section.line,
                    "there is no text before the first heading",
                    remedy: "Begin with two to four sentences that answer the main question"
                )
            }
        }
        for (index, line) in self.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        {
            check(line, number: index + 1)
        }
    }

    private func checkHeadings(_ headings: [MarkdownBody.Heading]) {
        var level = 1
        for heading in headings {
            if heading.text.isEmpty {
                error(heading.line, "a heading has no text", remedy: "Write the heading, or remove the line")
            }
            if heading.level == 1 {
                error(
                    heading.line,
                    "a heading of level 1 in the body",
                    remedy: "Use `##`: the title of the article is the only heading of level 1"
                )
            } else if heading.level > 3 {
                error(heading.line, "a heading of level \(heading.level)", remedy: "Use `##` or `###`")
            } else if heading.level > level + 1 {
                error(
                    heading.line,
                    "the heading skips from level \(level) to level \(heading.level)",
                    remedy: "Use `\(String(repeating: "#", count: level + 1))`"
                )
            }
            level = min(max(2, heading.level), 3)
        }
    }

    private func check(_ line: Substring, number: Int) {
        if line.contains(/<\/?[A-Za-z!]/) {
            error(number, "raw HTML", remedy: "Write it in Markdown; write &lt; for a less-than sign")
        }
        if line.contains("![") {
            error(number, "an image", remedy: "Say it in words")
        }
        if line.drop(while: { $0 == " " }).hasPrefix("|") || line.drop(while: { $0 == " " }).hasPrefix("```") {
            error(number, "a table or code block", remedy: "Use paragraphs, points or numbered steps")
        }
        if line.contains(/(?i)\b(?:https?:\/\/|www\.|mailto:)/) {
            error(number, "a link out of the portal", remedy: "Link to a page of the portal, under `links`")
        } else {
            for target in MarkdownText.linkTargets(String(line)) where !target.hasPrefix("/") && !target.hasPrefix("#")
            {
                error(
                    number,
                    "a link to `\(target)`, which is no path of the portal",
                    remedy: "Write a path such as /portal/billing"
                )
            }
        }
    }

    private func error(_ line: Int, _ message: String, remedy: String) {
        collector.error(line: firstLine + line - 1, message, remedy: remedy)
    }
}
