/// One way of saying something, as it was written: a sequence of words, word classes and gaps.
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

    /// What a pattern belongs to.
    enum Owner: Sendable, Equatable {
        case rule(Int)
        /// Cancels matches of the rule in the same sentence.
        case unless(Int)
        /// Must be there for the rule to count.
        case needs(Int)
        case context(Context)
    }

    let owner: Owner
    let steps: [Step]
}

/// A place where a pattern was found, in places of words.
struct PatternHit: Sendable, Equatable {
    let start: Int
    let end: Int
    /// A bit for every word from `start` that only a gap passed over.
    let gapMask: UInt64

    func isGap(_ word: Int) -> Bool { word >= start && word < end && gapMask & (1 &<< UInt64(word - start)) != 0 }
    func overlaps(_ other: PatternHit) -> Bool { start < other.end && other.start < end }
}
