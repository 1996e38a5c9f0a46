/// A number for a word or word class of a rule set.
typealias Symbol = Int32

/// Symbols of which a step of a pattern takes one, in ascending order.
struct SymbolSet: Sendable, Hashable {
    let symbols: [Symbol]

    init(_ symbols: some Sequence<Symbol>) { self.symbols = Set(symbols).sorted() }
}
