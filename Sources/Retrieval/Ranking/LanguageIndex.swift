/// The index of the articles of one language.
///
/// Holds every text twice: as postings by article, which find candidates, and as the texts' own terms in order, which
/// judge them (nearest sample question, best passage, closeness of words).
struct LanguageIndex: Sendable {
    /// A term in a text. Beside the words themselves, a text holds joined forms and senses at the place of their words.
    struct Token: Sendable {
        let term: Int32
        /// Place in the text, in words.
        let position: UInt16
        /// Places covered.
        let span: UInt8
        /// Whether it is a word as written, not a joined form or a sense.
        let isWord: Bool
    }

    /// A title, a sample question, or a passage's heading or body.
    struct Text: Sendable {
        let field: EvidenceField
        /// Number of the question or passage in its article, from 0.
        let ordinal: Int
        let tokens: Range<Int>
        /// Words in it that count, and places that all its words take.
        let length: Int
        let places: Int
        /// A heading that an earlier passage of the same section has already.
        let isRepeated: Bool
    }

    let articles: [Article]
    /// Readers of each article.
    let audiences: [Audience]
    /// Passages of each article.
    let passages: [[Passage]]
    let vocabulary: Vocabulary
    let phrases: Phrases
    let tokens: [Token]
    let texts: [Text]
    /// Texts of each article in `texts`.
    let textRanges: [Range<Int>]
    let postings: Postings
    /// Rarity of each term.
    let rarities: [Float]
    let spelling: SpellingIndex
    /// Words that are never taken for a misspelling.
    let ordinaryWords: Set<[UInt8]>
    /// Words that lead to other subjects.
    let elsewhereWords: Set<[UInt8]>
    let secondEvidence: ArticleSimilarities?
    let parameters: RankingParameters
    /// Mean number of counted words by field and article, and mean length of a passage.
    let meanLengths: [Float]
    let meanPassageLength: Float

    init(
        articles: [Article],
        language: Language,
        lexicon: Lexicon,
        parameters: RankingParameters,
        secondEvidence: SecondEvidenceMaker? = nil
    ) {
        self.articles = articles
        audiences = articles.map(\.audience)
        self.parameters = parameters
        let passages = articles.map(\.passages)
        self.passages = passages
        self.secondEvidence = secondEvidence.flatMap { make in
            ArticleSimilarities(make: make, articles: articles, passages: passages, language: language)
        }
        ordinaryWords = Set((lexicon.ordinaryWords[language] ?? []).map { Array($0.utf8) })
        elsewhereWords = Set((lexicon.elsewhereWords[language] ?? []).map { Array($0.utf8) })
        var vocabulary = Vocabulary(language: language, wordWeights: lexicon.wordWeights[language] ?? [:])
        phrases = Phrases(groups: lexicon.groups[language] ?? [], vocabulary: &vocabulary)
        var reader = TextReader(vocabulary: vocabulary, phrases: phrases)
        var textRanges: [Range<Int>] = []
        for (article, passages) in zip(articles, passages) {
            let start = reader.texts.count
            reader.read(article, passages: passages)
            textRanges.append(start..<reader.texts.count)
        }
        self.textRanges = textRanges
        tokens = reader.tokens
        texts = reader.texts
        self.vocabulary = reader.vocabulary
        meanLengths = Self.meanLengths(texts, articles: articles.count)
        let bodies = texts.filter { $0.field == .body }
        meanPassageLength = Float(max(1, bodies.reduce(0) { $0 + $1.length })) / Float(max(1, bodies.count))

        let frequencies = TermFrequencies(
            tokens: tokens,
            texts: texts,
            meanLengths: meanLengths,
            parameters: parameters
        )
        var builder = Postings.Builder()
        var sums = [Float](repeating: 0, count: reader.vocabulary.terms.count)
        for (article, range) in textRanges.enumerated() {
            frequencies.forEachImpact(of: range, excludingQuestion: nil, sums: &sums) { term, impact in
                builder.add(term: term, unit: article, impact: impact)
            }
        }
        let postings = builder.build(termCount: reader.vocabulary.terms.count, unitCount: articles.count)
        self.postings = postings
        rarities = (0..<reader.vocabulary.terms.count).map {
            postings.rarity(unitsWithTerm: postings.unitCount(of: $0))
        }
        let known = reader.vocabulary
        spelling = SpellingIndex(
            table: known.words,
            words: (0..<known.words.count).lazy.filter { known.weights[known.term(ofWord: $0)] > 0 }
        )
    }

    private static func meanLengths(_ texts: [Text], articles: Int) -> [Float] {
        var sums = [Int](repeating: 0, count: EvidenceField.allCases.count)
        for text in texts where !text.isRepeated { sums[text.field.number] += text.length }
        return sums.map { max(1, Float($0) / Float(max(1, articles))) }
    }

    var frequencies: TermFrequencies {
        TermFrequencies(tokens: tokens, texts: texts, meanLengths: meanLengths, parameters: parameters)
    }
}

extension EvidenceField {
    var number: Int {
        switch self {
        case .title: 0
        case .question: 1
        case .heading: 2
        case .body: 3
        }
    }
}

/// BM25F's frequencies: a term's occurrences in all fields of an article, weighted and normalized by length field by
/// field before they saturate together (Robertson, Zaragoza and Taylor, 2004).
struct TermFrequencies {
    let tokens: [LanguageIndex.Token]
    let texts: [LanguageIndex.Text]
    let meanLengths: [Float]
    let parameters: RankingParameters

    /// - Parameter sums: scratch space, a zero for each term, and left so.
    func forEachImpact(
        of range: Range<Int>,
        excludingQuestion excluded: Int?,
        sums: inout [Float],
        _ body: (_ term: Int, _ impact: Float) -> Void
    ) {
        var lengths = [Int](repeating: 0, count: meanLengths.count)
        for text in texts[range] where counts(text, excluded) { lengths[text.field.number] += text.length }
        var touched: [Int] = []
        for text in texts[range] where counts(text, excluded) {
            let field = parameters.weight(of: text.field)
            let number = text.field.number
            let relative = Float(lengths[number]) / meanLengths[number]
            let unit = field.weight / (1 - field.lengthNormalization + field.lengthNormalization * relative)
            for index in text.tokens {
                let term = Int(tokens[index].term)
                if sums[term] == 0 { touched.append(term) }
                sums[term] += unit
            }
        }
        for term in touched {
            body(term, sums[term] / (sums[term] + parameters.saturation))
            sums[term] = 0
        }
    }

    private func counts(_ text: LanguageIndex.Text, _ excluded: Int?) -> Bool {
        !text.isRepeated && !(text.field == .question && text.ordinal == excluded)
    }
}
