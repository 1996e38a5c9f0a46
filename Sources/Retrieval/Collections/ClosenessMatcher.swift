/// Measures how close neighboring words of a query stand in a document (after Büttcher, Clarke and Lushman, 2006).
struct ClosenessMatcher {
    /// Number of the query word that a term is, plus one; 0 for other terms.
    private let numbers: [UInt16]
    private let masses: [Float]
    // Scratch space: where each query word was last seen, and the closeness of each pair of neighbors.
    private var lastPlace: [Int32]
    private var pairs: [Float]

    /// - Parameter terms: the words of the query in their order.
    init(terms: [CollectionIndex.QueryTerm], termCount: Int) {
        var numbers = [UInt16](repeating: 0, count: termCount)
        for (index, term) in terms.enumerated() { numbers[term.number] = UInt16(clamping: index + 1) }
        self.numbers = numbers
        masses = zip(terms, terms.dropFirst()).map { min($0.mass, $1.mass) }
        lastPlace = [Int32](repeating: .min, count: terms.count)
        pairs = [Float](repeating: 0, count: max(0, terms.count - 1))
    }

    mutating func closeness(in words: ArraySlice<CollectionTokens.Word>) -> Float {
        for index in lastPlace.indices { lastPlace[index] = .min }
        for index in pairs.indices { pairs[index] = 0 }
        for word in words {
            let number = Int(numbers[Int(word.term)]) - 1
            guard number >= 0 else { continue }
            if number > 0 { note(pair: number - 1, from: lastPlace[number - 1], to: word.place) }
            if number + 1 < lastPlace.count { note(pair: number, from: lastPlace[number + 1], to: word.place) }
            lastPlace[number] = word.place
        }
        var sum: Float = 0
        for (pair, closeness) in pairs.enumerated() {
            sum += masses[pair] * closeness / (closeness + CollectionIndex.saturation)
        }
        return sum * CollectionIndex.closeness
    }

    private mutating func note(pair: Int, from earlier: Int32, to later: Int32) {
        guard earlier != .min else { return }
        let distance = later - earlier
        guard distance > 0, distance <= Int32(CollectionIndex.window) else { return }
        pairs[pair] += 1 / Float(distance * distance)
    }
}
