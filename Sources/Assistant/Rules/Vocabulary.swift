/// Every word that a rule set mentions, and how writing in the wild is brought back to those words.
struct Vocabulary: Sendable {
    /// What a spelling is to the rules.
    private struct Entry {
        /// Number of the word; -1 when the spelling is no word of a rule.
        var number: Int32 = -1
        /// Which expansion it stands for; -1 for none.
        var expansion: Int32 = -1
        var isHead = false
        var isReal = false
    }

    /// One spelling that stands for one or several words: `dont` for `do not`.
    struct Expansion: Sendable {
        let parts: [[UInt8]]
        /// Numbers of the words that each part may stand for.
        fileprivate(set) var words: [[Int32]] = []
    }

    private struct Head: Sendable {
        let letters: [UInt8]
        /// A bit for each letter of the alphabet that occurs.
        let signature: UInt32
    }

    private var table = ByteTable()
    private var entries: [Entry] = []
    private(set) var wordCount: Int32 = 0
    /// Words written with a trailing `*`, by their first two letters.
    private var prefixes: [UInt16: [(prefix: [UInt8], number: Int32)]] = [:]
    /// Words whose misspellings are recognized, by their first letter.
    private var heads: [[Head]] = Array(repeating: [], count: 256)
    /// The first three letters of every head, as bits of their hash, so that most words are known to hold none.
    private var headStarts: [UInt64] = Array(repeating: 0, count: 64)
    private(set) var expansions: [Expansion] = []

    /// Stands for any number in digits.
    static let number = "<number>"
    /// Stands for an amount of a medicine, such as `800mg`.
    static let dose = "<dose>"
    private var numberWord: Int32 = -1
    private var doseWord: Int32 = -1

    // MARK: Building

    private mutating func entry(of word: some Collection<UInt8>) -> Int {
        let place = table.insert(word)
        while entries.count <= place { entries.append(Entry()) }
        return place
    }

    mutating func intern(_ word: String) -> Int32 {
        let place = entry(of: Array(word.utf8))
        if entries[place].number >= 0 { return entries[place].number }
        let number = wordCount
        wordCount += 1
        entries[place].number = number
        if word == Self.number { numberWord = number }
        if word == Self.dose { doseWord = number }
        if word.last == "*" {
            let prefix = Array(word.utf8.dropLast())
            if prefix.count >= 2 { prefixes[Self.key(prefix[0], prefix[1]), default: []].append((prefix, number)) }
        }
        return number
    }

    mutating func addHead(_ word: String) {
        let letters = Array(word.utf8)
        guard letters.count >= 3 else { return }
        let place = entry(of: letters)
        guard !entries[place].isHead else { return }
        entries[place].isHead = true
        heads[Int(letters[0])].append(Head(letters: letters, signature: Self.signature(letters[...])))
        let start = Self.startHash(letters[...], 0)
        headStarts[start >> 6] |= 1 << UInt64(start & 63)
    }

    mutating func addRealWord(_ word: String) {
        let place = entry(of: Array(word.utf8))
        entries[place].isReal = true
    }

    mutating func addExpansion(_ spelling: String, _ words: [String]) {
        let place = entry(of: Array(spelling.utf8))
        entries[place].expansion = Int32(expansions.count)
        expansions.append(Expansion(parts: words.map { Array($0.utf8) }))
    }

    /// To be called once all words are known.
    mutating func finish() {
        for index in expansions.indices {
            expansions[index].words = expansions[index].parts.map { part in
                var words: [Int32] = []
                appendWords(of: part[...], to: &words)
                return words
            }
        }
    }

    /// The words that a spelling stands for, as text; nil when it stands for itself.
    func expansion(_ spelling: String) -> [String]? {
        expansion(of: ArraySlice(spelling.utf8)).map { $0.parts.map { String(decoding: $0, as: UTF8.self) } }
    }

    // MARK: Looking up

    func expansion(of spelling: ArraySlice<UInt8>) -> Expansion? {
        guard let place = table.find(spelling), entries[place].expansion >= 0 else { return nil }
        return expansions[Int(entries[place].expansion)]
    }

    func isHead(_ word: ArraySlice<UInt8>) -> Bool { table.find(word).map { entries[$0].isHead } ?? false }

    func contains(_ word: ArraySlice<UInt8>) -> Bool { table.find(word).map { entries[$0].number >= 0 } ?? false }

    /// Whether it is a word of a rule or stands for some.
    func knows(_ word: ArraySlice<UInt8>) -> Bool {
        table.find(word).map { entries[$0].number >= 0 || entries[$0].expansion >= 0 } ?? false
    }

    /// Numbers of the words that the text is, exactly as written.
    func words(for text: String) -> [Int32] {
        var found: [Int32] = []
        appendWords(of: ArraySlice(text.utf8), to: &found)
        return found
    }

    func appendWords(of text: ArraySlice<UInt8>, to found: inout [Int32]) {
        guard let first = text.first else { return }
        if let place = table.find(text), entries[place].number >= 0 { found.append(entries[place].number) }
        if text.count > 2, let candidates = prefixes[Self.key(first, text[text.startIndex + 1])] {
            for candidate in candidates where text.starts(with: candidate.prefix) { found.append(candidate.number) }
        }
        guard (0x30...0x39).contains(first) else { return }
        let rest = text.drop { (0x30...0x39).contains($0) }
        if rest.isEmpty || Self.isOrdinalOrTime(rest) {
            if numberWord >= 0 { found.append(numberWord) }
        } else if doseWord >= 0, Self.isUnit(rest) {
            found.append(doseWord)
        }
    }

    /// `4pm`, `3rd`, `14yo`.
    private static func isOrdinalOrTime(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.count <= 4 && ordinalsAndTimes.contains(String(decoding: rest, as: UTF8.self))
    }

    private static func isUnit(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.count <= 3 && units.contains(String(decoding: rest, as: UTF8.self))
    }

    private static let ordinalsAndTimes: Set<String> = [
        "am", "pm", "st", "nd", "rd", "th", "yo", "yr", "yrs", "k", "x", "min", "mins", "hr", "hrs", "h",
    ]
    private static let units: Set<String> = ["mg", "mgs", "g", "ml", "mcg"]

    // MARK: Misspelling

    /// The head word that `word` is a misspelling of: first letter equal, one slip, or two in a head of eight letters
    /// and more.
    func misspelledHead(_ word: ArraySlice<UInt8>) -> [UInt8]? {
        guard word.count >= 3, let first = word.first, !heads[Int(first)].isEmpty else { return nil }
        if let place = table.find(word), entries[place].isReal { return nil }
        let signature = Self.signature(word)
        var letters: [UInt8]?
        var best: (distance: Int, head: [UInt8])?
        for head in heads[Int(first)] {
            let limit = head.letters.count >= 8 ? 2 : 1
            // A short head allows a swap, a doubling or a wrong letter in a word as long as itself or longer only.
            guard abs(head.letters.count - word.count) <= limit,
                head.letters.count > 3 || word.count >= head.letters.count,
                // A slip changes the set of letters by two at most.
                (head.signature ^ signature).nonzeroBitCount <= 2 * limit
            else { continue }
            let bytes = letters ?? Array(word)
            letters = bytes
            guard let distance = slips(bytes, head.letters, limit: limit), distance < (best?.distance ?? .max) else {
                continue
            }
            best = (distance, head.letters)
        }
        return best?.head
    }

    /// The head word that `mask` hides, where every `*` is one letter.
    func unmaskedHead(_ mask: ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = mask.first else { return nil }
        let hidden = mask.count { $0 == 0x2A }
        guard hidden > 0, hidden < mask.count - 1 else { return nil }
        return heads[Int(first)].first { head in
            head.letters.count == mask.count && zip(head.letters, mask).allSatisfy { $0 == $1 || $1 == 0x2A }
        }?
        .letters
    }

    /// Whether the beginning of a head word stands somewhere in `text`; true for some texts without one.
    func mayHoldHead(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 3 else { return false }
        return (0...(text.count - 3)).contains { offset in
            let start = Self.startHash(text, offset)
            return headStarts[start >> 6] & (1 << UInt64(start & 63)) != 0
        }
    }

    private static func startHash(_ text: ArraySlice<UInt8>, _ offset: Int) -> Int {
        let start = text.startIndex + offset
        return (Int(text[start]) &* 961 &+ Int(text[start + 1]) &* 31 &+ Int(text[start + 2])) & 4095
    }

    private static func signature(_ word: ArraySlice<UInt8>) -> UInt32 {
        var bits: UInt32 = 0
        for byte in word where (0x61...0x7A).contains(byte) { bits |= 1 << UInt32(byte - 0x61) }
        return bits
    }

    private static func key(_ first: UInt8, _ second: UInt8) -> UInt16 { UInt16(first) << 8 | UInt16(second) }
}
