/// For each term, the units (articles, documents) that hold it and how much it says about each.
///
/// Flat arrays in the order of terms; a query walks a few contiguous stretches.
struct Postings: Sendable {
    private var starts: [Int] = [0]
    private var units: [Int32] = []
    /// Saturated, length-normalized frequency of the term in the unit: 0 < impact < 1.
    private var impacts: [Float] = []
    private(set) var unitCount = 0

    /// How many units hold the term.
    func unitCount(of term: Int) -> Int { term + 1 < starts.count ? starts[term + 1] - starts[term] : 0 }

    @inline(__always)
    func forEach(of term: Int, _ body: (_ unit: Int, _ impact: Float) -> Void) {
        guard term + 1 < starts.count else { return }
        for index in starts[term]..<starts[term + 1] { body(Int(units[index]), impacts[index]) }
    }

    /// Rarity of a term that `count` units hold: ln(1 + (N − n + ½) / (n + ½)), never negative.
    func rarity(unitsWithTerm count: Int) -> Float {
        let total = Float(unitCount)
        let count = min(Float(count), total)
        return Float.log(1 + (total - count + 0.5) / (count + 0.5))
    }

    /// Collects entries unit by unit, then sorts them by term in one counting pass.
    struct Builder {
        private var entryTerms: [Int32] = []
        private var entryUnits: [Int32] = []
        private var entryImpacts: [Float] = []

        mutating func add(term: Int, unit: Int, impact: Float) {
            entryTerms.append(Int32(truncatingIfNeeded: term))
            entryUnits.append(Int32(truncatingIfNeeded: unit))
            entryImpacts.append(impact)
        }

        func build(termCount: Int, unitCount: Int) -> Postings {
            var starts = [Int](repeating: 0, count: termCount + 1)
            for term in entryTerms { starts[Int(term) + 1] += 1 }
            for term in 0..<termCount { starts[term + 1] += starts[term] }
            var next = starts
            var units = [Int32](repeating: 0, count: entryTerms.count)
            var impacts = [Float](repeating: 0, count: entryTerms.count)
            for (index, term) in entryTerms.enumerated() {
                let place = next[Int(term)]
                next[Int(term)] = place + 1
                units[place] = entryUnits[index]
                impacts[place] = entryImpacts[index]
            }
            var postings = Postings()
            postings.starts = starts
            postings.units = units
            postings.impacts = impacts
            postings.unitCount = unitCount
            return postings
        }
    }
}
