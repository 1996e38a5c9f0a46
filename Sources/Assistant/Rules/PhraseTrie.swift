/// Words and phrases of a rule set, each leading to the symbols it stands for.
struct PhraseTrie: Sendable {
    /// From a node (upper half of the key) and a word (lower half) to the next node.
    private var edges = NumberTable()
    /// The nodes that the words lead to from the beginning; 0 for none.
    private var first: [Int32] = []
    private(set) var symbols: [[Symbol]] = [[]]
    private var isInner: [Bool] = [false]

    mutating func insert(_ words: [Int32], symbol: Symbol) {
        var node: Int32 = 0
        for word in words {
            if let next = child(of: node, word: word) {
                node = next
            } else {
                let next = Int32(symbols.count)
                symbols.append([])
                isInner.append(false)
                isInner[Int(node)] = true
                if node == 0 {
                    while first.count <= Int(word) { first.append(0) }
                    first[Int(word)] = next
                } else {
                    edges.insert(Self.key(node, word), next)
                }
                node = next
            }
        }
        if node != 0, !symbols[Int(node)].contains(symbol) { symbols[Int(node)].append(symbol) }
    }

    func child(of node: Int32, word: Int32) -> Int32? {
        if node == 0 {
            guard word < first.count, first[Int(word)] != 0 else { return nil }
            return first[Int(word)]
        }
        return edges.find(Self.key(node, word))
    }

    func hasChildren(_ node: Int32) -> Bool { isInner[Int(node)] }

    private static func key(_ node: Int32, _ word: Int32) -> UInt64 { UInt64(node) << 32 | UInt64(word) }
}

/// Numbers found by numbers: a hash table with open addressing. No key is 0.
struct NumberTable: Sendable {
    private var keys: [UInt64] = Array(repeating: 0, count: 64)
    private var values: [Int32] = Array(repeating: 0, count: 64)
    private(set) var count = 0

    private func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (keys.count - 1)
    }

    func find(_ key: UInt64) -> Int32? {
        var slot = slot(key)
        while keys[slot] != 0 {
            if keys[slot] == key { return values[slot] }
            slot = (slot + 1) & (keys.count - 1)
        }
        return nil
    }

    /// Sets the value of `key`, which must not be 0.
    mutating func insert(_ key: UInt64, _ value: Int32) {
        if (count + 1) * 2 > keys.count { grow() }
        var slot = slot(key)
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
        if keys[slot] == 0 { count += 1 }
        keys[slot] = key
        values[slot] = value
    }

    private mutating func grow() {
        let old = zip(keys, values).filter { $0.0 != 0 }
        keys = Array(repeating: 0, count: keys.count * 2)
        values = Array(repeating: 0, count: keys.count)
        count = 0
        for (key, value) in old { insert(key, value) }
    }
}
