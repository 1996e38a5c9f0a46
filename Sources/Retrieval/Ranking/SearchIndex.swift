import Knowledge

/// The articles, indexed for search: an immutable value that any thread may use.
///
/// A search runs in two steps. BM25F over title, sample questions, headings and body picks candidate articles; each
/// candidate is then judged by its nearest single sample question, its title, its best passage and what part of the query
/// it holds at all. The best evidence for a paraphrase is a similar question that somebody already wrote down.
public struct SearchIndex: Sendable {
    /// Words of a query that are read; further ones are ignored, and the result says so.
    public static let longestQuery = QueryReader.longestQuery

    /// The articles by id. Where one id exists in several languages, the English one.
    public let articles: [String: Article]
    private let byLanguage: [Language: LanguageIndex]

    /// - Parameters:
    ///   - ranking: how much the words count beside second evidence; without it they are all there is.
    ///   - secondEvidence: is given every sample question and every passage (with its title and heading).
    public init(
        articles: [Article],
        lexicon: Lexicon,
        ranking: Ranking = .both,
        secondEvidence: SecondEvidenceMaker? = nil
    ) {
        var parameters = RankingParameters()
        if ranking == .encoder {
            parameters.wordsShare = 0
            parameters.passageWordsShare = 0
        }
        var byID: [String: Article] = [:]
        for article in articles where byID[article.id] == nil || article.language == Language.english.rawValue {
            byID[article.id] = article
        }
        self.articles = byID
        var byLanguage: [Language: LanguageIndex] = [:]
        for language in Language.allCases {
            let own = articles.filter { $0.language == language.rawValue }.sorted { $0.id < $1.id }
            guard !own.isEmpty else { continue }
            byLanguage[language] = LanguageIndex(
                articles: own,
                language: language,
                lexicon: lexicon,
                parameters: parameters,
                secondEvidence: secondEvidence
            )
        }
        self.byLanguage = byLanguage
    }

    /// The article with this id in this language.
    public func article(_ id: String, language: String) -> Article? {
        index(for: language)?.articles.first { $0.id == id }
    }

    /// Number of passages in all languages.
    public var passageCount: Int {
        byLanguage.values.reduce(0) { $0 + $1.passages.reduce(0) { $0 + $1.count } }
    }

    /// The articles that answer `query` best.
    ///
    /// - Parameters:
    ///   - language: the articles to search. A language that has none, or is not known, falls back to English.
    ///   - audience: only articles for one of these readers are found.
    ///   - limit: most hits to return.
    ///   - encoded: what was made of queries before, and takes what is made of this one.
    /// - Returns: a result without hits when no word of the query is known, or none counts (empty text, only punctuation,
    ///   only words such as "the").
    public func search(
        _ query: String,
        language: String = "en",
        audience: Set<Audience> = Set(Audience.allCases),
        limit: Int = 5,
        reusing encoded: EncodedQueries? = nil
    ) -> SearchResult {
        guard let index = index(for: language) else {
            return SearchResult(hits: [], terms: [], unknownTerms: [], corrections: [], wasTruncated: false)
        }
        return ArticleSearch(index: index, encoded: encoded).search(query, audience: audience, limit: limit)
    }

    /// Makes ready what searching for several queries needs, in less time than one search after the other would take.
    public func encode(_ queries: [String], language: String = "en", into encoded: EncodedQueries) {
        index(for: language)?.secondEvidence?.encode(queries, into: encoded)
    }

    /// Names the numbers that this program ranks by: results of another number cannot be expected to be the same.
    public static let rankingVersion = TextDigest("\(RankingParameters())").text

    func index(for language: String) -> LanguageIndex? {
        Language(rawValue: language).flatMap { byLanguage[$0] } ?? byLanguage[.english]
    }
}
