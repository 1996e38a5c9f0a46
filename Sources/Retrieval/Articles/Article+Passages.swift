extension Article {
    /// Words in a passage fit to quote. A step list or a paragraph with a live field may be outside.
    static let passageWords = 20...120

    /// The article in pieces fit to quote, the lead first.
    ///
    /// A paragraph, list or step list is one passage. One shorter than ``passageWords`` goes together with its neighbor in
    /// the same section ("Follow these steps:" with the steps); a longer paragraph is cut between sentences. A paragraph
    /// with a live field stays alone, since it is left out whole when the field has no value.
    public var passages: [Passage] {
        var passages: [Passage] = []
        for section in sections {
            for piece in Self.pieces(of: section) {
                let ordinal = passages.count + 1
                passages.append(
                    Passage(
                        id: "\(id)#\(ordinal)",
                        articleID: id,
                        language: language,
                        ordinal: ordinal,
                        heading: section.heading,
                        headingPath: section.headingPath,
                        anchor: section.anchor,
                        text: piece.plain,
                        markdown: piece.markdown,
                        liveFields: LiveFields.names(in: piece.markdown)
                    )
                )
            }
        }
        return passages
    }

    private struct Piece {
        var plain: String
        var markdown: String
        var words: Int
        var standsAlone: Bool

        mutating func append(_ other: Piece) {
            plain += "\n" + other.plain
            markdown += "\n\n" + other.markdown
            words += other.words
        }
    }

    private static func pieces(of section: Section) -> [Piece] {
        var pieces: [Piece] = []
        for piece in section.blocks.flatMap(pieces(of:)) {
            if let last = pieces.last, !last.standsAlone, !piece.standsAlone,
                last.words < passageWords.lowerBound || piece.words < passageWords.lowerBound,
                last.words + piece.words <= passageWords.upperBound
            {
                pieces[pieces.count - 1].append(piece)
            } else {
                pieces.append(piece)
            }
        }
        return pieces
    }

    private static func pieces(of block: Block) -> [Piece] {
        switch block {
        case .paragraph(let text):
            let isLive = !LiveFields.names(in: text.markdown).isEmpty
            return sentences(of: text.markdown).map { markdown in
                let plain = MarkdownText.plain(markdown)
                return Piece(plain: plain, markdown: markdown, words: wordCount(plain), standsAlone: isLive)
            }
        case .list(let items): return [piece(items) { _ in "- " }]
        case .steps(let items): return [piece(items) { "\($0 + 1). " }]
        }
    }

    private static func piece(_ items: [Text], mark: (Int) -> String) -> Piece {
        let plain = items.enumerated().map { mark($0) + $1.plain }.joined(separator: "\n")
        let markdown = items.enumerated().map { mark($0) + $1.markdown }.joined(separator: "\n")
        let isLive = !LiveFields.names(in: markdown).isEmpty
        return Piece(plain: plain, markdown: markdown, words: wordCount(plain), standsAlone: isLive)
    }

    /// The paragraph itself, or groups of its sentences of about equal length when it is too long to quote.
    private static func sentences(of markdown: String) -> [String] {
        let count = wordCount(markdown)
        guard count > passageWords.upperBound else { return [markdown] }
        let groups = (count + passageWords.upperBound - 1) / passageWords.upperBound
        let aim = count / groups
        var result: [String] = []
        var current = ""
        for sentence in split(markdown) {
            current += current.isEmpty ? sentence : " " + sentence
            if wordCount(current) >= aim, result.count + 1 < groups {
                result.append(current)
                current = ""
            }
        }
        return current.isEmpty ? result : result + [current]
    }

    private static func split(_ text: String) -> [String] {
        var sentences: [String] = []
        var current: [Substring] = []
        for word in text.split(separator: " ") {
            current.append(word)
            if let last = word.last, ".?!".contains(last) {
                sentences.append(current.joined(separator: " "))
                current = []
            }
        }
        if !current.isEmpty { sentences.append(current.joined(separator: " ")) }
        return sentences
    }

    static func wordCount(_ text: String) -> Int { text.utf8.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }.count }
}
