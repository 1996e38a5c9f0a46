/// A message cut into sentences, questions apart from the story around them.
struct Message {
    struct Sentence: Equatable {
        var text: String
        var words: [String]
        var isQuestion: Bool
    }

    /// Scalars at the beginning and at the end of a message that are looked up; the crisis screen reads all of it.
    static let headLength = 2000
    static let tailLength = 500

    let sentences: [Sentence]
    /// What is looked up, without the sentences that were left out.
    var text: String { sentences.map(\.text).joined(separator: " ") }
    var words: [String] { sentences.flatMap(\.words) }

    init(_ sentences: [Sentence]) { self.sentences = sentences }

    /// - Parameter leavingOut: places in the text, in UTF-8 bytes; a sentence that holds one is left out.
    init(_ text: String, phrases: [ReplyTexts.Phrases], leavingOut spans: [Range<Int>] = []) {
        let cut = Tokenizer.tokenize(text)
        let bytes = Array(text.utf8)
        var sentences: [Sentence] = []
        var index = 0
        while index < cut.tokens.count {
            var end = index + 1
            while end < cut.tokens.count, cut.tokens[end].sentence == cut.tokens[index].sentence,
                !Self.gap(before: end, cut.tokens, bytes).contains(UInt8(ascii: "\n"))
            {
                end += 1
            }
            let isMarked = Self.endsInQuestionMark(Self.gap(before: end, cut.tokens, bytes))
            let tokens = cut.tokens[index..<end]
            index = end
            let range = Self.range(of: tokens, in: bytes)
            if spans.contains(where: { $0.overlaps(range) }) { continue }
            for part in Self.split(tokens, phrases: phrases) {
                let words = part.filter { !$0.isEmoji }.map(\.text)
                guard !words.isEmpty else { continue }
                let isLast = part.endIndex == tokens.endIndex
                let marked = isLast && isMarked
                sentences.append(
                    Sentence(
                        text: Self.text(of: part, in: bytes, marked: marked),
                        words: words,
                        isQuestion: marked || Self.startsQuestion(words, phrases)
                    )
                )
            }
        }
        self.sentences = sentences
    }

    /// The beginning and the end of a long text.
    static func cut(_ text: String) -> String {
        let scalars = text.unicodeScalars
        // Bytes are counted at no cost; a text of few bytes has few scalars.
        guard text.utf8.count > headLength + tailLength, scalars.count > headLength + tailLength else { return text }
        return String(scalars.prefix(headLength)) + "\n\n" + String(scalars.suffix(tailLength))
    }

    // MARK: - Reading

    private static func range(of tokens: ArraySlice<Token>, in bytes: [UInt8]) -> Range<Int> {
        let start = tokens.map(\.range.lowerBound).min() ?? 0
        let end = tokens.map(\.range.upperBound).max() ?? 0
        return max(0, min(start, bytes.count))..<max(0, min(max(start, end), bytes.count))
    }

    /// The bytes between the word before place `index` and the one there, or the end.
    private static func gap(before index: Int, _ tokens: [Token], _ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let start = tokens.indices.contains(index - 1) ? tokens[index - 1].range.upperBound : 0
        let end = tokens.indices.contains(index) ? tokens[index].range.lowerBound : bytes.count
        return start <= end && end <= bytes.count ? bytes[start..<end] : []
    }

    private static func endsInQuestionMark(_ gap: ArraySlice<UInt8>) -> Bool {
        gap.contains(UInt8(ascii: "?")) || gap.count >= 3 && String(decoding: gap, as: UTF8.self).contains("？")
    }

    private static func text(of tokens: ArraySlice<Token>, in bytes: [UInt8], marked: Bool) -> String {
        let text = String(decoding: bytes[range(of: tokens, in: bytes)], as: UTF8.self)
        return marked ? text + "?" : text
    }

    private static func startsQuestion(_ words: [String], _ phrases: [ReplyTexts.Phrases]) -> Bool {
        // "hi, how do I …" and "also, can I …" begin with a word or two that say nothing.
        (0..<min(3, words.count)).contains { skipped in
            let rest = words[skipped...]
            return phrases.contains { $0.questionStarts.contains { $0.prefixLength(in: rest) > 0 } }
        }
    }

    /// Cuts a sentence where a joint such as "and also" is followed by the beginning of another question.
    private static func split(_ tokens: ArraySlice<Token>, phrases: [ReplyTexts.Phrases]) -> [ArraySlice<Token>] {
        let words = tokens.map(\.text)
        var parts: [ArraySlice<Token>] = []
        var start = 0
        var place = 1
        while place < words.count {
            let length = jointLength(words[place...], phrases)
            if length > 0, place - start > 2 {
                parts.append(tokens[(tokens.startIndex + start)..<(tokens.startIndex + place)])
                start = place + length
                place = start
            }
            place += 1
        }
        if start < words.count { parts.append(tokens[(tokens.startIndex + start)...]) }
        return parts
    }

    /// Length of a joint at the beginning of `words`, 0 when there is none or no question follows it.
    private static func jointLength(_ words: ArraySlice<String>, _ phrases: [ReplyTexts.Phrases]) -> Int {
        for part in phrases {
            for joint in part.joints {
                let length = joint.prefixLength(in: words)
                guard length > 0 else { continue }
                let rest = words.dropFirst(length)
                if rest.count > 2, part.questionStarts.contains(where: { $0.prefixLength(in: rest) > 0 }) {
                    return length
                }
            }
        }
        return 0
    }
}
