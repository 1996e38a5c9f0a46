import Foundation

/// How likely an article answers a query, from 0 to 1.
///
/// A logistic regression, fitted to the sample questions of the English articles (each asked while left out of the index,
/// and asked while its whole article is away) and to invented questions outside of the portal's subjects. What it weighs:
///
/// - how much rare matter query and article share, absolutely: one common word in common proves little, however short the
///   query is,
/// - the lead over the runner-up,
/// - title, best passage and nearest sample questions, each as part of what the query could attain,
/// - against it, words of the query that no article holds, and words for other subjects that this one does not hold: neither
///   "cancel my gym membership" nor "reset my router password" is about the portal.
struct Confidence {
    /// Lexical evidence in units of the rarest possible word.
    let matter: Double
    /// Lead over the best other article, as part of the own score; down to −1 when behind.
    let margin: Double
    let title: Double
    let passage: Double
    /// Mean match of the three nearest sample questions, and match of the nearest.
    let questions: Double
    let question: Double
    /// Part of the query's mass in words that lead elsewhere.
    let foreign: Double
    /// What the encoder says of the article, and the lead in its measure.
    let similarity: ArticleSimilarities.Similarity?
    let lead: Double
    /// Whether one of them is a word for another subject.
    let leadsElsewhere: Bool

    init(_ evidence: ArticleEvidence, query: Query, rarest: Float, score: Float, bestOther: Float) {
        let mass = max(query.mass, .leastNormalMagnitude)
        matter = Double(evidence.lexical * mass / max(rarest, .leastNormalMagnitude))
        margin = score > 0 ? Double(max(-1, (score - bestOther) / score)) : -1
        lead = Double(score - bestOther)
        similarity = evidence.similarity
        title = Double(evidence.title)
        passage = Double(evidence.passage)
        questions = Double(evidence.questions)
        question = Double(evidence.question)
        var foreign: Float = 0
        var leadsElsewhere = false
        for (slot, found) in zip(query.slots, evidence.found) where found == nil {
            if slot.alternatives.isEmpty || slot.leadsElsewhere { foreign += slot.mass }
            leadsElsewhere = leadsElsewhere || slot.leadsElsewhere
        }
        self.leadsElsewhere = leadsElsewhere
        self.foreign = Double(foreign / mass)
    }

    var value: Double {
        var sum = similarity.map(sumWithSecondEvidence) ?? sumOfWords
        // A sample question word for word, which leaving it out never shows.
        sum += 3 * pow(question, 8)
        return 1 / (1 + exp(-sum))
    }

    private var sumOfWords: Double {
        var sum = -1.7 + 1.5 * log(matter + 0.03) + 1.7 * margin
        sum += 1.7 * title + 2 * passage + 1.6 * questions - 2.5 * foreign
        if leadsElsewhere { sum -= 1.2 }
        return sum
    }

    /// Fitted to the same questions, to sample questions that other writers added later, and to the questions about other
    /// subjects in `Tests/Evaluation/dev-offtopic.jsonl`; the constant is such that a twentieth of the sample questions,
    /// each left out of the index, would be refused.
    private func sumWithSecondEvidence(_ similarity: ArticleSimilarities.Similarity) -> Double {
        var sum = -2.44 + 1.15 * Double(similarity.question) + 2.09 * Double(similarity.nearestThree)
        sum += 2.17 * Double(similarity.passage) + 1.15 * lead + 0.62 * log(matter + 0.03) - 0.68 * foreign
        if leadsElsewhere { sum -= 2.66 }
        return sum
    }
}
