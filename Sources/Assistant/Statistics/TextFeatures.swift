/// What the statistical reading sees of a stretch of a message: words, neighbors of two and three, pairs with a gap, the
/// same with word classes in place of words, classes that occur together, and pieces of words of three to five letters.
///
/// Every feature has a name that a person can read (`2 want die`, `c _suici`), and a number by which it is found.
struct TextFeatures {
    /// A word of the stretch.
    private struct Word {
        var letters: ArraySlice<UInt8>
        var hash: UInt64
        /// Number of its class plus one; 0 when it has none.
        var wordClass: Int
    }

    private let classes: WordClasses
    private var words: [Word] = []

    init(_ text: FoldedText, _ range: Range<Int>, classes: WordClasses) {
        self.classes = classes
        words.reserveCapacity(range.count + 4)
        append(literal: Self.beginning)
        var sentence: Int32?
        for piece in text.pieces[range] {
            if let sentence, sentence != piece.sentence { append(literal: Self.stop) }
            sentence = piece.sentence
            append(text.slice(piece))
            if piece.isAsked { append(literal: Self.question) }
        }
        append(literal: Self.end)
    }

    private static let beginning: ArraySlice<UInt8> = [0x5E]
    private static let end: ArraySlice<UInt8> = [0x24]
    private static let stop: ArraySlice<UInt8> = [0x2E]
    private static let question: ArraySlice<UInt8> = [0x3F]
    /// Numbers that mean more than a number.
    private static let kept: [ArraySlice<UInt8>] = [[0x39, 0x38, 0x38], [0x39, 0x31, 0x31]]

    private mutating func append(literal: ArraySlice<UInt8>) {
        words.append(Word(letters: literal, hash: ByteTable.hash(literal), wordClass: 0))
    }

    private mutating func append(_ letters: ArraySlice<UInt8>) {
        var letters = letters.prefix(40)
        if letters.contains(where: { (0x30...0x39).contains($0) }), !Self.kept.contains(letters) {
            var plain: [UInt8] = []
            for byte in letters {
                let sign: UInt8 = (0x30...0x39).contains(byte) ? 0x23 : byte
                if sign != 0x23 || plain.last != 0x23 { plain.append(sign) }
            }
            letters = plain[...]
        }
        words.append(Word(letters: letters, hash: ByteTable.hash(letters), wordClass: classes.number(of: letters) + 1))
    }

    // MARK: Features

    private enum Kind: UInt64 { case word = 1, pair, gap, three, together, letters }

    private static func key(_ kind: Kind, _ first: UInt64, _ second: UInt64 = 0, _ third: UInt64 = 0) -> UInt64 {
        var key = (first ^ kind.rawValue) &* 0x9E37_79B9_7F4A_7C15
        key = (key ^ (key >> 29) ^ second) &* 0xBF58_476D_1CE4_E5B9
        key = (key ^ (key >> 32) ^ third) &* 0x94D0_49BB_1331_11EB
        return (key ^ (key >> 31)) | 1
    }

    /// Calls `body` for each feature, with its number and a way to its name. Some come more than once.
    @inline(__always)
    func forEach(_ body: (UInt64, () -> String) -> Void) {
        for index in words.indices {
            single(index, body)
            if index + 1 < words.count { pair(index, 1, .pair, body) }
            if index + 2 < words.count {
                pair(index, 2, .gap, body)
                three(index, body)
            }
        }
        together(body)
    }

    private func name(_ word: Word) -> String { String(decoding: word.letters, as: UTF8.self) }
    private func classHash(_ word: Word) -> UInt64 {
        word.wordClass > 0 ? classes.hashes[word.wordClass - 1] : word.hash
    }
    private func className(_ word: Word) -> String {
        word.wordClass > 0 ? classes.names[word.wordClass - 1] : name(word)
    }

    @inline(__always)
    private func single(_ index: Int, _ body: (UInt64, () -> String) -> Void) {
        let word = words[index]
        guard index > 0, index + 1 < words.count else { return }
        body(Self.key(.word, word.hash)) { "1 " + name(word) }
        if word.wordClass > 0 { body(Self.key(.word, classHash(word))) { "1 " + className(word) } }
        lettersOf(word, body)
    }

    @inline(__always)
    private func lettersOf(_ word: Word, _ body: (UInt64, () -> String) -> Void) {
        guard word.letters.count > 1, word.letters.allSatisfy({ $0 < 0x80 }) else { return }
        // The word between two bars; the last five letters are kept in one number.
        var last: UInt64 = 0x5F
        var count = 1
        for offset in 0...word.letters.count {
            let byte = offset < word.letters.count ? word.letters[word.letters.startIndex + offset] : 0x5F
            last = (last << 8 | UInt64(byte)) & 0xFF_FFFF_FFFF
            count += 1
            for length in 3...5 where count >= length {
                let piece = last & ((1 << UInt64(8 * length)) - 1)
                body(Self.key(.letters, piece)) {
                    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: piece >> UInt64(8 * (length - 1 - $0))) }
                    return "c " + String(decoding: bytes, as: UTF8.self)
                }
            }
        }
    }

    @inline(__always)
    private func pair(_ index: Int, _ distance: Int, _ kind: Kind, _ body: (UInt64, () -> String) -> Void) {
        let first = words[index]
        let second = words[index + distance]
        let sign = kind == .gap ? "s " : "2 "
        body(Self.key(kind, first.hash, second.hash)) { sign + name(first) + " " + name(second) }
        if first.wordClass > 0 || second.wordClass > 0 {
            body(Self.key(kind, classHash(first), classHash(second))) {
                sign + className(first) + " " + className(second)
            }
        }
    }

    @inline(__always)
    private func three(_ index: Int, _ body: (UInt64, () -> String) -> Void) {
        let (first, second, third) = (words[index], words[index + 1], words[index + 2])
        body(Self.key(.three, first.hash, second.hash, third.hash)) {
            "3 " + name(first) + " " + name(second) + " " + name(third)
        }
        if first.wordClass > 0 || second.wordClass > 0 || third.wordClass > 0 {
            body(Self.key(.three, classHash(first), classHash(second), classHash(third))) {
                "3 " + className(first) + " " + className(second) + " " + className(third)
            }
        }
    }

    @inline(__always)
    private func together(_ body: (UInt64, () -> String) -> Void) {
        var found: UInt64 = 0
        for word in words where word.wordClass > 0 { found |= 1 &<< UInt64(word.wordClass - 1) }
        var rest = found
        while rest != 0 {
            let first = rest.trailingZeroBitCount
            rest &= rest &- 1
            var others = rest
            while others != 0 {
                let second = others.trailingZeroBitCount
                others &= others &- 1
                body(Self.key(.together, classes.hashes[first], classes.hashes[second])) {
                    "& " + classes.names[first] + " " + classes.names[second]
                }
            }
        }
    }

    // MARK: Names

    /// The number of the feature with this name; nil when it is no name of a feature.
    static func key(named name: ArraySlice<UInt8>) -> UInt64? {
        guard name.count > 2, let sign = name.first else { return nil }
        let rest = name.dropFirst(2)
        if sign == 0x63 {
            guard (3...5).contains(rest.count) else { return nil }
            return key(.letters, rest.reduce(0) { $0 << 8 | UInt64($1) })
        }
        let parts = rest.split(separator: 0x20).map { ByteTable.hash($0) }
        switch (sign, parts.count) {
        case (0x31, 1): return key(.word, parts[0])
        case (0x32, 2): return key(.pair, parts[0], parts[1])
        case (0x73, 2): return key(.gap, parts[0], parts[1])
        case (0x33, 3): return key(.three, parts[0], parts[1], parts[2])
        case (0x26, 2): return key(.together, parts[0], parts[1])
        default: return nil
        }
    }
}

/// Words that stand for one kind of thing, such as medicines or kin: at most 64 classes.
struct WordClasses: Sendable {
    private var table = ByteTable()
    private var numbers: [Int] = []
    /// The names in angle brackets.
    private(set) var names: [String] = []
    private(set) var hashes: [UInt64] = []
    static let most = 64

    /// Adds a class; a word belongs to the first class that names it.
    mutating func add(_ name: String, words: [String]) {
        let number = names.count
        names.append("<\(name)>")
        hashes.append(ByteTable.hash("<\(name)>".utf8))
        for word in words {
            let letters = Tokenizer.tokenize(word).tokens.map(\.text).joined()
            let place = table.insert(Array(letters.utf8))
            if place == numbers.count { numbers.append(number) }
        }
    }

    /// The class of a word, -1 when it has none.
    func number(of word: ArraySlice<UInt8>) -> Int { table.find(word).map { numbers[$0] } ?? -1 }
}
