/// Brings spellings back to words of the vocabulary: contractions, signs for letters, repeated letters, misspelled or
/// masked head words; and, in a second view, words that were written apart or together.
struct WordRepair {
    let vocabulary: Vocabulary

    private static let lettersForSigns: [Character: [Character]] = [
        "0": ["o"], "1": ["i", "l"], "3": ["e"], "4": ["a"], "5": ["s"], "7": ["t"], "8": ["b"], "9": ["g"], "@": ["a"],
        "$": ["s"],
        "!": ["i", "l"], "|": ["l", "i"], "+": ["t"], "€": ["e"], "#": ["h"],
    ]
    private static let contractionTails: Set<String> = ["t", "m", "ve", "re", "ll", "d"]

    /// The tokens as written, with contractions spelled out and every token given the words it may stand for.
    func resolve(_ tokens: [Token]) -> [Token] {
        var resolved: [Token] = []
        resolved.reserveCapacity(tokens.count + tokens.count / 4)
        for token in tokens {
            if Self.contractionTails.contains(token.text), let last = resolved.last, !token.afterComma,
                let words = vocabulary.expansions[last.text + "'" + token.text]
                    ?? vocabulary.expansions[last.text + token.text],
                words.count > 1
            {
                resolved.removeLast()
                appendExpanded(words, of: last, through: token.range.upperBound, to: &resolved)
                continue
            }
            if let written = token.apostrophized, let words = vocabulary.expansions[written] {
                appendExpanded(words, of: token, to: &resolved)
            } else if let words = vocabulary.expansions[token.text] {
                appendExpanded(words, of: token, to: &resolved)
            } else if let written = token.apostrophized, written.hasSuffix("'s") {
                var stem = token
                stem.text = String(written.dropLast(2)).replacing("'", with: "")
                resolved.append(identified(stem))
                var tail = token
                tail.text = "s"
                tail.afterComma = false
                resolved.append(identified(tail))
            } else if let words = disguisedContraction(token) {
                appendExpanded(words, of: token, to: &resolved)
            } else {
                resolved.append(identified(token))
            }
        }
        return resolved
    }

    /// The words of a contraction that is written with signs for letters: `d0nt`.
    private func disguisedContraction(_ token: Token) -> [String]? {
        guard !token.isEmoji, token.text.utf8.count <= 12, token.text.utf8.contains(where: { $0 > 0x60 }),
            token.text.utf8.contains(where: { $0 < 0x61 })
        else { return nil }
        return spellings(of: token.text).lazy.compactMap { vocabulary.expansions[$0] }.first
    }

    private func appendExpanded(_ words: [String], of token: Token, through end: Int? = nil, to tokens: inout [Token]) {
        for (index, word) in words.enumerated() {
            var part = token
            part.text = word
            part.words = vocabulary.words(for: word)
            if words.count == 1 { part.words += vocabulary.words(for: token.text).filter { !part.words.contains($0) } }
            if index > 0 { part.afterComma = false }
            if let end { part.range = token.range.lowerBound..<end }
            tokens.append(part)
        }
    }

    private func identified(_ token: Token) -> Token {
        var token = token
        token.words = vocabulary.words(for: token.text)
        let isPlain = token.text.utf8.allSatisfy { (0x61...0x7A).contains($0) }
        if !token.words.isEmpty && isPlain && !Self.hasLongRun(token.text) || token.isEmoji
            || token.text.utf8.count > 40
        {
            return token
        }
        if token.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return token }
        for spelling in spellings(of: token.text) where spelling != token.text {
            let plain = vocabulary.expansions[spelling] == nil ? vocabulary.words(for: spelling) : []
            for word in plain where !token.words.contains(word) { token.words.append(word) }
            if !plain.isEmpty { token.isRepaired = true }
        }
        if token.words.isEmpty, let head = vocabulary.unmaskedHead(token.text) ?? misspelledHead(token.text) {
            token.words = vocabulary.words(for: head)
            token.text = head
            token.isRepaired = true
        }
        return token
    }

    /// Whether a letter stands three times in a row.
    private static func hasLongRun(_ text: String) -> Bool {
        var last: UInt8 = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == last ? run + 1 : 1
            last = byte
            if run >= 3 { return true }
        }
        return false
    }

    private func misspelledHead(_ text: String) -> String? {
        guard text.utf8.count >= 3 else { return nil }
        if let head = vocabulary.misspelledHead(text) { return head }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0) }
            ? nil : spellings(of: text).lazy.compactMap { vocabulary.misspelledHead($0) }.first
    }

    /// Other ways to read a word that holds signs or repeated letters; at most 24.
    private func spellings(of text: String) -> [String] {
        var readings = [""]
        let characters = Array(text)
        var index = 0
        while index < characters.count {
            let character = characters[index]
            var run = 1
            while index + run < characters.count, characters[index + run] == character { run += 1 }
            index += run
            let letters = character == "*" ? [] : Self.lettersForSigns[character] ?? [character]
            var pieces: [String] = letters.flatMap { letter -> [String] in
                run == 1 ? [String(letter)] : [String([letter, letter]), String(letter)]
            }
            if pieces.isEmpty { pieces = [""] }
            readings = Array(readings.flatMap { reading in pieces.map { reading + $0 } }.prefix(24))
        }
        return readings
    }

    /// The tokens with spaced-out words joined, run-together words cut and halves of head words joined; nil when there
    /// is nothing of the kind. `raw` are the tokens as cut, `resolved` the same after ``resolve(_:)``.
    func secondView(raw: [Token], resolved: [Token]) -> [Token]? {
        var changed = false
        let words = joiningSpacedLetters(raw, changed: &changed)
        let source = changed ? resolve(words) : resolved
        var view: [Token] = []
        view.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            let token = source[index]
            if let pair = joinedPair(source, at: index) {
                view.append(pair)
                changed = true
                index += 2
                continue
            }
            if token.words.isEmpty, !token.isEmoji, (6...60).contains(token.text.utf8.count),
                let parts = spellings(of: token.text).lazy.prefix(4).compactMap({ segmented($0, mustHoldHead: true) })
                    .first
            {
                view += tokensFor(parts, like: token)
                changed = true
            } else {
                view.append(token)
            }
            index += 1
        }
        return changed ? view : nil
    }

    private func joiningSpacedLetters(_ tokens: [Token], changed: inout Bool) -> [Token] {
        var view: [Token] = []
        var index = 0
        while index < tokens.count {
            let run = singleLetterRun(tokens, from: index)
            if run >= 3 {
                view += joined(tokens[index..<(index + run)])
                changed = true
                index += run
            } else {
                view.append(tokens[index])
                index += 1
            }
        }
        return view
    }

    private func singleLetterRun(_ tokens: [Token], from start: Int) -> Int {
        var end = start
        while end < tokens.count, tokens[end].text.unicodeScalars.count == 1, !tokens[end].isEmoji { end += 1 }
        return end - start
    }

    /// Words out of single letters. Wider gaps than the usual one mark the ends of words; without any, the letters are
    /// cut into words of the vocabulary.
    private func joined(_ letters: ArraySlice<Token>) -> [Token] {
        guard let first = letters.first else { return [] }
        let widths = letters.dropFirst().map(\.separatorWidth)
        let usual = widths.min() ?? 1
        var words: [[Token]] = [[first]]
        for letter in letters.dropFirst() {
            if letter.separatorWidth > usual { words.append([letter]) } else { words[words.count - 1].append(letter) }
        }
        var view: [Token] = []
        for word in words {
            for chunk in stride(from: 0, to: word.count, by: 120) {
                let part = Array(word[chunk..<min(chunk + 120, word.count)])
                guard let start = part.first, let end = part.last else { continue }
                var token = start
                token.text = part.map(\.text).joined()
                token.range = start.range.lowerBound..<end.range.upperBound
                token.isRepaired = true
                let isKnown = vocabulary.expansions[token.text] != nil || !identified(token).words.isEmpty
                guard !isKnown, part.count > 3 else {
                    view.append(token)
                    continue
                }
                let texts = part.count > 24 ? [token.text] : spellings(of: token.text)
                let cut =
                    texts.lazy.compactMap { segmented($0, mustHoldHead: true) }.first
                    ?? segmented(token.text, mustHoldHead: false)
                view += pieces(cut ?? [token.text], of: token)
            }
        }
        return view
    }

    private func pieces(_ words: [String], of token: Token) -> [Token] {
        words.enumerated().map { index, word in
            var part = token
            part.text = word
            part.apostrophized = nil
            part.isRepaired = true
            if index > 0 { part.afterComma = false }
            return part
        }
    }

    private func tokensFor(_ words: [String], like token: Token) -> [Token] { resolve(pieces(words, of: token)) }

    private func joinedPair(_ tokens: [Token], at index: Int) -> Token? {
        guard index + 1 < tokens.count, !tokens[index + 1].afterComma,
            tokens[index].sentence == tokens[index + 1].sentence,
            !tokens[index].isEmoji, !tokens[index + 1].isEmoji,
            tokens[index].words.isEmpty || tokens[index + 1].words.isEmpty
        else { return nil }
        let text = tokens[index].text + tokens[index + 1].text
        guard vocabulary.isHead(text) || (vocabulary.contains(text) && text.utf8.count >= 6) else { return nil }
        var token = tokens[index]
        token.text = text
        token.words = vocabulary.words(for: text)
        token.range = token.range.lowerBound..<tokens[index + 1].range.upperBound
        token.isRepaired = true
        return token
    }

    /// The cheapest way to cut `text` into known words; unknown letters are allowed but dear. Nil when the result is
    /// one word, or, if asked, holds no head word.
    private func segmented(_ text: String, mustHoldHead: Bool) -> [String]? {
        let letters = Array(text.utf8)
        let count = letters.count
        guard count >= 3, count <= 200 else { return nil }
        var cost = [Int](repeating: .max / 2, count: count + 1)
        var back = [(start: Int, isKnown: Bool)](repeating: (0, false), count: count + 1)
        cost[0] = 0
        for end in 1...count {
            if cost[end - 1] + 12 < cost[end] {
                cost[end] = cost[end - 1] + 12
                back[end] = (end - 1, false)
            }
            for start in max(0, end - 14)..<end {
                let word = String(decoding: letters[start..<end], as: UTF8.self)
                let length = end - start
                guard length > 1 || word == "i" || word == "a",
                    vocabulary.contains(word) || vocabulary.expansions[word] != nil
                else { continue }
                let price = cost[start] + (length == 1 ? 9 : 7)
                if price < cost[end] {
                    cost[end] = price
                    back[end] = (start, true)
                }
            }
        }
        var parts: [String] = []
        var unknown = 0
        var end = count
        while end > 0 {
            let (start, isKnown) = back[end]
            parts.append(String(decoding: letters[start..<end], as: UTF8.self))
            if !isKnown { unknown += 1 }
            end = start
        }
        parts.reverse()
        if mustHoldHead, unknown > 2 || parts.count < 2 || !parts.contains(where: vocabulary.isHead) { return nil }
        return parts.count > 1 ? parts : nil
    }
}
