/// Reads a message once more with spaced-out words joined, run-together words cut and halves of head words joined.
struct SecondView {
    let repair: WordRepair
    private var vocabulary: Vocabulary { repair.vocabulary }

    /// Nil when there is nothing of the kind. `range` are the words of `raw` in question, `resolved` the same after
    /// ``WordRepair/resolve(_:_:)``.
    func read(_ raw: FoldedText, _ range: Range<Int>, resolved: FoldedText) -> FoldedText? {
        var changed = false
        var source = resolved
        if hasSpacedLetters(raw, range) {
            let joined = joiningSpacedLetters(raw, range, changed: &changed)
            if changed { source = repair.resolve(joined, joined.pieces.indices) }
        }
        guard changed || source.pieces.indices.contains(where: { needsReading(source, at: $0) }) else { return nil }
        var view = FoldedText()
        view.letters = source.letters
        view.words = source.words
        view.pieces.reserveCapacity(source.pieces.count)
        var index = 0
        while index < source.pieces.count {
            let piece = source.pieces[index]
            if let pair = joinedPair(source, at: index, into: &view) {
                view.pieces.append(pair)
                changed = true
                index += 2
                continue
            }
            if let parts = parts(of: piece, in: source) {
                append(parts, of: piece, to: &view)
                changed = true
            } else {
                view.pieces.append(piece)
            }
            index += 1
        }
        return changed ? view : nil
    }

    /// Whether a word is unknown, or the one after it, so that the second view can differ there.
    private func needsReading(_ text: FoldedText, at index: Int) -> Bool {
        let piece = text.pieces[index]
        if piece.hasWords || piece.isEmoji { return false }
        let slice = text.slice(piece)
        if piece.letterCount >= 6, vocabulary.mayHoldHead(slice) || !WordShape(slice).isPlain { return true }
        return isKnownPair(text, at: index) || isKnownPair(text, at: index - 1)
    }

    // MARK: Words in one

    private func parts(of piece: Piece, in text: FoldedText) -> [[UInt8]]? {
        guard !piece.hasWords, !piece.isEmoji, (6...60).contains(piece.letterCount) else { return nil }
        let slice = text.slice(piece)
        let shape = WordShape(slice)
        if shape.isPlain, !shape.hasPair { return segmented(slice, mustHoldHead: true) }
        return Spellings.of(slice).lazy.prefix(4).compactMap { segmented($0[...], mustHoldHead: true) }.first
    }

    private func append(_ parts: [[UInt8]], of piece: Piece, to view: inout FoldedText) {
        var cut = FoldedText()
        for (index, part) in parts.enumerated() { cut.pieces.append(Self.part(part, index, of: piece, in: &cut)) }
        let resolved = repair.resolve(cut, cut.pieces.indices)
        for var part in resolved.pieces {
            let letters = view.append(resolved.slice(part))
            let words = resolved.words(part)
            part.lettersStart = letters.lowerBound
            part.lettersEnd = letters.upperBound
            part.wordsStart = Int32(view.words.count)
            view.words.append(contentsOf: words)
            part.wordsEnd = Int32(view.words.count)
            view.pieces.append(part)
        }
    }

    private static func part(_ letters: [UInt8], _ index: Int, of piece: Piece, in text: inout FoldedText) -> Piece {
        var part = piece
        let range = text.append(letters)
        part.lettersStart = range.lowerBound
        part.lettersEnd = range.upperBound
        part.apostrophizedEnd = part.apostrophizedStart
        part.wordsEnd = part.wordsStart
        part.isRepaired = true
        if index > 0 { part.afterComma = false }
        return part
    }

    // MARK: One word in two

    private func joinedLetters(_ text: FoldedText, at index: Int) -> [UInt8]? {
        guard index >= 0, index + 1 < text.pieces.count else { return nil }
        let first = text.pieces[index]
        let second = text.pieces[index + 1]
        guard !second.afterComma, first.sentence == second.sentence, !first.isEmoji, !second.isEmoji,
            !first.hasWords || !second.hasWords, first.letterCount + second.letterCount <= 24
        else { return nil }
        return Array(text.slice(first)) + text.slice(second)
    }

    private func isKnownPair(_ text: FoldedText, at index: Int) -> Bool {
        guard let letters = joinedLetters(text, at: index) else { return false }
        return vocabulary.isHead(letters[...]) || (letters.count >= 6 && vocabulary.contains(letters[...]))
    }

    private func joinedPair(_ text: FoldedText, at index: Int, into view: inout FoldedText) -> Piece? {
        guard isKnownPair(text, at: index), let letters = joinedLetters(text, at: index) else { return nil }
        var piece = text.pieces[index]
        let range = view.append(letters)
        piece.lettersStart = range.lowerBound
        piece.lettersEnd = range.upperBound
        piece.apostrophizedEnd = piece.apostrophizedStart
        piece.wordsStart = Int32(view.words.count)
        vocabulary.appendWords(of: letters[...], to: &view.words)
        piece.wordsEnd = Int32(view.words.count)
        piece.end = text.pieces[index + 1].end
        piece.isRepaired = true
        return piece
    }

    // MARK: Letters apart

    private func hasSpacedLetters(_ text: FoldedText, _ range: Range<Int>) -> Bool {
        var run = 0
        for piece in text.pieces[range] {
            run = isSingleLetter(piece, text) ? run + 1 : 0
            if run >= 3 { return true }
        }
        return false
    }

    private func isSingleLetter(_ piece: Piece, _ text: FoldedText) -> Bool {
        guard !piece.isEmoji, (1...4).contains(piece.letterCount) else { return false }
        return text.slice(piece).count { $0 & 0xC0 != 0x80 } == 1
    }

    private func joiningSpacedLetters(_ raw: FoldedText, _ range: Range<Int>, changed: inout Bool) -> FoldedText {
        var view = FoldedText()
        view.letters = raw.letters
        var index = range.lowerBound
        while index < range.upperBound {
            var end = index
            while end < range.upperBound, isSingleLetter(raw.pieces[end], raw) { end += 1 }
            if end - index >= 3 {
                join(raw.pieces[index..<end], raw, to: &view)
                changed = true
                index = end
            } else {
                view.pieces.append(raw.pieces[index])
                index += 1
            }
        }
        return view
    }

    /// Words out of single letters. Wider gaps than the usual one mark the ends of words; without any, the letters are
    /// cut into words of the vocabulary.
    private func join(_ letters: ArraySlice<Piece>, _ raw: FoldedText, to view: inout FoldedText) {
        let usual = letters.dropFirst().map(\.separatorWidth).min() ?? 1
        var words: [[Piece]] = []
        for letter in letters {
            if words.isEmpty || letter.separatorWidth > usual && letter.start != letters.first?.start {
                words.append([letter])
            } else {
                words[words.count - 1].append(letter)
            }
        }
        for word in words {
            for chunk in stride(from: 0, to: word.count, by: 120) {
                let part = word[chunk..<min(chunk + 120, word.count)]
                guard let first = part.first, let last = part.last else { continue }
                let text = part.flatMap { raw.slice($0) }
                var piece = first
                piece.end = last.end
                let cut = isKnown(text) || part.count <= 3 ? nil : cut(text)
                for (index, letters) in (cut ?? [text]).enumerated() {
                    view.pieces.append(Self.part(letters, index, of: piece, in: &view))
                }
            }
        }
    }

    private func isKnown(_ text: [UInt8]) -> Bool {
        if vocabulary.expansion(of: text[...]) != nil { return true }
        var probe = FoldedText()
        let range = probe.append(text)
        repair.identify(Piece(letters: range, start: 0, end: 0), to: &probe)
        return probe.pieces.contains { $0.hasWords }
    }

    private func cut(_ text: [UInt8]) -> [[UInt8]]? {
        let readings = text.count > 24 ? [text] : Spellings.of(text[...])
        return readings.lazy.compactMap { segmented($0[...], mustHoldHead: true) }.first
            ?? segmented(text[...], mustHoldHead: false)
    }

    // MARK: Cutting

    /// The cheapest way to cut `text` into known words; unknown letters are allowed but dear. Nil when the result is
    /// one word, or, if asked, holds no head word.
    private func segmented(_ text: ArraySlice<UInt8>, mustHoldHead: Bool) -> [[UInt8]]? {
        let letters = Array(text)
        let count = letters.count
        guard count >= 3, count <= 200, !mustHoldHead || vocabulary.mayHoldHead(text) else { return nil }
        var cost = [Int](repeating: .max / 2, count: count + 1)
        var back = [(start: Int, isKnown: Bool)](repeating: (0, false), count: count + 1)
        cost[0] = 0
        for end in 1...count {
            if cost[end - 1] + 12 < cost[end] {
                cost[end] = cost[end - 1] + 12
                back[end] = (end - 1, false)
            }
            for start in max(0, end - 14)..<end {
                let word = letters[start..<end]
                let length = end - start
                guard length > 1 || word.first == UInt8(ascii: "i") || word.first == UInt8(ascii: "a"),
                    vocabulary.knows(word)
                else { continue }
                let price = cost[start] + (length == 1 ? 9 : 7)
                if price < cost[end] {
                    cost[end] = price
                    back[end] = (start, true)
                }
            }
        }
        var parts: [[UInt8]] = []
        var unknown = 0
        var end = count
        while end > 0 {
            let (start, isKnown) = back[end]
            parts.append(Array(letters[start..<end]))
            if !isKnown { unknown += 1 }
            end = start
        }
        parts.reverse()
        if mustHoldHead, unknown > 2 || parts.count < 2 || !parts.contains(where: { vocabulary.isHead($0[...]) }) {
            return nil
        }
        return parts.count > 1 ? parts : nil
    }
}
