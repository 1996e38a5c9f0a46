/// What speaks for one article as the answer to a query. Every part is 0…about 1.
struct ArticleEvidence: Sendable {
    let article: Int
    /// BM25F of the whole article, as part of what the query could attain.
    var lexical: Float = 0
    /// Best match of a single sample question.
    var question: Float = 0
    /// Mean match of the three nearest sample questions.
    var questions: Float = 0
    /// Match of the title.
    var title: Float = 0
    /// Best passage.
    var passage: Float = 0
    /// Number of the best question, if any matches.
    var bestQuestion: Int?
    /// Score of each passage.
    var passages: [Float] = []
    /// For each slot of the query, the best alternative found and the fields it was found in.
    var found: [Found?] = []

    struct Found: Sendable {
        var alternative: Int
        var share: Float
        var fields: FieldSet
    }

    /// Fields in one byte.
    struct FieldSet: OptionSet, Sendable {
        let rawValue: UInt8
        init(rawValue: UInt8) { self.rawValue = rawValue }
        init(_ field: EvidenceField) { rawValue = 1 << UInt8(field.number) }
    }

    /// Second evidence, where there is some.
    var similarity: ArticleSimilarities.Similarity?
    /// What orders the articles; set by ``settle(_:similarity:)``.
    var total: Float = 0

    /// Sets the total: a weighted sum, to which second evidence adds its own.
    ///
    /// The parts of the sum overlap on purpose: an article about the subject scores in all of them, one that merely
    /// mentions it only in some. A sample question that is nearly the query decides by itself.
    mutating func settle(_ parameters: RankingParameters, similarity: ArticleSimilarities.Similarity?) {
        let fourth = question * question * question * question
        total = parameters.lexicalShare * lexical + parameters.questionShare * fourth
        total += parameters.sameQuestionShare * fourth * fourth * fourth * fourth
        total += parameters.questionsShare * questions + parameters.titleShare * title
        total += parameters.passageShare * passage
        self.similarity = similarity
        guard let similarity else { return }
        total *= parameters.wordsShare
        total += parameters.similarQuestionShare * similarity.question
        total += parameters.similarQuestionsShare * similarity.nearestThree
        total += parameters.similarPassageShare * similarity.passage
        passages = zip(passages, similarity.passages).map { $1 + parameters.passageWordsShare * $0 }
    }
}
