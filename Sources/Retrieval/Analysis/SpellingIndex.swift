import Knowledge

/// Finds the known words that somebody may have meant by an unknown one.
///
/// The words lie sorted, so that neighbours share the beginning of their edit-distance table: a search walks the words of
/// one first letter like a trie, skipping every stretch whose common beginning is already too far off. Building costs one
/// sort; 100,000 words need no more memory than their order.
struct SpellingIndex: Sendable {
    /// A known word near the one asked for.
    struct Candidate: Sendable {
        /// Number of the word in the table.
        let word: Int
        let distance: Int
        /// How far to trust it, up to 1: less for a larger distance, a short word, and an unlikely slip.
        let likelihood: Double
    }

    /// Shortest words (in bytes) that are corrected, by one edit and by two.
    static let shortest = (one: 4, two: 8)

    private let table: WordTable
    /// Numbers of the words, sorted by their bytes.
    private let order: [Int32]
    /// Length of the common beginning with the word before.
    private let shared: [UInt8]
    /// Where each first byte's words begin in `order`; 257 entries.
    private let starts: [Int]

    /// - Parameter words: numbers of the words of `table` to offer.
    init(table: WordTable, words: some Sequence<Int>) {
        self.table = table
        // Most pairs differ in their first eight bytes, which compare as one number.
        let sorted = words.filter { (3...30).contains(table[$0].count) && Self.isSpelled(table[$0]) }
            .map { (beginning: Self.beginning(table[$0]), number: $0) }
            .sorted { first, second in
                first.beginning != second.beginning
                    ? first.beginning < second.beginning
                    : table[first.number].lexicographicallyPrecedes(table[second.number])
            }
            .map(\.number)
        order = sorted.map { Int32(truncatingIfNeeded: $0) }
        var shared: [UInt8] = []
        var starts = [Int](repeating: 0, count: 257)
        for (index, number) in sorted.enumerated() {
            let word = table[number]
            shared.append(index == 0 ? 0 : UInt8(Self.commonPrefix(table[sorted[index - 1]], word)))
            if let first = word.first { starts[Int(first) + 1] = index + 1 }
        }
        for byte in 1..<257 { starts[byte] = max(starts[byte], starts[byte - 1]) }
        self.shared = shared
        self.starts = starts
    }

    /// The nearest known words, likeliest first.
    func candidates(for word: [UInt8], limit: Int = 3) -> [Candidate] {
        guard word.count >= Self.shortest.one, word.count <= 30, Self.isSpelled(word[...]) else { return [] }
        let reach = word.count >= Self.shortest.two ? 2 : 1
        var found = search(word, reach: reach)
        found += withAnotherFirstLetter(word)
        return found.sorted { ($1.likelihood, $0.word) < ($0.likelihood, $1.word) }.prefix(limit).map { $0 }
    }

    // MARK: - Search

    private func search(_ word: [UInt8], reach: Int) -> [Candidate] {
        guard let first = word.first else { return [] }
        var found: [Candidate] = []
        let range = starts[Int(first)]..<starts[Int(first) + 1]
        let width = word.count + 1
        // Row d holds the distances of a candidate's first d bytes to every beginning of `word`.
        var rows = [UInt8](repeating: 0, count: 32 * width)
        for column in 0..<width { rows[column] = UInt8(column) }
        var valid = 0  // rows[...valid] belong to the candidate before
        var blocked = Int.max  // every word that shares this much with the one before is too far off
        for index in range {
            let candidate = table[Int(order[index])]
            let common = index == range.lowerBound ? 0 : Int(shared[index])
            if common >= blocked { continue }
            blocked = .max
            valid = min(valid, common)
            var depth = valid
            for byte in candidate.dropFirst(valid) {
                depth += 1
                if fill(&rows, depth: depth, width: width, byte: byte, candidate: candidate, word: word) > reach {
                    blocked = depth
                    break
                }
            }
            valid = depth
            guard blocked == .max, abs(candidate.count - word.count) <= reach else { continue }
            let distance = Int(rows[candidate.count * width + word.count])
            if distance > 0, distance <= reach { found.append(judge(Int(order[index]), word, distance: distance)) }
        }
        return found
    }

    /// Fills one row and returns its least distance.
    private func fill(
        _ rows: inout [UInt8],
        depth: Int,
        width: Int,
        byte: UInt8,
        candidate: ArraySlice<UInt8>,
        word: [UInt8]
    ) -> Int {
        let row = depth * width
        let above = row - width
        rows[row] = UInt8(depth)
        var least = depth
        for column in 1..<width {
            let same = word[column - 1] == byte
            var value = rows[above + column - 1] + (same ? 0 : 1)
            value = min(value, rows[above + column] + 1, rows[row + column - 1] + 1)
            if depth > 1, column > 1, word[column - 2] == byte,
                candidate[candidate.startIndex + depth - 2] == word[column - 1]
            {
                value = min(value, rows[above - width + column - 2] + 1)
            }
            rows[row + column] = value
            least = min(least, Int(value))
        }
        return least
    }

    /// The first letter is seldom wrong; one slip there is allowed in words of six letters or more.
    private func withAnotherFirstLetter(_ word: [UInt8]) -> [Candidate] {
        guard word.count >= 6 else { return [] }
        var tries: [[UInt8]] = [Array(word.dropFirst()), [word[1], word[0]] + word.dropFirst(2)]
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") where letter != word[0] {
            tries.append([letter] + word)
            tries.append([letter] + word.dropFirst())
        }
        return tries.compactMap { attempt in
            guard attempt.first != word.first, let index = position(of: attempt) else { return nil }
            let number = Int(order[index])
            return Candidate(word: number, distance: 1, likelihood: judge(number, word, distance: 1).likelihood * 0.8)
        }
    }

    private func position(of word: [UInt8]) -> Int? {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if table[Int(order[middle])].lexicographicallyPrecedes(word) { low = middle + 1 } else { high = middle }
        }
        return low < order.count && table[Int(order[low])].elementsEqual(word) ? low : nil
    }

    // MARK: - Judgement

    /// Swapped neighbours, a doubled or missing letter and a wrong vowel are what fingers and ears do; one consonant for
    /// another in a short word is more often a different word.
    private func judge(_ number: Int, _ word: [UInt8], distance: Int) -> Candidate {
        let candidate = Array(table[number])
        let length = Double(max(word.count, candidate.count))
        var likelihood = 1 - Double(distance) / length
        if distance == 1, word.count == candidate.count {
            let differences = word.indices.filter { word[$0] != candidate[$0] }
            if differences.count == 1, let place = differences.first {
                let bothVowels = Self.isVowel(word[place]) && Self.isVowel(candidate[place])
                if !bothVowels { likelihood *= length < 6 ? 0.5 : 0.85 }
            }
        } else if distance == 1, length <= 5, !Self.isDoubledLetter(word, candidate) {
            likelihood *= 0.6
        }
        return Candidate(word: number, distance: distance, likelihood: likelihood)
    }

    /// "eror" for "error".
    private static func isDoubledLetter(_ word: [UInt8], _ candidate: [UInt8]) -> Bool {
        let (short, long) = word.count < candidate.count ? (word, candidate) : (candidate, word)
        let place = zip(short, long).prefix { $0 == $1 }.count
        return place > 0 && place < long.count && long[place] == long[place - 1]
    }

    private static func isVowel(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
            UInt8(ascii: "y"):
            true
        default: false
        }
    }

    /// Letters only: a number that is off by one is another number.
    private static func isSpelled(_ word: ArraySlice<UInt8>) -> Bool { word.allSatisfy(Folding.isLetter) }

    private static func beginning(_ word: ArraySlice<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        for byte in word.prefix(8) { value = value << 8 | UInt64(byte) }
        return value << UInt64(8 * (8 - min(8, word.count)))
    }

    private static func commonPrefix(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Int {
        zip(first, second).prefix { $0 == $1 }.count
    }
}
