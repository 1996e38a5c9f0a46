/// Turns a text into a ``Query``: finds the words' terms, and what else they may stand for.
struct QueryReader: WordSink {
    private struct Word {
        let bytes: [UInt8]
        let position: Int
        let span: Int
        /// Known to the vocabulary, whether or not an article holds it.
        let term: Int?
        let weight: Float
    }

    /// Words beyond this are not read; nobody asks in more.
    static let longestQuery = 200
    /// Bytes beyond this are not even looked at.
    private static let longestText = 16_384
    /// Of more words, the rarest known ones are kept.
    private static let mostSlots = 40
    private static let joinedFactor: Float = 0.95

    private let index: LanguageIndex
    private let leftOut: LeftOutQuestion?
    private var words: [Word] = []

    static func read(_ text: String, index: LanguageIndex, leavingOut leftOut: LeftOutQuestion? = nil) -> Query {
        var reader = QueryReader(index: index, leftOut: leftOut)
        return reader.read(text)
    }

    private init(index: LanguageIndex, leftOut: LeftOutQuestion?) {
        self.index = index
        self.leftOut = leftOut
    }

    private mutating func read(_ text: String) -> Query {
        var query = Query()
        let isLong = text.utf8.count > Self.longestText
        let bytes =
            isLong
            ? Folding.fold(String(decoding: text.utf8.prefix(Self.longestText), as: UTF8.self)) : Folding.fold(text)
        let count = Tokenizer.forEachWord(
            in: bytes,
            language: index.vocabulary.language,
            limit: Self.longestQuery,
            sink: &self
        )
        query.wasTruncated = isLong || count >= Self.longestQuery
        let plain = words.filter { $0.span == 1 }
        var stream = plain.map { Int32(truncatingIfNeeded: $0.term ?? -1) }
        query.words = zip(plain, stream).filter { $0.0.weight > 0 }.map(\.1)
        // Which slot each word of the stream belongs to.
        var slotOfWord = [Int?](repeating: nil, count: plain.count)
        for (place, word) in plain.enumerated() where word.weight > 0 {
            let typed = String(decoding: word.bytes, as: UTF8.self)
            if let same = query.slots.firstIndex(where: { $0.typed == typed || $0.term != nil && $0.term == word.term })
            {
                slotOfWord[place] = same
                continue
            }
            slotOfWord[place] = query.slots.count
            query.slots.append(slot(for: word, stream: &stream[place]))
        }
        addJoined(plain, slotOfWord, to: &query)
        addSenses(stream, slotOfWord, to: &query)
        settleMasses(&query)
        if query.slots.count > Self.mostSlots {
            let order = query.slots.indices.sorted { first, second in
                let (a, b) = (query.slots[first], query.slots[second])
                return a.alternatives.isEmpty != b.alternatives.isEmpty
                    ? b.alternatives.isEmpty : (b.mass, first) < (a.mass, second)
            }
            query.slots = order.prefix(Self.mostSlots).sorted().map { query.slots[$0] }
            query.wasTruncated = true
        }
        return query
    }

    mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int) {
        let term = index.vocabulary.term(of: bytes, range)
        let weight = term.map { index.vocabulary.weights[$0] } ?? index.vocabulary.form(of: bytes[range]).weight
        words.append(Word(bytes: Array(bytes[range]), position: position, span: span, term: term, weight: weight))
    }

    // MARK: - Alternatives

    private func slot(for word: Word, stream: inout Int32) -> Query.Slot {
        let typed = String(decoding: word.bytes, as: UTF8.self)
        var slot = Query.Slot(
            typed: typed,
            position: word.position,
            weight: word.weight,
            leadsElsewhere: index.elsewhereWords.contains(word.bytes)
        )
        if let term = word.term, articleCount(of: term) > 0 {
            slot.term = term
            slot.alternatives = [alternative(term, factor: 1, .exact, reading: typed)]
        } else if word.term == nil || leftOut != nil {
            if !index.ordinaryWords.contains(word.bytes) { addCorrections(of: word, to: &slot, stream: &stream) }
        }
        return slot
    }

    /// The gain is a factor until ``settleMasses(_:)``.
    private func alternative(_ term: Int, factor: Float, _ way: TermEvidence.Way, reading: String) -> Query.Alternative
    {
        Query.Alternative(term: term, gain: factor, way: way, reading: reading)
    }

    private func addCorrections(of word: Word, to slot: inout Query.Slot, stream: inout Int32) {
        for candidate in index.spelling.candidates(for: word.bytes) {
            let term = index.vocabulary.term(ofWord: candidate.word)
            if let first = slot.alternatives.first, Float(candidate.likelihood) < first.gain * 0.9 { break }
            if stream < 0 || slot.alternatives.isEmpty { stream = Int32(truncatingIfNeeded: term) }
            guard articleCount(of: term) > 0, !slot.alternatives.contains(where: { $0.term == term }) else { continue }
            let reading = index.vocabulary.words.text(candidate.word)
            slot.alternatives.append(
                alternative(term, factor: Float(candidate.likelihood), .spelling, reading: reading)
            )
        }
    }

    /// "wait list" → "waitlist", "phq 9" → "phq9".
    private func addJoined(_ plain: [Word], _ slotOfWord: [Int?], to query: inout Query) {
        for place in plain.indices.dropLast() {
            let joined = plain[place].bytes + plain[place + 1].bytes
            guard joined.count >= 4, plain[place].position < plain[place + 1].position,
                index.vocabulary.words.find(joined) != nil,
                let term = index.vocabulary.term(of: joined, 0..<joined.count), articleCount(of: term) > 0
            else { continue }
            let reading = String(decoding: joined, as: UTF8.self)
            for slot in Set([slotOfWord[place], slotOfWord[place + 1]].compactMap(\.self)) {
                query.slots[slot].alternatives.append(
                    alternative(term, factor: Self.joinedFactor, .joined, reading: reading)
                )
            }
        }
    }

    private func addSenses(_ stream: [Int32], _ slotOfWord: [Int?], to query: inout Query) {
        index.phrases.forEachMatch(in: stream, isQuestion: true) { match in
            let rarity = rarity(of: match.sense)
            guard articleCount(of: match.sense) > 0 else { return }
            let slots = Set(match.range.compactMap { slotOfWord[$0] })
            let reading = index.vocabulary.terms.text(match.sense)
            for slot in slots {
                query.slots[slot].alternatives.append(
                    alternative(match.sense, factor: match.weight, .synonym, reading: reading)
                )
                // "how much" says more than "how" and "much".
                if query.slots[slot].weight < 1 {
                    let share = rarity * match.weight / Float(slots.count)
                    query.slots[slot].mass = max(query.slots[slot].mass, share)
                }
            }
        }
    }

    // MARK: - Masses

    private func settleMasses(_ query: inout Query) {
        let highest = index.postings.rarity(unitsWithTerm: 0)
        for number in query.slots.indices {
            var slot = query.slots[number]
            let rarities = slot.alternatives.map { rarity(of: $0.term) }
            let own: Float
            if let term = slot.term {
                own = rarity(of: term)
            } else if let best = rarities.max() {
                own = best
            } else {
                own = highest * index.parameters.unknownWord
            }
            slot.mass = max(slot.mass, own * slot.weight)
            for place in slot.alternatives.indices {
                slot.alternatives[place].gain = gain(of: slot.alternatives[place], rarity: rarities[place], in: slot)
            }
            query.slots[number] = slot
        }
    }

    private func gain(of alternative: Query.Alternative, rarity: Float, in slot: Query.Slot) -> Float {
        let factor = alternative.gain
        switch alternative.way {
        case .exact: return min(slot.mass, rarity * slot.weight)
        case .synonym where slot.weight < 1: return min(slot.mass, rarity * factor)
        case .synonym, .joined, .spelling: return min(slot.mass, rarity * slot.weight) * factor
        }
    }

    private func articleCount(of term: Int) -> Int {
        index.postings.unitCount(of: term) - (leftOut?.lostTerms.contains(term) == true ? 1 : 0)
    }

    private func rarity(of term: Int) -> Float { index.postings.rarity(unitsWithTerm: articleCount(of: term)) }
}
