/// Cuts text into folded words that remember where they stood in the original. Works on scalars, in one pass with one
/// sign of look-ahead; no grapheme clusters.
struct Tokenizer {
    private enum Kind: UInt8 { case letter, symbol, emoji, space, newline, apostrophe, quote }

    /// A folded sign. Several may come of one scalar, none of an invisible one.
    private struct Unit {
        var kind: Kind
        var value: UInt32
        var start: Int32
        var end: Int32
    }

    private var units: [Unit] = []
    private var result = FoldedText()
    private var sentence: Int32 = 0
    private var boundary = false
    private var comma = false
    private var isQuoted = false
    private var separators = 0

    /// The words of `text`, folded.
    ///
    /// - Complexity: linear in the length of the text.
    static func fold(_ text: String) -> FoldedText {
        var tokenizer = Tokenizer(text)
        tokenizer.run()
        tokenizer.result.joinLoneWords()
        return tokenizer.result
    }

    private init(_ text: String) {
        var text = text
        units = text.withUTF8 { bytes in
            var units: [Unit] = []
            units.reserveCapacity(bytes.count)
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x80 {
                    let start = Int32(truncatingIfNeeded: index)
                    index += 1
                    Self.appendASCII(byte, start, to: &units)
                } else {
                    let (scalar, width) = Self.scalar(bytes, at: index)
                    Self.append(
                        ScalarFold.fold(scalar),
                        Int32(truncatingIfNeeded: index),
                        Int32(truncatingIfNeeded: index + width),
                        to: &units
                    )
                    index += width
                }
            }
            return units
        }
        result.letters.reserveCapacity(units.count + 16)
        result.pieces.reserveCapacity(units.count / 4 + 4)
    }

    /// The scalar of several bytes at `index`. A string's UTF-8 is always well formed.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, width: Int) {
        let lead = bytes[index]
        let width = min(lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, bytes.count - index)
        var value = UInt32(lead) & (width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07)
        for offset in 1..<max(1, width) { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", width)
    }

    private static func appendASCII(_ byte: UInt8, _ start: Int32, to units: inout [Unit]) {
        var value = UInt32(byte)
        let kind: Kind
        switch byte {
        case 0x61...0x7A, 0x30...0x39: kind = .letter
        case 0x41...0x5A:
            kind = .letter
            value += 0x20
        case 0x20, 0x09: kind = .space
        case 0x0A...0x0D: kind = .newline
        case 0x27, 0x60: kind = .apostrophe
        case 0x22: kind = .quote
        case 0..<0x20, 0x7F: return
        default: kind = .symbol
        }
        units.append(Unit(kind: kind, value: value, start: start, end: start + 1))
    }

    private static func append(_ fold: ScalarFold, _ start: Int32, _ end: Int32, to units: inout [Unit]) {
        func one(_ kind: Kind, _ value: UInt32 = 0) {
            units.append(Unit(kind: kind, value: value, start: start, end: end))
        }
        switch fold {
        case .letters(let letters): for letter in letters { one(.letter, letter.value) }
        case .space: one(.space)
        case .newline: one(.newline)
        case .apostrophe: one(.apostrophe)
        case .quote: one(.quote)
        case .emoji(let scalar): one(.emoji, scalar.value)
        case .symbol(let scalar): one(.symbol, scalar.value)
        case .nothing: break
        }
    }

    // MARK: Words

    private mutating func run() {
        var index = 0
        while index < units.count {
            let unit = units[index]
            switch unit.kind {
            case .letter:
                index = word(from: index)
                continue
            case .symbol:
                if isLetterSign(unit.value, at: index) {
                    index = word(from: index)
                    continue
                }
                punctuation(unit.value, at: index)
            case .emoji:
                let start = Int32(result.letters.count)
                appendLetter(unit.value)
                var piece = Piece(letters: start..<Int32(result.letters.count), start: unit.start, end: unit.end)
                piece.isEmoji = true
                append(piece)
            case .newline:
                if index > 0, units[index - 1].kind == .newline { boundary = true }
                comma = true
                separators += 1
            case .quote: isQuoted.toggle()
            case .space: separators += 1
            case .apostrophe: break
            }
            index += 1
        }
    }

    private mutating func appendLetter(_ value: UInt32) {
        if value < 0x80 {
            result.letters.append(UInt8(truncatingIfNeeded: value))
        } else if let scalar = Unicode.Scalar(value) {
            result.letters.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    private func isLetter(_ index: Int) -> Bool {
        index >= 0 && index < units.count && units[index].kind == .letter
    }

    private func isDigit(_ index: Int) -> Bool { isLetter(index) && (0x30...0x39).contains(units[index].value) }

    /// Signs that stand for a letter when they are inside a word: ! $ @ * | + # €
    private static func standsForLetter(_ sign: UInt32) -> Bool {
        switch sign {
        case 0x21, 0x24, 0x40, 0x2A, 0x7C, 0x2B, 0x23, 0x20AC: true
        default: false
        }
    }

    /// A sign is part of a word when letters touch it on both sides, or when it begins one as `@` and `$` do.
    private func isLetterSign(_ sign: UInt32, at index: Int) -> Bool {
        guard Self.standsForLetter(sign), isLetter(index + 1) else { return false }
        if isLetter(index - 1) { return true }
        return (sign == 0x40 || sign == 0x24) && !isDigit(index + 1)
    }

    private func isSymbol(_ sign: Unicode.Scalar, at index: Int) -> Bool {
        index >= 0 && index < units.count && units[index].kind == .symbol && units[index].value == sign.value
    }

    /// Several asterisks in a row hide letters inside a word: `s**cide`.
    private func maskEnd(at index: Int) -> Int? {
        var next = index
        while next - index <= 6, isSymbol("*", at: next) { next += 1 }
        return next > index && next - index <= 6 && isLetter(next) && isLetter(index - 1) ? next : nil
    }

    private mutating func word(from first: Int) -> Int {
        var index = first
        let lettersStart = Int32(result.letters.count)
        var apostrophes = 0
        loop: while index < units.count {
            let unit = units[index]
            switch unit.kind {
            case .letter: appendLetter(unit.value)
            case .apostrophe where index > first && isLetter(index + 1): apostrophes += 1
            case .symbol where isLetterSign(unit.value, at: index): appendLetter(unit.value)
            case .symbol:
                guard let end = maskEnd(at: index) else { break loop }
                for _ in index..<end { result.letters.append(0x2A) }
                index = end
                continue
            default: break loop
            }
            index += 1
        }
        var piece = Piece(
            letters: lettersStart..<Int32(result.letters.count),
            start: units[first].start,
            end: units[index - 1].end
        )
        if apostrophes > 0 {
            piece.apostrophizedStart = Int32(result.letters.count)
            for unit in units[first..<index] {
                if unit.kind == .apostrophe { result.letters.append(0x27) } else { appendLetter(unit.value) }
            }
            piece.apostrophizedEnd = Int32(result.letters.count)
        }
        append(piece)
        return index
    }

    // MARK: Sentences

    private mutating func punctuation(_ value: UInt32, at index: Int) {
        separators += 1
        guard let sign = Unicode.Scalar(value) else { return }
        switch sign {
        case ".", "!", "?", "。", "！", "？":
            if (sign == "?" || sign == "？"), !result.pieces.isEmpty {
                result.pieces[result.pieces.count - 1].isAsked = true
            }
            // Dots in a row are a pause, not an end; a sign with a letter right after it is no end either.
            let isDots = sign == "." && (isSymbol(".", at: index - 1) || isSymbol(".", at: index + 1))
            if isDots {
                comma = true
            } else if !isLetter(index + 1) {
                boundary = true
            } else {
                comma = true
            }
        case ",", ";", ":", "(", ")", "–", "—", "-", "/", "…", "|":
            // A hyphen or slash inside a word separates nothing.
            if !(sign == "-" || sign == "/") || !isLetter(index - 1) || !isLetter(index + 1) { comma = true }
        default: break
        }
    }

    private mutating func append(_ piece: Piece) {
        var piece = piece
        if boundary, !result.pieces.isEmpty { sentence += 1 }
        piece.sentence = sentence
        piece.afterComma = comma || boundary
        piece.isQuoted = isQuoted
        piece.separatorWidth = UInt8(clamping: separators)
        result.pieces.append(piece)
        boundary = false
        comma = false
        separators = 0
    }
}
