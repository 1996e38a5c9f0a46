/// Brings spellings back to words of the vocabulary: contractions, signs for letters, repeated letters, misspelled or
/// masked head words. ``SecondView`` does so for words that were written apart or together.
struct WordRepair: Sendable {
    let vocabulary: Vocabulary

    /// The words as written, with contractions spelled out and every word given the numbers it may stand for.
    func resolve(_ source: FoldedText, _ range: Range<Int>) -> FoldedText {
        var resolved = FoldedText()
        resolved.letters = source.letters
        resolved.pieces.reserveCapacity(range.count + range.count / 4 + 2)
        resolved.words.reserveCapacity(range.count * 2)
        for piece in source.pieces[range] { resolve(piece, in: source, to: &resolved) }
        return resolved
    }

    private func resolve(_ piece: Piece, in source: FoldedText, to resolved: inout FoldedText) {
        if joinsTail(piece, in: source, to: &resolved) { return }
        if piece.hasApostrophe {
            let written = source.apostrophized(piece)
            if let expansion = vocabulary.expansion(of: written) {
                return append(expansion, of: piece, in: source, to: &resolved)
            }
        }
        let slice = source.slice(piece)
        if let expansion = vocabulary.expansion(of: slice) {
            return append(expansion, of: piece, in: source, to: &resolved)
        }
        if piece.hasApostrophe, Self.isPossessive(source.apostrophized(piece)) {
            var stem = piece
            stem.lettersEnd -= 1
            identify(stem, to: &resolved)
            var tail = piece
            tail.lettersStart = tail.lettersEnd - 1
            tail.afterComma = false
            return identify(tail, to: &resolved)
        }
        if let expansion = disguisedContraction(slice, piece) {
            return append(expansion, of: piece, in: source, to: &resolved)
        }
        identify(piece, to: &resolved)
    }

    private static func isPossessive(_ written: ArraySlice<UInt8>) -> Bool {
        written.count > 2 && written.last == UInt8(ascii: "s") && written[written.endIndex - 2] == 0x27
    }

    /// `t`, `m`, `d`, `ve`, `re`, `ll` standing by themselves after a word: the end of a contraction.
    private func joinsTail(_ piece: Piece, in source: FoldedText, to resolved: inout FoldedText) -> Bool {
        guard piece.letterCount <= 2, !piece.afterComma, let last = resolved.pieces.last else { return false }
        let slice = source.slice(piece)
        let isTail =
            switch (slice.first, slice.dropFirst().first) {
            case (0x74, nil), (0x6D, nil), (0x64, nil), (0x76, 0x65), (0x72, 0x65), (0x6C, 0x6C): true
            default: false
            }
        guard isTail else { return false }
        let head = Array(resolved.slice(last))
        guard
            let expansion = vocabulary.expansion(of: (head + [0x27] + slice)[...])
                ?? vocabulary.expansion(of: (head + slice)[...]),
            expansion.parts.count > 1
        else { return false }
        resolved.pieces.removeLast()
        append(expansion, of: last, in: resolved, through: piece.end, to: &resolved)
        return true
    }

    /// The words of a contraction that is written with signs for letters: `d0nt`.
    private func disguisedContraction(_ slice: ArraySlice<UInt8>, _ piece: Piece) -> Vocabulary.Expansion? {
        guard !piece.isEmoji, slice.count <= 12, slice.contains(where: { $0 > 0x60 }),
            slice.contains(where: { $0 < 0x61 })
        else { return nil }
        return Spellings.of(slice).lazy.compactMap { vocabulary.expansion(of: $0[...]) }.first
    }

    private func append(
        _ expansion: Vocabulary.Expansion,
        of piece: Piece,
        in source: FoldedText,
        through end: Int32? = nil,
        to resolved: inout FoldedText
    ) {
        for (index, part) in expansion.parts.enumerated() {
            var new = piece
            new.wordsStart = Int32(resolved.words.count)
            resolved.words.append(contentsOf: expansion.words[index])
            if expansion.parts.count == 1 {
                vocabulary.appendWords(of: source.slice(piece), to: &resolved.words)
            }
            new.wordsEnd = Int32(resolved.words.count)
            let letters = resolved.append(part)
            new.lettersStart = letters.lowerBound
            new.lettersEnd = letters.upperBound
            new.apostrophizedEnd = new.apostrophizedStart
            if index > 0 { new.afterComma = false }
            if let end { new.end = end }
            resolved.pieces.append(new)
        }
    }

    /// Gives `piece`, whose letters are in `text`, the words it may stand for, and puts it behind the others.
    func identify(_ piece: Piece, to text: inout FoldedText) {
        var piece = piece
        piece.wordsStart = Int32(text.words.count)
        vocabulary.appendWords(of: text.slice(piece), to: &text.words)
        piece.wordsEnd = Int32(text.words.count)
        if !piece.isEmoji, piece.letterCount <= 40 { repair(&piece, in: &text) }
        text.pieces.append(piece)
    }

    private func repair(_ piece: inout Piece, in text: inout FoldedText) {
        let slice = text.slice(piece)
        let shape = WordShape(slice)
        if piece.hasWords && shape.isPlain && !shape.hasLongRun || shape.isNumber { return }
        if !shape.isPlain || shape.hasPair {
            var better: [UInt8]?
            for spelling in Spellings.of(slice) where !spelling.elementsEqual(slice) {
                guard vocabulary.expansion(of: spelling[...]) == nil else { continue }
                let before = text.words.count
                vocabulary.appendWords(of: spelling[...], to: &text.words)
                if text.words.count > before, better == nil { better = spelling }
            }
            if let better {
                piece.isRepaired = true
                // A word of its own keeps its letters.
                if !piece.hasWords { setLetters(better, of: &piece, in: &text) }
            }
            piece.wordsEnd = Int32(text.words.count)
        }
        guard !piece.hasWords, let head = vocabulary.unmaskedHead(slice) ?? misspelledHead(slice, shape) else { return }
        setLetters(head, of: &piece, in: &text)
        vocabulary.appendWords(of: head[...], to: &text.words)
        piece.wordsEnd = Int32(text.words.count)
        piece.isRepaired = true
    }

    private func setLetters(_ letters: [UInt8], of piece: inout Piece, in text: inout FoldedText) {
        let range = text.append(letters)
        piece.lettersStart = range.lowerBound
        piece.lettersEnd = range.upperBound
    }

    private func misspelledHead(_ slice: ArraySlice<UInt8>, _ shape: WordShape) -> [UInt8]? {
        guard slice.count >= 3 else { return nil }
        if let head = vocabulary.misspelledHead(slice) { return head }
        return shape.isPlain
            ? nil : Spellings.of(slice).lazy.compactMap { vocabulary.misspelledHead($0[...]) }.first
    }
}

/// What a word is made of.
struct WordShape {
    /// Nothing but the letters a to z.
    private(set) var isPlain = true
    /// Nothing but digits.
    private(set) var isNumber = true
    /// A letter twice in a row.
    private(set) var hasPair = false
    /// A letter three times in a row.
    private(set) var hasLongRun = false

    init(_ word: ArraySlice<UInt8>) {
        var last: UInt8 = 0
        var run = 0
        for byte in word {
            if !(0x61...0x7A).contains(byte) { isPlain = false }
            if !(0x30...0x39).contains(byte) { isNumber = false }
            run = byte == last ? run + 1 : 1
            last = byte
            if run == 2 { hasPair = true }
            if run == 3 { hasLongRun = true }
        }
    }
}

/// Other ways to read a word that holds signs for letters, or repeated letters.
enum Spellings {
    private static let most = 24

    /// At most 24 readings: every sign as the letters it may stand for, every run of a letter as two and as one.
    static func of(_ word: ArraySlice<UInt8>) -> [[UInt8]] {
        var readings: [[UInt8]] = [[]]
        var index = word.startIndex
        while index < word.endIndex {
            let byte = word[index]
            var run = 1
            while index + run < word.endIndex, word[index + run] == byte { run += 1 }
            // The euro sign is three bytes.
            if byte == 0xE2, word[index...].starts(with: [0xE2, 0x82, 0xAC]) {
                for place in readings.indices { readings[place].append(UInt8(ascii: "e")) }
                index += 3
                continue
            }
            index += run
            let letters = letters(for: byte)
            if letters.isEmpty { continue }
            var longer: [[UInt8]] = []
            for reading in readings {
                for letter in letters where longer.count < most {
                    if run > 1 { longer.append(reading + [letter, letter]) }
                    if longer.count < most { longer.append(reading + [letter]) }
                }
            }
            readings = longer
        }
        return readings
    }

    private static func letters(for sign: UInt8) -> [UInt8] {
        switch sign {
        case UInt8(ascii: "0"): [UInt8(ascii: "o")]
        case UInt8(ascii: "1"), UInt8(ascii: "!"): [UInt8(ascii: "i"), UInt8(ascii: "l")]
        case UInt8(ascii: "|"): [UInt8(ascii: "l"), UInt8(ascii: "i")]
        case UInt8(ascii: "3"): [UInt8(ascii: "e")]
        case UInt8(ascii: "4"), UInt8(ascii: "@"): [UInt8(ascii: "a")]
        case UInt8(ascii: "5"), UInt8(ascii: "$"): [UInt8(ascii: "s")]
        case UInt8(ascii: "7"), UInt8(ascii: "+"): [UInt8(ascii: "t")]
        case UInt8(ascii: "8"): [UInt8(ascii: "b")]
        case UInt8(ascii: "9"): [UInt8(ascii: "g")]
        case UInt8(ascii: "#"): [UInt8(ascii: "h")]
        case UInt8(ascii: "*"): []
        default: [sign]
        }
    }
}
