/// The vocabulary as a tree over bytes, so that the longest token that a word begins with is found in one walk.
struct TokenTrie {
    static let root = 0

    /// A hash table from node and byte to the next node: open addressing, capacity a power of two.
    private var keys: [UInt32]
    private var next: [UInt32]
    private let mask: Int
    /// Id of the token that ends at each node, or −1.
    private var ids: [Int32] = [-1]

    /// Nil when the vocabulary is too large for its numbers.
    init?(_ vocabulary: [String: Int]) {
        let bytes = vocabulary.keys.reduce(0) { $0 + $1.utf8.count }
        // A key is a node's number times 256 plus a byte.
        guard bytes < 1 << 23 else { return nil }
        var capacity = 1 << 10
        while capacity < 2 * bytes { capacity *= 2 }
        mask = capacity - 1
        keys = [UInt32](repeating: .max, count: capacity)
        next = [UInt32](repeating: 0, count: capacity)
        for (token, id) in vocabulary {
            guard let id = Int32(exactly: id) else { return nil }
            var node = Self.root
            for byte in token.utf8 { node = add(node, byte) }
            ids[node] = id
        }
    }

    /// The node after `byte`, or nil where no token goes on so.
    @inline(__always)
    func child(of node: Int, _ byte: UInt8) -> Int? {
        let key = UInt32(truncatingIfNeeded: node) << 8 | UInt32(byte)
        var slot = Self.hash(key) & mask
        while keys[slot] != .max {
            if keys[slot] == key { return Int(next[slot]) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The id of the token that ends here, or −1.
    @inline(__always)
    func id(at node: Int) -> Int32 { ids[node] }

    /// The node that `text` leads to.
    func node(after text: String) -> Int? {
        var node = Self.root
        for byte in text.utf8 {
            guard let child = child(of: node, byte) else { return nil }
            node = child
        }
        return node
    }

    private mutating func add(_ node: Int, _ byte: UInt8) -> Int {
        if let known = child(of: node, byte) { return known }
        let key = UInt32(truncatingIfNeeded: node) << 8 | UInt32(byte)
        var slot = Self.hash(key) & mask
        while keys[slot] != .max { slot = (slot + 1) & mask }
        keys[slot] = key
        next[slot] = UInt32(truncatingIfNeeded: ids.count)
        ids.append(-1)
        return ids.count - 1
    }

    @inline(__always)
    private static func hash(_ key: UInt32) -> Int { Int((key &* 0x9E37_79B1) >> 7) }
}
