/// Takes the words of a text one by one.
protocol WordSink {
    /// - Parameters:
    ///   - bytes, range: the word is `bytes[range]`, folded.
    ///   - position: place of the word in the text, counted in words from 0.
    ///   - span: how many places the word covers: 1, or more for a word joined from several ("phq-9" → "phq9").
    mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int)
}

/// Splits folded text (see ``Folding``) into words.
///
/// - Words are runs of letters and digits: "2fa" is one word, "3.5" and "1,000" (as "1000") too.
/// - Hyphenated words give their parts and the joined form: "phq-9" gives "phq", "9" and "phq9"; "e-mail" also "email".
/// - English contractions are undone with or without their apostrophe: "can't" and "cant" give "can" and "not", "what's"
///   gives "what". Possessive `'s` goes. Any other apostrophe joins: "o'clock" gives "oclock".
enum Tokenizer {
    /// - Returns: the number of places.
    @discardableResult
    static func forEachWord<Sink: WordSink>(
        in bytes: [UInt8],
        language: Language,
        startingAt start: Int = 0,
        limit: Int = .max,
        sink: inout Sink
    ) -> Int {
        var position = start
        // The parts of the hyphenated word that is being read.
        var chain = 0..<0
        var chainParts = 0
        var index = 0
        let end = bytes.count
        while index < end {
            guard Folding.isWord(bytes[index]) else {
                index += 1
                continue
            }
            if position - start >= limit { return position }
            let word = readWord(bytes, from: index)
            index = word.upperBound
            let followsHyphen =
                chainParts > 0 && chain.upperBound + 1 == word.lowerBound && bytes[chain.upperBound] == hyphen
            if followsHyphen {
                chain = chain.lowerBound..<word.upperBound
                chainParts += 1
            } else {
                flush(bytes, chain, parts: chainParts, before: position, sink: &sink)
                chain = word
                chainParts = 1
            }
            emit(bytes, word, language: language, position: position, sink: &sink)
            position += 1
        }
        flush(bytes, chain, parts: chainParts, before: position, sink: &sink)
        return position
    }

    // MARK: - Reading

    private static let hyphen = UInt8(ascii: "-")
    private static let apostrophe = UInt8(ascii: "'")

    private static func readWord(_ bytes: [UInt8], from start: Int) -> Range<Int> {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if Folding.isWord(byte) {
                index += 1
                continue
            }
            // An apostrophe between letters, a full stop or comma between digits, belongs to the word.
            guard index + 1 < bytes.count, Folding.isWord(bytes[index + 1]) else { break }
            let isInner =
                byte == apostrophe
                || (byte == UInt8(ascii: ".") || byte == UInt8(ascii: ","))
                    && Folding.isDigit(bytes[index - 1]) && Folding.isDigit(bytes[index + 1])
            guard isInner else { break }
            index += 1
        }
        return start..<index
    }

    // MARK: - Giving

    /// Longest joined form in bytes; longer ones are sentences strung together, not words.
    private static let longestJoined = 24

    private static func flush<Sink: WordSink>(
        _ bytes: [UInt8],
        _ chain: Range<Int>,
        parts: Int,
        before position: Int,
        sink: inout Sink
    ) {
        guard (2...3).contains(parts), chain.count <= longestJoined else { return }
        let joined = bytes[chain].filter(Folding.isWord)
        sink.take(joined, 0..<joined.count, position: position - parts, span: parts)
    }

    private static func emit<Sink: WordSink>(
        _ bytes: [UInt8],
        _ word: Range<Int>,
        language: Language,
        position: Int,
        sink: inout Sink
    ) {
        let hasMark = bytes[word].contains { !Folding.isWord($0) }
        if language == .english, let parts = EnglishContractions.parts(bytes[word], hasApostrophe: hasMark) {
            for part in parts { sink.take(part, 0..<part.count, position: position, span: 1) }
        } else if hasMark {
            let plain = bytes[word].filter { Folding.isWord($0) || $0 == UInt8(ascii: ".") }
            sink.take(plain, 0..<plain.count, position: position, span: 1)
        } else {
            sink.take(bytes, word, position: position, span: 1)
        }
    }
}
