/// The terms of all documents in their order, in flat arrays.
struct CollectionTokens: Sendable {
    struct Word: Sendable {
        let term: Int32
        /// Place in the document, in words; the text begins some places after the title.
        let place: Int32
    }

    /// Words of each document: first those of the title, then those of the text.
    private(set) var words: [Word] = []
    private var starts: [Int] = [0]
    private var textStarts: [Int] = []

    func words(of document: Int) -> ArraySlice<Word> { words[starts[document]..<starts[document + 1]] }

    mutating func append(_ word: Word) { words.append(word) }
    mutating func endTitle() { textStarts.append(words.count) }
    mutating func endDocument() { starts.append(words.count) }

    func postings(termCount: Int) -> Postings {
        let count = textStarts.count
        var titleWords = 0
        for document in 0..<count { titleWords += textStarts[document] - starts[document] }
        let meanTitle = max(1, Float(titleWords) / Float(max(1, count)))
        let meanText = max(1, Float(words.count - titleWords) / Float(max(1, count)))
        var builder = Postings.Builder()
        var sums = [Float](repeating: 0, count: termCount)
        var touched: [Int] = []
        for document in 0..<count {
            let title = starts[document]..<textStarts[document]
            let text = textStarts[document]..<starts[document + 1]
            let titleUnit = CollectionIndex.title.unit(length: title.count, mean: meanTitle)
            let textUnit = CollectionIndex.text.unit(length: text.count, mean: meanText)
            for (range, unit) in [(title, titleUnit), (text, textUnit)] {
                for index in range {
                    let term = Int(words[index].term)
                    if sums[term] == 0 { touched.append(term) }
                    sums[term] += unit
                }
            }
            for term in touched {
                builder.add(term: term, unit: document, impact: sums[term] / (sums[term] + CollectionIndex.saturation))
                sums[term] = 0
            }
            touched.removeAll(keepingCapacity: true)
        }
        return builder.build(termCount: termCount, unitCount: count)
    }
}

extension RankingParameters.FieldWeight {
    /// What one occurrence counts in a field of this length.
    func unit(length: Int, mean: Float) -> Float {
        weight / (1 - lengthNormalization + lengthNormalization * Float(length) / mean)
    }
}

/// Reads documents into terms. Words of no weight are left out; the places they took are kept.
struct CollectionReader: WordSink {
    /// Places between title and text, so that words of one are not close to words of the other.
    private static let gap = 16

    private(set) var vocabulary: Vocabulary
    private(set) var tokens = CollectionTokens()

    init(language: Language) {
        vocabulary = Vocabulary(language: language, wordWeights: StopWords.plain(language))
    }

    mutating func read(_ document: DocumentCollection.Document) {
        let end = Tokenizer.forEachWord(in: Folding.fold(document.title), language: vocabulary.language, sink: &self)
        tokens.endTitle()
        Tokenizer.forEachWord(
            in: Folding.fold(document.text),
            language: vocabulary.language,
            startingAt: end + Self.gap,
            sink: &self
        )
        tokens.endDocument()
    }

    mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int) {
        let term = vocabulary.add(bytes, range)
        guard vocabulary.weights[term] > 0 else { return }
        tokens.append(
            CollectionTokens.Word(term: Int32(truncatingIfNeeded: term), place: Int32(truncatingIfNeeded: position))
        )
    }
}

/// Reads a query into known terms.
struct CollectionQuery: WordSink {
    let vocabulary: Vocabulary
    private(set) var words: [(term: Int, position: Int, isJoined: Bool)] = []

    init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int) {
        guard let term = vocabulary.term(of: bytes, range), vocabulary.weights[term] > 0 else { return }
        words.append((term, position, span > 1))
    }
}

/// Words without meaning of their own, for collections that bring no lexicon.
enum StopWords {
    static func plain(_ language: Language) -> [String: Double] {
        let list =
            switch language {
            case .english:
                """
                a an and are as at be been but by can could did do does for from had has have he her his how i if in into \
                is it its me my no nor not of on or our shall she should so such than that the their them then there \
                these they this those to too was we were what when where which while who whom why will with would you your
                """
            case .spanish:
                """
                a al ante como con cual cuando de del desde donde e el ella ellas ellos en entre era es esa ese eso esta \
                este esto fue ha hay la las le les lo los mas me mi muy ni no nos o para pero por porque que quien se ser \
                si sin sobre son su sus te tu un una uno y ya yo
                """
            }
        return list.split(separator: " ").reduce(into: [:]) { $0[String($1)] = 0 }
    }
}
