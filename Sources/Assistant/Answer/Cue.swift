import Knowledge

/// A phrase that gives away what a message is, such as `(talk|speak) to a? (person|human)`.
///
/// Words stand for themselves in their folded form; `(a|b)` is a choice, a `?` at the end makes a word or choice
/// optional, and `*` stands for any one word.
struct Cue: Sendable, Hashable {
    private struct Element: Sendable, Hashable {
        /// Each of one or more words; empty for any one word.
        let choices: [[String]]
        let isOptional: Bool
    }

    private let elements: [Element]

    /// Nil when the pattern has no word that must be there.
    init?(_ pattern: String) {
        var elements: [Element] = []
        for part in Self.parts(of: pattern) {
            let isOptional = part.hasSuffix("?")
            let bare = isOptional ? part.dropLast() : part[...]
            guard bare != "*" else {
                elements.append(Element(choices: [], isOptional: isOptional))
                continue
            }
            let inner = bare.hasPrefix("(") && bare.hasSuffix(")") ? bare.dropFirst().dropLast() : bare
            let choices = inner.split(separator: "|").map { Words.of($0) }.filter { !$0.isEmpty }
            guard !choices.isEmpty else { return nil }
            elements.append(Element(choices: choices.sorted { $0.count > $1.count }, isOptional: isOptional))
        }
        guard elements.contains(where: { !$0.isOptional && !$0.choices.isEmpty }) else { return nil }
        self.elements = elements
    }

    /// The words and choices of a pattern; spaces inside parentheses do not part them.
    private static func parts(of pattern: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in pattern {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character.isWhitespace, depth <= 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.filter { !$0.isEmpty }
    }

    /// Where it first occurs in `words`.
    func range(in words: [String]) -> Range<Int>? {
        for start in words.indices {
            if let end = end(in: words[...], from: start, element: 0) { return start..<end }
        }
        return nil
    }

    /// How many words at the beginning it covers, 0 when it does not begin there.
    func prefixLength(in words: ArraySlice<String>) -> Int {
        end(in: words, from: words.startIndex, element: 0).map { $0 - words.startIndex } ?? 0
    }

    /// End of the match at `start`, longer choices first.
    private func end(in words: ArraySlice<String>, from start: Int, element: Int) -> Int? {
        guard elements.indices.contains(element) else { return start }
        let current = elements[element]
        if current.choices.isEmpty, start < words.endIndex,
            let end = end(in: words, from: start + 1, element: element + 1)
        {
            return end
        }
        for choice in current.choices where words[start...].starts(with: choice) {
            if let end = end(in: words, from: start + choice.count, element: element + 1) { return end }
        }
        return current.isOptional ? end(in: words, from: start, element: element + 1) : nil
    }
}

extension YAMLMap {
    /// The cues of the list at `key`; reports a list that is missing and patterns that match nothing.
    func cues(_ key: String) -> [Cue] {
        _ = required(key)
        return list(key).compactMap { value in
            if let pattern = value.string, let cue = Cue(pattern) { return cue }
            value.error("a cue of `\(key)` has no word that must be there", remedy: "Write at least one plain word")
            return nil
        }
    }
}
