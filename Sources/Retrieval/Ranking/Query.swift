/// A query as the index understands it.
struct Query: Sendable {
    /// A term that may stand for a word of the query.
    struct Alternative: Sendable {
        let term: Int
        /// What finding it is worth, at most the word's mass.
        var gain: Float
        let way: TermEvidence.Way
        /// What the word was read as.
        let reading: String
    }

    /// A word of the query that counts.
    struct Slot: Sendable {
        let typed: String
        let position: Int
        /// Weight 1, or less for words that say little, such as "when".
        let weight: Float
        /// A word for a subject other than the portal's, see ``Lexicon/elsewhereWords``.
        let leadsElsewhere: Bool
        /// Own term, if the index holds it.
        var term: Int?
        /// What the word is worth: its rarity times its weight.
        var mass: Float = 0
        var alternatives: [Alternative] = []
    }

    var slots: [Slot] = []
    /// Terms of all words that have any weight, in the order typed; −1 for unknown ones.
    var words: [Int32] = []
    var wasTruncated = false

    /// What a text that holds every word would be worth at most.
    var mass: Float { slots.reduce(0) { $0 + $1.mass } }
    var unknown: [Slot] { slots.filter(\.alternatives.isEmpty) }
}

/// A sample question that is treated as if it had never been written, to see whether the others find its article.
struct LeftOutQuestion: Sendable {
    let article: Int
    let question: Int
    /// Terms that no other text of the article holds.
    let lostTerms: Set<Int>
}
