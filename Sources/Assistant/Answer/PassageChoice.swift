import Retrieval

/// Chooses what to quote of an article.
struct PassageChoice {
    struct Quote {
        let passage: Passage
        /// What is quoted, live fields filled in.
        let text: String
        let isList: Bool
    }

    /// A section is quoted without the lead when the lead fits less than this part as well.
    private static let leadShare = 0.6
    /// A second passage is quoted when it fits at least this part as well as the first.
    private static let secondShare = 0.7

    let settings: AssistantSettings
    let liveFields: [String: String]

    /// At most ``AssistantSettings/mostPassages`` quotes in the order of the article; empty when every passage waits for a
    /// live field.
    func quotes(from passages: [RankedPassage]) -> [Quote] {
        let usable = passages.compactMap { ranked in quote(ranked.passage).map { (ranked.score, $0) } }
        guard let best = usable.first else { return [] }
        let rest = usable.dropFirst()
        var chosen = [best.1]
        if best.1.passage.isLead {
            if let second = rest.first, second.0 >= Self.secondShare * best.0 { chosen.append(second.1) }
        } else if let lead = rest.first(where: { $0.1.passage.isLead }), lead.0 >= Self.leadShare * best.0 {
            chosen.append(lead.1)
        } else if let second = rest.first, second.1.passage.anchor == best.1.passage.anchor,
            second.0 >= Self.secondShare * best.0
        {
            chosen.append(second.1)
        }
        return fitting(Array(chosen.prefix(settings.mostPassages))).sorted { $0.passage.ordinal < $1.passage.ordinal }
    }

    /// The first of `quotes`, cut to the words allowed, and the others as far as there is room. A list stays whole.
    private func fitting(_ quotes: [Quote]) -> [Quote] {
        var room = settings.mostWords
        var fitting: [Quote] = []
        for (place, quote) in quotes.enumerated() {
            if quote.isList {
                // One list is enough to follow.
                if place == 0 || !fitting.contains(where: \.isList) { fitting.append(quote) }
                continue
            }
            let text = Self.sentences(of: quote.text, words: room)
            guard !text.isEmpty || place == 0 else { continue }
            fitting.append(Quote(passage: quote.passage, text: text.isEmpty ? quote.text : text, isList: false))
            room -= Self.wordCount(text)
        }
        return fitting
    }

    private func quote(_ passage: Passage) -> Quote? {
        guard let text = passage.filled(liveFields) else { return nil }
        let isList = text.split(separator: "\n").contains { $0.hasPrefix("- ") || Self.isStep($0) }
        return Quote(passage: passage, text: text, isList: isList)
    }

    private static func isStep(_ line: Substring) -> Bool {
        let digits = line.prefix { $0.isASCIIDigit }
        return !digits.isEmpty && line.dropFirst(digits.count).hasPrefix(". ")
    }

    static func wordCount(_ text: some StringProtocol) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    /// The whole sentences at the beginning of `text` that together have at most `words` words.
    static func sentences(of text: String, words: Int) -> String {
        guard wordCount(text) > words else { return text }
        var end = text.startIndex
        var index = text.startIndex
        var count = 0
        var isInWord = false
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if character.isWhitespace {
                isInWord = false
            } else if !isInWord {
                isInWord = true
                count += 1
                if count > words { break }
            }
            if ".?!".contains(character), next == text.endIndex || text[next].isWhitespace { end = next }
            index = next
        }
        return String(text[..<end])
    }
}
