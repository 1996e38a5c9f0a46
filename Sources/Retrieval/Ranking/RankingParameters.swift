/// The numbers of the ranking.
///
/// Chosen by leave-one-out over the sample questions of the English articles (each asked while it is left out of the
/// index) and on invented questions outside of the portal's subjects; nearby values rank nearly the same.
struct RankingParameters: Sendable {
    /// BM25F: weight of a field and how far its length counts (b).
    struct FieldWeight: Sendable {
        var weight: Float
        var lengthNormalization: Float
    }

    var title = FieldWeight(weight: 1.5, lengthNormalization: 0.3)
    var questions = FieldWeight(weight: 1, lengthNormalization: 0.8)
    var headings = FieldWeight(weight: 2, lengthNormalization: 0.4)
    var body = FieldWeight(weight: 1.5, lengthNormalization: 0.6)
    /// BM25: how fast repetition stops counting.
    var saturation: Float = 1.2

    // Shares of an article's score, see ``ArticleEvidence/settle(_:similarity:)``.
    var lexicalShare: Float = 1
    /// Of the nearest sample question's match to the fourth power, and again to the sixteenth.
    var questionShare: Float = 0.6
    var sameQuestionShare: Float = 2
    /// Of the three nearest sample questions' mean match.
    var questionsShare: Float = 0.5
    var titleShare: Float = 0.5
    /// Of the best passage.
    var passageShare: Float = 0.5

    // Shares where there is second evidence: of the nearest sample question, of the mean of the nearest three, of the nearest
    // passage, and of the score by words. Chosen on sample questions that other writers added later, and by leave-one-out.
    var similarQuestionShare: Float = 1
    var similarQuestionsShare: Float = 1.5
    var similarPassageShare: Float = 1.4
    var wordsShare: Float = 0.8
    /// Of the words in the order of an article's passages.
    var passageWordsShare = SecondEvidenceWeight.lexical

    /// How much of a question match is "what was asked is in the sample question", against the other way round.
    var forwardShare: Float = 0.6
    /// Bonus for neighbors in the query that are neighbors in the text, as part of their mass.
    var proximity: Float = 0.25
    /// Mass of an unknown word, as part of the rarest word's.
    var unknownWord: Float = 0.7

    func weight(of field: EvidenceField) -> FieldWeight {
        switch field {
        case .title: title
        case .question: questions
        case .heading: headings
        case .body: body
        }
    }
}
