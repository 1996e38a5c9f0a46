/// A number for a word or word class of a rule set.
typealias Symbol = Int32

/// A set of symbols that answers membership in constant time.
struct SymbolSet: Sendable, Equatable {
    private var bits: [UInt64] = []

    init(_ symbols: some Sequence<Symbol> = []) { for symbol in symbols { insert(symbol) } }

    mutating func insert(_ symbol: Symbol) {
        let word = Int(symbol) >> 6
        if word >= bits.count { bits.append(contentsOf: repeatElement(0, count: word + 1 - bits.count)) }
        bits[word] |= 1 << UInt64(symbol & 63)
    }

    func contains(_ symbol: Symbol) -> Bool {
        let word = Int(symbol) >> 6
        return word < bits.count && bits[word] & (1 << UInt64(symbol & 63)) != 0
    }
}
