/// Words and phrases of a rule set, each leading to the symbols it stands for.
struct PhraseTrie: Sendable {
    private struct Edge: Hashable {
        let node: Int32
        let word: Int32
    }
    private var edges: [Edge: Int32] = [:]
    private var symbolsAt: [[Symbol]] = [[]]
    private var isInner: [Bool] = [false]

    mutating func insert(_ words: [Int32], symbol: Symbol) {
        var node: Int32 = 0
        for word in words {
            if let next = edges[Edge(node: node, word: word)] {
                node = next
            } else {
                let next = Int32(symbolsAt.count)
                edges[Edge(node: node, word: word)] = next
                symbolsAt.append([])
                isInner.append(false)
                isInner[Int(node)] = true
                node = next
            }
        }
        if node != 0, !symbolsAt[Int(node)].contains(symbol) { symbolsAt[Int(node)].append(symbol) }
    }

    func child(of node: Int32, word: Int32) -> Int32? { edges[Edge(node: node, word: word)] }
    func symbols(at node: Int32) -> [Symbol] { symbolsAt[Int(node)] }
    func hasChildren(_ node: Int32) -> Bool { isInner[Int(node)] }
}
