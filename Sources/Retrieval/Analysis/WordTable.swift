/// A set of byte strings, each with a number from 0 in the order of arrival.
///
/// All bytes lie in one array, and the table is open addressing over 32-bit numbers: a lookup costs one hash and
/// seldom more than one comparison, and nothing is allocated for a known word.
struct WordTable: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]
    private var hashes: [UInt32] = []
    private var slots: [Int32]

    init(minimumCapacity: Int = 64) {
        var size = 64
        while size < minimumCapacity * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
    }

    var count: Int { hashes.count }

    func find(_ word: [UInt8], _ range: Range<Int>) -> Int? {
        find(word, range, hash: Self.hash(word, range)).found
    }

    func find(_ word: [UInt8]) -> Int? { find(word, 0..<word.count) }

    /// The number of the word, and whether it is new.
    mutating func insert(_ word: [UInt8], _ range: Range<Int>) -> (number: Int, isNew: Bool) {
        let hash = Self.hash(word, range)
        let (found, slot) = find(word, range, hash: hash)
        if let found { return (found, false) }
        let number = hashes.count
        bytes.append(contentsOf: word[range])
        starts.append(bytes.count)
        hashes.append(hash)
        slots[slot] = Int32(truncatingIfNeeded: number)
        if hashes.count * 2 > slots.count { grow() }
        return (number, true)
    }

    mutating func insert(_ word: [UInt8]) -> (number: Int, isNew: Bool) { insert(word, 0..<word.count) }

    subscript(number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

    func text(_ number: Int) -> String { String(decoding: self[number], as: UTF8.self) }

    // MARK: - Hashing

    private func find(_ word: [UInt8], _ range: Range<Int>, hash: UInt32) -> (found: Int?, slot: Int) {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while true {
            let number = Int(slots[slot])
            if number < 0 { return (nil, slot) }
            if hashes[number] == hash, equals(number, word, range) { return (number, slot) }
            slot = (slot + 1) & mask
        }
    }

    private func equals(_ number: Int, _ word: [UInt8], _ range: Range<Int>) -> Bool {
        let start = starts[number]
        guard starts[number + 1] - start == range.count else { return false }
        var offset = 0
        while offset < range.count {
            if bytes[start + offset] != word[range.lowerBound + offset] { return false }
            offset += 1
        }
        return true
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (number, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: number)
        }
    }

    /// FNV-1a, folded to 32 bits. Not seeded: the same words get the same numbers in every run.
    private static func hash(_ word: [UInt8], _ range: Range<Int>) -> UInt32 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range { hash = (hash ^ UInt64(word[index])) &* 0x100_0000_01B3 }
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
