/// Finds, for a term of a text, the words of the query that it answers.
struct QueryTerms {
    struct Answer {
        let slot: Int
        let alternative: Int
        /// Part of the slot's mass that the term is worth, 0…1.
        let share: Float
        let gain: Float
    }

    private let answers: [Answer]
    /// First answer of each term plus one, or 0.
    private var first: [UInt16]
    /// Next answer of the same term plus one, or 0.
    private var next: [UInt16]

    init(_ query: Query, termCount: Int) {
        var answers: [Answer] = []
        first = [UInt16](repeating: 0, count: termCount)
        next = []
        for (number, slot) in query.slots.enumerated() where slot.mass > 0 {
            for (place, alternative) in slot.alternatives.enumerated() {
                next.append(first[alternative.term])
                answers.append(
                    Answer(
                        slot: number,
                        alternative: place,
                        share: alternative.gain / slot.mass,
                        gain: alternative.gain
                    )
                )
                first[alternative.term] = UInt16(clamping: answers.count)
            }
        }
        self.answers = answers
    }

    @inline(__always)
    func forEachAnswer(of term: Int32, _ body: (Answer) -> Void) {
        var place = first[Int(term)]
        while place > 0 {
            body(answers[Int(place) - 1])
            place = next[Int(place) - 1]
        }
    }

    @inline(__always)
    func answers(_ term: Int32) -> Bool { first[Int(term)] > 0 }
}
