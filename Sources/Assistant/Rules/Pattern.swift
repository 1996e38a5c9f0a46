/// One way of saying something: a sequence of words, word classes and gaps.
struct Pattern: Sendable {
    enum Step: Sendable {
        /// One of the symbols, which may span several words.
        case one(SymbolSet)
        /// The same, or nothing.
        case optional(SymbolSet)
        /// Up to so many words of any kind.
        case gap(Int)
        /// What comes next, without taking it.
        case ahead(SymbolSet)
        case notAhead(SymbolSet)
        case sentenceStart
        case sentenceEnd
    }

    /// Whom the pattern belongs to, as the rule set numbers its owners.
    let owner: Int
    let steps: [Step]
    /// Symbols with which a match can begin.
    let firstSymbols: [Symbol]
    /// Most words a match can span; no more than 60.
    static let longestMatch = 60
}

/// A place where a pattern was found, in token positions.
struct PatternHit: Sendable, Equatable {
    let owner: Int
    let start: Int
    let end: Int
    /// A bit for every token from `start` that only a gap passed over.
    let gapMask: UInt64

    func isGap(_ token: Int) -> Bool { token >= start && token < end && gapMask & (1 << UInt64(token - start)) != 0 }
    func overlaps(_ other: PatternHit) -> Bool { start < other.end && other.start < end }
}
