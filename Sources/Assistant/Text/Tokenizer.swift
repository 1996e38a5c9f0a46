/// Cuts text into folded words that remember where they stood in the original.
struct Tokenizer {
    private struct Unit {
        var kind: ScalarFold
        var start: Int
        var end: Int
    }

    /// Signs that stand for a letter when they are inside a word.
    private static let signsInWords: Set<Unicode.Scalar> = ["!", "$", "@", "*", "|", "+", "#", "€"]

    private let units: [Unit]
    private var tokens: [Token] = []
    private var sentence = 0
    private var boundary = false
    private var comma = false
    private var isQuoted = false
    private var separators = 0

    /// The words of `text`; `offset` is added to every position.
    ///
    /// - Complexity: linear in the length of the text.
    static func tokenize(_ text: String.UnicodeScalarView.SubSequence, offset: Int = 0) -> TokenizedText {
        var tokenizer = Tokenizer(text, offset: offset)
        tokenizer.run()
        return TokenizedText(tokens: joiningLoneWords(tokenizer.tokens))
    }

    static func tokenize(_ text: String) -> TokenizedText { tokenize(text.unicodeScalars[...]) }

    private init(_ text: String.UnicodeScalarView.SubSequence, offset: Int) {
        var units: [Unit] = []
        var position = offset
        for scalar in text {
            let end = position + UTF8.width(scalar)
            switch ScalarFold.fold(scalar) {
            case .letters(let letters):
                for letter in letters { units.append(Unit(kind: .letters([letter]), start: position, end: end)) }
            case .nothing: break
            case let kind: units.append(Unit(kind: kind, start: position, end: end))
            }
            position = end
        }
        self.units = units
    }

    private mutating func run() {
        var index = 0
        while index < units.count {
            let unit = units[index]
            switch unit.kind {
            case .letters:
                index = word(from: index)
                continue
            case .symbol(let sign):
                if isLetterSign(sign, at: index) {
                    index = word(from: index)
                    continue
                }
                punctuation(sign, at: index)
            case .emoji(let scalar):
                append(Token(text: String(scalar), range: unit.start..<unit.end, isEmoji: true))
            case .newline:
                if index > 0, units[index - 1].kind == .newline { boundary = true }
                comma = true
                separators += 1
            case .quote: isQuoted.toggle()
            case .space: separators += 1
            case .apostrophe, .nothing: break
            }
            index += 1
        }
    }

    private func isLetter(_ index: Int) -> Bool {
        guard units.indices.contains(index), case .letters = units[index].kind else { return false }
        return true
    }

    private func isDigit(_ index: Int) -> Bool {
        guard units.indices.contains(index), case .letters(let letters) = units[index].kind else { return false }
        return letters.first.map { (0x30...0x39).contains($0.value) } ?? false
    }

    /// A sign is part of a word when letters touch it on both sides, or when it begins one as `@` and `$` do.
    private func isLetterSign(_ sign: Unicode.Scalar, at index: Int) -> Bool {
        guard Self.signsInWords.contains(sign) else { return false }
        if isLetter(index - 1), isLetter(index + 1) { return true }
        return (sign == "@" || sign == "$") && isLetter(index + 1) && !isDigit(index + 1)
    }

    /// Several asterisks in a row hide letters inside a word: `s**cide`.
    private func maskEnd(at index: Int) -> Int? {
        var next = index
        while next < units.count, units[next].kind == .symbol("*") { next += 1 }
        return next > index && next - index <= 6 && isLetter(next) && isLetter(index - 1) ? next : nil
    }

    private mutating func word(from first: Int) -> Int {
        var index = first
        var plain = String.UnicodeScalarView()
        var apostrophized = String.UnicodeScalarView()
        var hasApostrophe = false
        loop: while index < units.count {
            switch units[index].kind {
            case .letters(let letters):
                plain.append(contentsOf: letters)
                apostrophized.append(contentsOf: letters)
            case .apostrophe where index > first && isLetter(index + 1):
                hasApostrophe = true
                apostrophized.append("'")
            case .symbol(let sign) where isLetterSign(sign, at: index):
                plain.append(sign)
            case .symbol:
                guard let end = maskEnd(at: index) else { break loop }
                for _ in index..<end { plain.append("*") }
                index = end
                continue
            default: break loop
            }
            index += 1
        }
        var token = Token(text: String(plain), range: units[first].start..<units[index - 1].end)
        if hasApostrophe { token.apostrophized = String(apostrophized) }
        append(token)
        return index
    }

    private mutating func punctuation(_ sign: Unicode.Scalar, at index: Int) {
        separators += 1
        switch sign {
        case ".", "!", "?", "。", "！", "？", "¿", "¡":
            if sign == "¿" || sign == "¡" { break }
            // Dots in a row are a pause, not an end; a sign with a letter right after it is no end either.
            let isDots = sign == "." && (hasDot(index - 1) || hasDot(index + 1))
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

    private func hasDot(_ index: Int) -> Bool { units.indices.contains(index) && units[index].kind == .symbol(".") }

    private mutating func append(_ token: Token) {
        var token = token
        if boundary, !tokens.isEmpty { sentence += 1 }
        token.sentence = sentence
        token.afterComma = comma || boundary
        token.isQuoted = isQuoted
        token.separatorWidth = separators
        tokens.append(token)
        boundary = false
        comma = false
        separators = 0
    }

    /// Joins sentences in a row that hold one word each: "I. want. to. die."
    private static func joiningLoneWords(_ tokens: [Token]) -> [Token] {
        var tokens = tokens
        var start = 0
        func isAlone(_ index: Int) -> Bool {
            let sentence = tokens[index].sentence
            return (index == 0 || tokens[index - 1].sentence != sentence)
                && (index + 1 == tokens.count || tokens[index + 1].sentence != sentence)
        }
        while start < tokens.count {
            var end = start
            while end < tokens.count, isAlone(end) { end += 1 }
            if end - start >= 2 {
                // The later numbers are left unused; only equality of sentence numbers matters.
                let sentence = tokens[start].sentence
                for index in start..<end { tokens[index].sentence = sentence }
            }
            start = max(end, start + 1)
        }
        return tokens
    }
}
