/// Every word that a rule set mentions, and how writing in the wild is brought back to those words.
struct Vocabulary: Sendable {
    private var numbers: [String: Int32] = [:]
    /// Words written with a trailing `*`, by their first two letters.
    private var prefixes: [String: [(prefix: String, number: Int32)]] = [:]
    /// One spelling that stands for one or several words: `dont` for `do not`.
    var expansions: [String: [String]] = [:]
    /// Words whose misspellings are recognized, by their first letter.
    private var heads: [UInt8: [[UInt8]]] = [:]
    /// Words that look like a misspelled head but are words of their own.
    var realWords: Set<String> = []

    /// Stands for any number in digits.
    static let number = "<number>"
    /// Stands for an amount of a medicine, such as `800mg`.
    static let dose = "<dose>"

    mutating func intern(_ word: String) -> Int32 {
        if let number = numbers[word] { return number }
        let number = Int32(numbers.count)
        numbers[word] = number
        if word.last == "*" {
            let prefix = String(word.dropLast())
            prefixes[String(prefix.prefix(2)), default: []].append((prefix, number))
        }
        return number
    }

    mutating func addHead(_ word: String) {
        let bytes = Array(word.utf8)
        if let first = bytes.first { heads[first, default: []].append(bytes) }
    }

    func contains(_ word: String) -> Bool { numbers[word] != nil }

    /// Numbers of the words that `text` is, exactly as written.
    func words(for text: String) -> [Int32] {
        var found: [Int32] = []
        if let number = numbers[text] { found.append(number) }
        if text.utf8.count > 2, let candidates = prefixes[String(text.prefix(2))] {
            for candidate in candidates where text.hasPrefix(candidate.prefix) { found.append(candidate.number) }
        }
        if let first = text.utf8.first, (0x30...0x39).contains(first) {
            if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || Self.ordinalOrTime(text) {
                if let number = numbers[Self.number] { found.append(number) }
            } else if let number = numbers[Self.dose],
                ["mg", "mgs", "g", "ml", "mcg"].contains(String(text.drop { $0.isNumber }))
            {
                found.append(number)
            }
        }
        return found
    }

    /// `4pm`, `3rd`, `14yo`.
    private static func ordinalOrTime(_ text: String) -> Bool {
        ["am", "pm", "st", "nd", "rd", "th", "yo", "yr", "yrs", "k", "x", "min", "mins", "hr", "hrs", "h"]
            .contains(String(text.drop { $0.isNumber }))
    }

    /// The head word that `word` is a misspelling of: first letter equal, one slip, or two in a head of eight letters
    /// and more.
    func misspelledHead(_ word: String) -> String? {
        let bytes = Array(word.utf8)
        guard bytes.count >= 3, let first = bytes.first, let candidates = heads[first], !realWords.contains(word) else {
            return nil
        }
        var best: (distance: Int, head: [UInt8])?
        for head in candidates {
            let limit = head.count >= 8 ? 2 : 1
            // A short head allows a swap, a doubling or a wrong letter in a word as long as itself or longer only.
            guard abs(head.count - bytes.count) <= limit, head.count > 3 || bytes.count >= head.count else { continue }
            guard let distance = slips(bytes, head, limit: limit), distance < (best?.distance ?? .max) else { continue }
            best = (distance, head)
        }
        return best.map { String(decoding: $0.head, as: UTF8.self) }
    }

    /// The head word that `mask` hides, where every `*` is one letter.
    func unmaskedHead(_ mask: String) -> String? {
        let bytes = Array(mask.utf8)
        guard let first = bytes.first, let candidates = heads[first] else { return nil }
        let hidden = bytes.count { $0 == 0x2A }
        guard hidden > 0, hidden < bytes.count - 1 else { return nil }
        return candidates.first { head in
            head.count == bytes.count && zip(head, bytes).allSatisfy { $0 == $1 || $1 == 0x2A }
        }
        .map { String(decoding: $0, as: UTF8.self) }
    }

    func isHead(_ word: String) -> Bool {
        guard let first = word.utf8.first else { return false }
        return heads[first]?.contains(Array(word.utf8)) ?? false
    }
}
