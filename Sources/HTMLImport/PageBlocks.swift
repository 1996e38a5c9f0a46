/// The blocks of a page, and how they become an article's Markdown.
enum PageBlock {
    case heading(level: Int, InlineText, line: Int)
    case paragraph(InlineText)
    case item(isNumbered: Bool, InlineText)

    var text: InlineText {
        switch self {
        case .heading(_, let text, _), .paragraph(let text), .item(_, let text): text
        }
    }
}

/// A table while it is read.
struct PageTable {
    struct Cell {
        var blocks: [PageBlock] = []
        var isHeading = false
    }
    var rows: [[Cell]] = []
    let line: Int

    /// Whether it only puts things side by side, as mail and older pages do: then its cells are read one after the other.
    var isLayout: Bool {
        let cells = rows.joined()
        return rows.allSatisfy { $0.count <= 1 }
            || cells.contains { cell in
                cell.blocks.count > 2
                    || cell.blocks.contains { block in
                        if case .paragraph = block { false } else { true }
                    }
            }
    }

    /// One after the other, or a point for each row: its cells joined, each after the heading of its column.
    var blocks: [PageBlock] {
        if isLayout { return rows.joined().flatMap(\.blocks) }
        var headings: [String] = []
        var blocks: [PageBlock] = []
        for (index, row) in rows.enumerated() {
            let texts = row.map { cell in cell.blocks.map(\.text.plain).filter { !$0.isEmpty }.joined(separator: " ") }
            if index == 0, rows.count > 1, !row.isEmpty, row.allSatisfy(\.isHeading) {
                headings = texts
                continue
            }
            let parts = texts.enumerated().compactMap { column, text -> String? in
                guard !text.isEmpty else { return nil }
                guard column < headings.count, !headings[column].isEmpty else { return text }
                return "\(headings[column]): \(text)"
            }
            guard !parts.isEmpty else { continue }
            var text = InlineText()
            text.append(parts.joined(separator: headings.isEmpty ? " – " : "; "), .init())
            blocks.append(.item(isNumbered: false, text))
        }
        return blocks
    }
}

/// Writes blocks as the Markdown of articles.
struct PageWriter {
    private(set) var lines: [String] = []
    /// Headings whose level changed against each other, with their line.
    private(set) var movedHeadings: [Int] = []

    /// - Parameter levels: those of the page's headings, each once and in order.
    init(_ blocks: [PageBlock], levels: [Int]) {
        var number = 0
        var last: PageBlock?
        var hasHeading = false
        for block in blocks {
            let text = block.text.markdown
            guard !text.isEmpty else { continue }
            switch block {
            case .heading(let level, _, let line):
                let rank = levels.firstIndex(of: level) ?? 0
                if rank > 1 { movedHeadings.append(line) }
                separate()
                lines.append((rank == 0 || !hasHeading ? "## " : "### ") + Self.withoutEmphasis(block.text))
                hasHeading = true
            case .paragraph:
                separate()
                lines.append(text)
            case .item(let isNumbered, _):
                if case .item(isNumbered, _)? = last {
                    number += 1
                } else {
                    separate()
                    number = 1
                }
                lines.append(isNumbered ? "\(number). \(text)" : "- \(text)")
            }
            last = block
        }
    }

    private mutating func separate() {
        if !lines.isEmpty { lines.append("") }
    }

    private static func withoutEmphasis(_ text: InlineText) -> String {
        var plain = InlineText()
        plain.append(text.plain, .init())
        return plain.markdown
    }
}
