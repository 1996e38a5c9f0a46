/// Second evidence for articles: similarities of their sample questions and passages to a query.
struct ArticleSimilarities: Sendable {
    /// What the encoder says about one article. Everything is −1…1.
    struct Similarity {
        /// Of each sample question, in order.
        var questions: [Float] = []
        /// Of each passage.
        var passages: [Float] = []

        /// The nearest sample question.
        var question: Float { questions.max() ?? -1 }
        /// The nearest passage.
        var passage: Float { passages.max() ?? -1 }
        /// The nearest of all.
        var best: Float { max(question, passage) }
        /// Mean of the three nearest sample questions; the nearest passage counts where there are fewer.
        var nearestThree: Float {
            let three = questions.sorted(by: >).prefix(3)
            return (three.reduce(0, +) + passage * Float(3 - three.count)) / 3
        }
    }

    private let evidence: any SecondEvidence
    /// Number of questions and of passages of each article, in the order of the texts.
    private let counts: [(questions: Int, passages: Int)]

    /// Nil when there is no second evidence for the language.
    init?(make: SecondEvidenceMaker, articles: [Article], passages: [[Passage]], language: Language) {
        let texts = zip(articles, passages).flatMap { $0.encodedTexts($1) }
        guard let evidence = make(texts, language) else { return nil }
        self.evidence = evidence
        counts = zip(articles, passages).map { ($0.questions.count, $1.count) }
    }

    /// Makes the vectors of `queries` together and keeps them in `encoded`.
    func encode(_ queries: [String], into encoded: EncodedQueries) { _ = encoded.vectors(of: queries, by: evidence) }

    func similarities(
        to query: String,
        leavingOut leftOut: LeftOutQuestion? = nil,
        reusing encoded: EncodedQueries? = nil
    ) -> [Similarity] {
        let values = evidence.similarities(to: query, reusing: encoded)
        var rest = values[...]
        return counts.enumerated().map { article, count in
            var questions = Array(rest.prefix(count.questions))
            if let leftOut, leftOut.article == article, questions.indices.contains(leftOut.question) {
                questions.remove(at: leftOut.question)
            }
            let passages = rest.dropFirst(count.questions).prefix(count.passages)
            rest = rest.dropFirst(count.questions + count.passages)
            return Similarity(questions: questions, passages: Array(passages))
        }
    }
}
