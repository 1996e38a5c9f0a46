/// Undoes English contractions, which people type with and without the apostrophe.
enum EnglishContractions {
    /// The full words of a contraction ("won't" → "will", "not"), or nil when the word is none.
    static func parts(_ word: ArraySlice<UInt8>, hasApostrophe: Bool) -> [[UInt8]]? {
        guard hasApostrophe else { return isCandidate(word) ? bare[word] : nil }
        guard let mark = word.lastIndex(of: UInt8(ascii: "'")) else { return nil }
        let head = word[..<mark]
        guard !head.contains(UInt8(ascii: "'")) else { return nil }
        let tail = word[(mark + 1)...]
        if tail == [UInt8(ascii: "t")], head.last == UInt8(ascii: "n") {
            if let known = bare[head + [UInt8(ascii: "t")]] { return known }
            return [Array(head.dropLast()), not]
        }
        return endings.contains(tail) ? [Array(head)] : nil
    }

    /// Whether a word ends like one of `bare`; spares most words the lookup.
    private static func isCandidate(_ word: ArraySlice<UInt8>) -> Bool {
        guard let last = word.last, let first = word.first, (2...8).contains(word.count) else { return false }
        let next = word[word.endIndex - 2]
        return switch last {
        case UInt8(ascii: "t"): next == UInt8(ascii: "n") || next == UInt8(ascii: "o") && first == UInt8(ascii: "c")
        case UInt8(ascii: "m"): word.count == 2
        case UInt8(ascii: "e"): first == UInt8(ascii: "i") || first == UInt8(ascii: "y") || first == UInt8(ascii: "t")
        case UInt8(ascii: "s"): first == UInt8(ascii: "w") || first == UInt8(ascii: "h") || first == UInt8(ascii: "t")
        default: false
        }
    }

    private static let not = Array("not".utf8)

    private static let endings: Set<ArraySlice<UInt8>> = Set(
        ["s", "m", "re", "ve", "ll", "d"].map { ArraySlice(Array($0.utf8)) }
    )

    /// Contractions without their apostrophe that are no words of their own: "well", "were", "ill" and "id" are not here.
    private static let bare: [ArraySlice<UInt8>: [[UInt8]]] = {
        let table = [
            "cant": "can not", "wont": "will not", "shant": "shall not", "dont": "do not", "doesnt": "does not",
            "didnt": "did not", "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not",
            "havent": "have not", "hasnt": "has not", "hadnt": "had not", "couldnt": "could not",
            "shouldnt": "should not", "wouldnt": "would not", "cannot": "can not", "aint": "is not", "im": "i",
            "ive": "i",
            "whats": "what", "wheres": "where", "hows": "how", "whos": "who", "whens": "when", "whys": "why",
            "theres": "there", "thats": "that", "youre": "you", "youve": "you", "theyre": "they",
        ]
        return table.reduce(into: [:]) { result, entry in
            result[ArraySlice(Array(entry.key.utf8))] = entry.value.split(separator: " ").map { Array($0.utf8) }
        }
    }()
}
