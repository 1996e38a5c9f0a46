/// Where the words and phrases of a rule set stand in up to 64 places of a message, as one bit mask for each set of
/// symbols. Every sentence has a place of its own behind its last word, so that no shift reaches the next sentence.
struct Chart {
    /// The word at each place; for the place behind a sentence, the next word.
    private(set) var wordAt: [Int32] = []
    /// Places of words.
    private(set) var wordPlaces: UInt64 = 0
    /// Places where a sentence begins.
    private(set) var starts: UInt64 = 0
    /// Places behind the last word of a sentence; those of a sentence that goes on in the next chart are not ends.
    private(set) var ends: UInt64 = 0
    /// Places behind the last word, where no gap goes on.
    private(set) var stops: UInt64 = 0
    /// Places where a match may begin, so that overlapping charts do not find the same twice.
    private(set) var own: UInt64 = 0
    /// A set that occurs.
    struct Entry {
        let set: Int32
        /// The first of its lists of phrases plus one; 0 for none.
        var firstLonger: Int32 = 0
        /// Where a word of the set stands.
        var singles: UInt64 = 0
        /// Where a word or phrase of the set begins.
        var any: UInt64 = 0
    }
    /// Sets that occur.
    private(set) var present: [Entry] = []
    /// By set: its place in ``present``, plus one; 0 for a set that does not occur.
    private var index: [UInt16]
    /// Phrases: the length, their places, and the next list of the same set plus one.
    private var longer: [(length: UInt64, places: UInt64, next: Int32)] = []

    static let capacity = 64
    /// Words by which charts of one long sentence overlap; a match in one may span as many.
    private static let overlap = 31

    private init(_ phraseSets: PhraseSets) {
        index = [UInt16](repeating: 0, count: phraseSets.setCount)
        present.reserveCapacity(512)
        longer.reserveCapacity(64)
        wordAt.reserveCapacity(Self.capacity)
    }

    /// The charts of a text whose words have their numbers.
    static func blocks(of text: FoldedText, _ phraseSets: PhraseSets) -> [Chart] {
        var charts: [Chart] = []
        var current = Chart(phraseSets)
        var start = 0
        while start < text.pieces.count {
            var end = start + 1
            while end < text.pieces.count, text.pieces[end].sentence == text.pieces[start].sentence { end += 1 }
            if current.wordAt.count + (end - start) + 1 > capacity, !current.wordAt.isEmpty {
                charts.append(current)
                current = Chart(phraseSets)
            }
            // A sentence that is too long for one chart: overlapping parts of it.
            var part = start
            while end - part + 1 > capacity {
                current.add(text, part..<(part + capacity - 1), sentenceFrom: start, goesOn: true, phraseSets)
                charts.append(current)
                current = Chart(phraseSets)
                part += capacity - 1 - overlap
            }
            current.add(text, part..<end, sentenceFrom: start, goesOn: false, phraseSets)
            start = end
        }
        charts.append(current)
        return charts
    }

    private mutating func add(
        _ text: FoldedText,
        _ range: Range<Int>,
        sentenceFrom: Int,
        goesOn: Bool,
        _ phraseSets: PhraseSets
    ) {
        let offset = wordAt.count
        if range.lowerBound == sentenceFrom { starts |= bit(offset) }
        for word in range { wordAt.append(Int32(word)) }
        wordAt.append(Int32(range.upperBound))
        let stop = offset + range.count
        let places = bit(stop) &- bit(offset)
        wordPlaces |= places
        own |= goesOn ? places & (bit(offset + range.count - Self.overlap) &- 1) : places
        stops |= bit(stop)
        if !goesOn { ends |= bit(stop) }
        for word in range {
            for place in Int(text.pieces[word].wordsStart)..<Int(text.pieces[word].wordsEnd) {
                walk(
                    text,
                    text.words[place],
                    node: 0,
                    at: offset + (word - range.lowerBound),
                    next: word + 1,
                    length: 1,
                    range.upperBound,
                    phraseSets
                )
            }
        }
    }

    private func bit(_ place: Int) -> UInt64 { 1 &<< UInt64(place) }

    private mutating func walk(
        _ text: FoldedText,
        _ number: Int32,
        node: Int32,
        at place: Int,
        next: Int,
        length: Int,
        _ end: Int,
        _ phraseSets: PhraseSets
    ) {
        guard let node = phraseSets.phrases.child(of: node, word: number) else { return }
        for set in Int(phraseSets.starts[Int(node)])..<Int(phraseSets.starts[Int(node) + 1]) {
            note(phraseSets.sets[set], at: place, length: length)
        }
        guard next < end, phraseSets.phrases.hasChildren(node) else { return }
        for word in Int(text.pieces[next].wordsStart)..<Int(text.pieces[next].wordsEnd) {
            walk(text, text.words[word], node: node, at: place, next: next + 1, length: length + 1, end, phraseSets)
        }
    }

    private mutating func note(_ set: Int32, at place: Int, length: Int) {
        var entry = Int(index[Int(set)]) - 1
        if entry < 0 {
            entry = present.count
            present.append(Entry(set: set))
            index[Int(set)] = UInt16(entry + 1)
        }
        present[entry].any |= bit(place)
        if length == 1 {
            present[entry].singles |= bit(place)
            return
        }
        var list = Int(present[entry].firstLonger) - 1
        while list >= 0 {
            if longer[list].length == UInt64(length) {
                longer[list].places |= bit(place)
                return
            }
            list = Int(longer[list].next) - 1
        }
        longer.append((UInt64(length), bit(place), present[entry].firstLonger))
        present[entry].firstLonger = Int32(longer.count)
    }

    // MARK: Reading

    func holds(_ set: Int32) -> Bool { index[Int(set)] != 0 }

    /// Where a word or phrase of the set begins.
    func places(of set: Int32) -> UInt64 {
        let entry = Int(index[Int(set)]) - 1
        return entry < 0 ? 0 : present[entry].any
    }

    /// The places behind the words and phrases of the set that begin at one of `places`.
    func take(_ set: Int32, from places: UInt64) -> UInt64 {
        let entry = Int(index[Int(set)]) - 1
        guard entry >= 0 else { return 0 }
        var reached = (places & present[entry].singles) &<< 1
        var list = Int(present[entry].firstLonger) - 1
        while list >= 0 {
            reached |= (places & longer[list].places) &<< longer[list].length
            list = Int(longer[list].next) - 1
        }
        return reached
    }

    /// The places up to `words` words further on, in the same sentence.
    func skip(_ words: Int32, from places: UInt64) -> UInt64 {
        var reached = places
        for _ in 0..<words {
            let further = reached | (reached & ~stops) &<< 1
            if further == reached { break }
            reached = further
        }
        return reached
    }
}
