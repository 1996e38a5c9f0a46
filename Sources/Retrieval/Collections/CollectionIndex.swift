/// A ``DocumentCollection`` indexed for search: BM25F over title and text, with a bonus for words that stand close.
///
/// Plain on purpose: no synonyms, no corrections, so that public test sets measure the core of the ranking. The score of
/// a document is Σ rarity × f ÷ (f + k₁) over the query's terms, where f adds the term's occurrences in both fields, each
/// weighted and normalized by length. For the best ``CollectionIndex/reranked`` documents, neighboring terms of the query
/// add rarity × closeness, the sum of 1 ÷ distance² over their occurrences, saturated in the same way.
public struct CollectionIndex: Sendable {
    /// k₁, and weight and b of each field.
    static let saturation: Float = 1.2
    static let title = RankingParameters.FieldWeight(weight: 2, lengthNormalization: 0.4)
    static let text = RankingParameters.FieldWeight(weight: 1, lengthNormalization: 0.75)
    /// Weight of closeness, and how many words apart still counts.
    static let closeness: Float = 0.2
    static let window = 8
    /// Documents that closeness can move.
    static let reranked = 200
    /// Weight of a joined form ("il6" for "IL-6") beside its parts.
    static let joinedWeight: Float = 0.5
    /// Words of a query that are read.
    public static let longestQuery = 1_000

    private let ids: [String]
    private let vocabulary: Vocabulary
    private let tokens: CollectionTokens
    private let postings: Postings
    private let secondEvidence: (any SecondEvidence)?
    /// Of the words beside second evidence.
    private let lexicalWeight: Float

    /// - Parameter secondEvidence: is given title and text of each document, on two lines.
    public init(
        _ collection: DocumentCollection,
        language: Language = .english,
        ranking: Ranking = .both,
        secondEvidence: SecondEvidenceMaker? = nil
    ) {
        lexicalWeight = ranking == .encoder ? 0 : SecondEvidenceWeight.lexical
        var reader = CollectionReader(language: language)
        for document in collection.documents { reader.read(document) }
        ids = collection.documents.map(\.id)
        vocabulary = reader.vocabulary
        tokens = reader.tokens
        postings = reader.tokens.postings(termCount: reader.vocabulary.terms.count)
        self.secondEvidence = secondEvidence.flatMap { make in
            make(collection.documents.map { $0.title.isEmpty ? $0.text : "\($0.title)\n\($0.text)" }, language)
        }
    }

    public var documentCount: Int { ids.count }
    public var termCount: Int { vocabulary.terms.count }

    /// The best documents, best first; equal scores in the order of the collection. Documents without any word of the
    /// query are found only through second evidence.
    public func search(_ query: String, limit: Int = 10) -> [(id: String, score: Double)] {
        let terms = read(query)
        var scores = [Float](repeating: 0, count: ids.count)
        for term in terms {
            postings.forEach(of: term.number) { document, impact in scores[document] += term.mass * impact }
        }
        addCloseness(terms, to: &scores, documents: BestList.best(max(limit, Self.reranked), of: scores, above: 0))
        guard let secondEvidence else {
            return BestList.best(limit, of: scores, above: 0).map { (ids[$0], Double(scores[$0])) }
        }
        let attainable = max(terms.reduce(0) { $0 + $1.mass }, .leastNormalMagnitude)
        for (document, similarity) in secondEvidence.similarities(to: query).prefix(scores.count).enumerated() {
            scores[document] = similarity + lexicalWeight * scores[document] / attainable
        }
        return BestList.best(limit, of: scores, above: -.infinity).map { (ids[$0], Double(scores[$0])) }
    }

    // MARK: - Query

    struct QueryTerm {
        let number: Int
        /// Rarity times occurrences in the query.
        var mass: Float
        /// First place in the query, in words.
        let position: Int
        let isJoined: Bool
    }

    private func read(_ text: String) -> [QueryTerm] {
        var sink = CollectionQuery(vocabulary: vocabulary)
        Tokenizer.forEachWord(
            in: Folding.fold(text),
            language: vocabulary.language,
            limit: Self.longestQuery,
            sink: &sink
        )
        var terms: [QueryTerm] = []
        var place: [Int: Int] = [:]
        for word in sink.words {
            let rarity = postings.rarity(unitsWithTerm: postings.unitCount(of: word.term))
            let mass = rarity * (word.isJoined ? Self.joinedWeight : 1)
            if let known = place[word.term] {
                terms[known].mass += mass
            } else {
                place[word.term] = terms.count
                terms.append(QueryTerm(number: word.term, mass: mass, position: word.position, isJoined: word.isJoined))
            }
        }
        return terms
    }

    // MARK: - Closeness

    private func addCloseness(_ terms: [QueryTerm], to scores: inout [Float], documents: [Int]) {
        let words = terms.filter { !$0.isJoined }.sorted { $0.position < $1.position }
        guard words.count > 1 else { return }
        var matcher = ClosenessMatcher(terms: words, termCount: vocabulary.terms.count)
        for document in documents { scores[document] += matcher.closeness(in: tokens.words(of: document)) }
    }
}
