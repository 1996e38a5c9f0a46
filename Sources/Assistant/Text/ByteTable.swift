/// Numbers for words, found by the bytes of the word: a hash table with open addressing, without a `String` in sight.
struct ByteTable: Sendable {
    /// Number of an entry plus one; 0 for an empty slot. Its count is a power of two.
    private var slots: [Int32] = Array(repeating: 0, count: 64)
    private var hashes: [UInt64] = []
    private var starts: [Int32] = [0]
    private var bytes: [UInt8] = []

    var count: Int { hashes.count }

    /// FNV-1a, 64 bits.
    static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }

    /// The number of `word`, nil when it is not in the table.
    func find(_ word: ArraySlice<UInt8>) -> Int? { find(word, hash: Self.hash(word)) }

    private func find(_ word: ArraySlice<UInt8>, hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (slots.count - 1)
        while true {
            let entry = Int(slots[slot]) - 1
            guard entry >= 0 else { return nil }
            if hashes[entry] == hash, isEqual(entry, word) { return entry }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    private func isEqual(_ entry: Int, _ word: ArraySlice<UInt8>) -> Bool {
        let start = Int(starts[entry])
        let length = Int(starts[entry + 1]) - start
        guard length == word.count else { return false }
        for offset in 0..<length where bytes[start + offset] != word[word.startIndex + offset] { return false }
        return true
    }

    /// The bytes of an entry.
    func word(_ entry: Int) -> ArraySlice<UInt8> { bytes[Int(starts[entry])..<Int(starts[entry + 1])] }

    /// The number of `word`, which is put into the table when it is not there.
    mutating func insert(_ word: some Collection<UInt8>) -> Int {
        let slice = ArraySlice(word)
        let hash = Self.hash(slice)
        if let known = find(slice, hash: hash) { return known }
        if (hashes.count + 1) * 2 > slots.count { grow() }
        hashes.append(hash)
        bytes.append(contentsOf: slice)
        starts.append(Int32(bytes.count))
        place(hashes.count - 1)
        return hashes.count - 1
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for entry in hashes.indices { place(entry) }
    }

    private mutating func place(_ entry: Int) {
        let hash = hashes[entry]
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(entry) + 1
    }
}
