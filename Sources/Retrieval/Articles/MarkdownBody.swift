/// The body of an article split into sections and blocks, with the lines that they begin on.
struct MarkdownBody {
    struct Heading {
        let level: Int
        let text: String
        /// Line in the body, counted from 1.
        let line: Int
    }

    struct LocatedSection {
        var section: Article.Section
        /// Line of the heading in the body, counted from 1.
        let line: Int
    }

    private(set) var sections: [LocatedSection] = []
    private(set) var headings: [Heading] = []

    init(_ body: String) {
        sections = [
            LocatedSection(
                section: Article.Section(heading: nil, level: 0, headingPath: [], anchor: "", blocks: []),
                line: 1
            )
        ]
        // "\r\n" is one character, so splitting on newlines takes care of it.
        for (index, line) in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            take(line, number: index + 1)
        }
        close()
    }

    // MARK: - Reading line by line

    private enum Kind { case paragraph, list, steps }

    private var kind = Kind.paragraph
    /// Texts of the block being read.
    private var open: [String] = []
    private var anchors: Set<String> = []

    private mutating func take(_ line: Substring, number: Int) {
        let text = line.drop { $0 == " " || $0 == "\t" }
        if text.isEmpty {
            close()
        } else if let level = Self.headingLevel(text) {
            close()
            begin(level: level, text: String(text.dropFirst(level)), line: number)
        } else if let item = Self.listItem(text) {
            add(item, to: .list)
        } else if let step = Self.step(text) {
            add(step, to: .steps)
        } else {
            let text = text.first == ">" ? text.dropFirst().drop { $0 == " " } : text
            if let last = open.popLast() {
                open.append("\(last) \(Self.trimmed(text))")
            } else {
                kind = .paragraph
                open = [Self.trimmed(text)]
            }
        }
    }

    private mutating func add(_ text: Substring, to newKind: Kind) {
        if kind != newKind { close() }
        kind = newKind
        open.append(Self.trimmed(text))
    }

    private mutating func close() {
        defer {
            open = []
            // A blank line between points does not end the list: see `mergeBlock`.
            kind = .paragraph
        }
        let texts = open.map { Article.Text(markdown: $0) }
        guard let first = texts.first else { return }
        switch kind {
        case .paragraph: append(.paragraph(first))
        case .list: append(.list(texts))
        case .steps: append(.steps(texts))
        }
    }

    private mutating func append(_ block: Article.Block) {
        var section = sections.removeLast()
        switch (section.section.blocks.last, block) {
        case (.list(let before), .list(let more)):
            section.section.blocks[section.section.blocks.count - 1] = .list(before + more)
        case (.steps(let before), .steps(let more)):
            section.section.blocks[section.section.blocks.count - 1] = .steps(before + more)
        default: section.section.blocks.append(block)
        }
        sections.append(section)
    }

    private mutating func begin(level: Int, text: String, line: Int) {
        let heading = MarkdownText.plain(Self.trimmed(text[...].drop { $0 == " " }))
        headings.append(Heading(level: level, text: heading, line: line))
        let outer = sections.last?.section
        var path: [String] = []
        if level > 2, let outer {
            path = outer.level < level ? outer.headingPath : Array(outer.headingPath.dropLast())
        }
        sections.append(
            LocatedSection(
                section: Article.Section(
                    heading: heading,
                    level: level,
                    headingPath: path + [heading],
                    anchor: anchor(for: heading),
                    blocks: []
                ),
                line: line
            )
        )
    }

    /// Lower-case words joined by hyphens; a number is added to one that is taken.
    private mutating func anchor(for heading: String) -> String {
        let words = Folding.words(heading).joined(separator: "-")
        let base = words.isEmpty ? "section" : words
        var anchor = base
        var number = 2
        while !anchors.insert(anchor).inserted {
            anchor = "\(base)-\(number)"
            number += 1
        }
        return anchor
    }

    // MARK: - Kinds of line

    private static func headingLevel(_ text: Substring) -> Int? {
        let level = text.prefix { $0 == "#" }.count
        guard (1...6).contains(level), text.dropFirst(level).first.map({ $0 == " " }) ?? true else { return nil }
        return level
    }

    private static func listItem(_ text: Substring) -> Substring? {
        guard let mark = text.first, mark == "-" || mark == "*" || mark == "+", text.dropFirst().first == " " else {
            return nil
        }
        return text.dropFirst(2)
    }

    private static func step(_ text: Substring) -> Substring? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...3).contains(digits.count) else { return nil }
        let rest = text.dropFirst(digits.count)
        guard let mark = rest.first, mark == "." || mark == ")", rest.dropFirst().first == " " else { return nil }
        return rest.dropFirst(2)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        while text.first?.isWhitespace == true { text.removeFirst() }
        return String(text)
    }
}
