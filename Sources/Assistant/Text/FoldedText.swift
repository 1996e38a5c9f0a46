/// A word or picture of a message, as the screens see it: numbers only, so that millions of them cost no memory of
/// their own. The letters are in the ``FoldedText`` that holds it.
struct Piece: Equatable {
    /// Where the folded letters, without apostrophes, begin and end.
    var lettersStart: Int32
    var lettersEnd: Int32
    /// The letters with apostrophes; empty when there is none in the word.
    var apostrophizedStart: Int32 = 0
    var apostrophizedEnd: Int32 = 0
    /// Where it stood in the original text, in UTF-8 bytes.
    var start: Int32
    var end: Int32
    /// Sentence number within the message.
    var sentence: Int32 = 0
    /// Numbers of the words of the vocabulary that it may stand for, as places in ``FoldedText/words``.
    var wordsStart: Int32 = 0
    var wordsEnd: Int32 = 0
    /// Count of separating signs before it, at most 255; tells word gaps from letter gaps in spaced-out writing.
    var separatorWidth: UInt8 = 0
    private var flags: UInt8 = 0

    init(letters: Range<Int32>, start: Int32, end: Int32) {
        lettersStart = letters.lowerBound
        lettersEnd = letters.upperBound
        self.start = start
        self.end = end
    }

    /// Whether a comma, dash, line break or the like stood before it.
    var afterComma: Bool {
        get { self[1] }
        set { self[1] = newValue }
    }
    /// Whether it stood inside quotation marks.
    var isQuoted: Bool {
        get { self[2] }
        set { self[2] = newValue }
    }
    /// Whether it is a picture.
    var isEmoji: Bool {
        get { self[4] }
        set { self[4] = newValue }
    }
    /// Whether it was written in several pieces, with signs for letters, or misspelled.
    var isRepaired: Bool {
        get { self[8] }
        set { self[8] = newValue }
    }
    /// Whether a question mark follows it.
    var isAsked: Bool {
        get { self[16] }
        set { self[16] = newValue }
    }

    private subscript(_ bit: UInt8) -> Bool {
        get { flags & bit != 0 }
        set { flags = newValue ? flags | bit : flags & ~bit }
    }

    var hasWords: Bool { wordsEnd > wordsStart }
    var hasApostrophe: Bool { apostrophizedEnd > apostrophizedStart }
    var letterCount: Int { Int(lettersEnd - lettersStart) }
    /// The place in the original text, in UTF-8 bytes.
    var range: Range<Int> { Int(start)..<Int(max(start, end)) }
}

/// A message cut into folded words: one buffer of letters, and the words as places in it.
struct FoldedText {
    /// The folded letters (UTF-8), one word after another.
    var letters: [UInt8] = []
    var pieces: [Piece] = []
    /// Numbers of words of a vocabulary; see ``Piece/wordsStart``.
    var words: [Int32] = []

    func slice(_ piece: Piece) -> ArraySlice<UInt8> { letters[Int(piece.lettersStart)..<Int(piece.lettersEnd)] }

    func apostrophized(_ piece: Piece) -> ArraySlice<UInt8> {
        letters[Int(piece.apostrophizedStart)..<Int(piece.apostrophizedEnd)]
    }

    func words(_ piece: Piece) -> ArraySlice<Int32> { words[Int(piece.wordsStart)..<Int(piece.wordsEnd)] }

    func text(_ piece: Piece) -> String { String(decoding: slice(piece), as: UTF8.self) }

    /// Puts new letters behind the others.
    mutating func append(_ bytes: some Collection<UInt8>) -> Range<Int32> {
        let start = Int32(letters.count)
        letters.append(contentsOf: bytes)
        return start..<Int32(letters.count)
    }

    /// Joins sentences in a row that hold one word each: "I. want. to. die."
    mutating func joinLoneWords() {
        var start = 0
        func isAlone(_ index: Int) -> Bool {
            let sentence = pieces[index].sentence
            return (index == 0 || pieces[index - 1].sentence != sentence)
                && (index + 1 == pieces.count || pieces[index + 1].sentence != sentence)
        }
        while start < pieces.count {
            var end = start
            while end < pieces.count, isAlone(end) { end += 1 }
            if end - start >= 2 {
                // The later numbers are left unused; only equality of sentence numbers matters.
                let sentence = pieces[start].sentence
                for index in start..<end { pieces[index].sentence = sentence }
            }
            start = max(end, start + 1)
        }
    }
}
