/// Second evidence for articles: similarities of their sample questions and passages to a query.
struct ArticleSimilarities: Sendable {
    /// What the encoder says about one article.
    struct Similarity {
        /// Best of the questions and passages.
        var best: Float = -1
        var passages: [Float] = []
    }

    private let evidence: any SecondEvidence
    /// Number of questions and of passages of each article, in the order of the texts.
    private let counts: [(questions: Int, passages: Int)]

    init(make: SecondEvidenceMaker, articles: [Article], passages: [[Passage]], language: Language) {
        var texts: [String] = []
        for (article, passages) in zip(articles, passages) {
            texts += article.questions
            texts += passages.map { ([article.title] + $0.headingPath + [$0.text]).joined(separator: "\n") }
        }
        evidence = make(texts, language)
        counts = zip(articles, passages).map { ($0.questions.count, $1.count) }
    }

    func similarities(to query: String) -> [Similarity] {
        let values = evidence.similarities(to: query)
        var rest = values[...]
        return counts.map { count in
            let questions = rest.prefix(count.questions)
            let passages = rest.dropFirst(count.questions).prefix(count.passages)
            rest = rest.dropFirst(count.questions + count.passages)
            return Similarity(best: (questions + passages).max() ?? -1, passages: Array(passages))
        }
    }
}
