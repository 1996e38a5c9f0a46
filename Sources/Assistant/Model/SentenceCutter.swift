/// Cuts a text that arrives in pieces into sentences. A sentence ends at a line's end, and at a full stop, question or
/// exclamation mark that space follows.
struct SentenceCutter {
    /// Bytes without an end, after which what came is handed out as it is: too long to be shown.
    static let longest = 600

    private var pending = ""

    /// The sentences that `text` brings to an end.
    mutating func add(_ text: String) -> [String] {
        var sentences: [String] = []
        for character in text {
            if character.isNewline {
                cut(&sentences)
                continue
            }
            if character.isWhitespace, endsSentence { cut(&sentences) }
            if pending.isEmpty, character.isWhitespace { continue }
            pending.append(character)
            if pending.utf8.count > Self.longest { cut(&sentences) }
        }
        return sentences
    }

    /// What is left at the end of the text.
    mutating func finish() -> [String] {
        var sentences: [String] = []
        cut(&sentences)
        return sentences
    }

    /// Titles before names, which end no sentence.
    private static let abbreviations: Set<String> = [
        "dr", "dra", "mr", "mrs", "ms", "st", "sr", "sra", "e.g", "i.e", "vs",
    ]

    private var endsSentence: Bool {
        let closing = pending.reversed().drop { "\"'”’)]»".contains($0) }
        guard let mark = closing.first, ".?!…".contains(mark) else { return false }
        let word = String(closing.dropFirst().prefix { !$0.isWhitespace }.reversed()).lowercased()
        // "1." begins a step.
        let isMarker = word.allSatisfy(\.isNumber) && pending.count == word.count + 1
        return !Self.abbreviations.contains(word) && !isMarker
    }

    private mutating func cut(_ sentences: inout [String]) {
        while pending.last?.isWhitespace ?? false { pending.removeLast() }
        if !pending.isEmpty { sentences.append(pending) }
        pending = ""
    }

    /// The sentences of a whole text.
    static func sentences(of text: String) -> [String] {
        var cutter = SentenceCutter()
        return cutter.add(text) + cutter.finish()
    }
}
