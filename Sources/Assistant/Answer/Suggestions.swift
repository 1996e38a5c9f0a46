import Retrieval

/// Questions that somebody who got this answer may ask next.
enum Suggestions {
    /// Other sample questions of the article, and one of the next best article, at most `most`.
    static func next(after outcome: ArticleLookup.Outcome, most: Int) -> [String] {
        guard let hit = outcome.hits.first else { return [] }
        let asked = Set(Words.of(outcome.question))
        let nearest = hit.bestQuestion.map { Set(Words.of($0)) } ?? []
        let own = presentable(hit.article).filter { question in
            let words = Set(Words.of(question))
            return !isAlike(words, asked) && !isAlike(words, nearest)
        }
        let other = outcome.hits.dropFirst().first.flatMap { presentable($0.article).first }
        let chosen = Array(own.prefix(other == nil ? most : most - 1)) + (other.map { [$0] } ?? [])
        return Array(chosen.prefix(most))
    }

    /// The sample questions fit to be shown: written out as a question.
    private static func presentable(_ article: Article) -> [String] {
        article.questions.filter { question in
            guard let first = question.first else { return false }
            return (first.isUppercase || "¿¡".contains(first)) && question.hasSuffix("?")
        }
    }

    private static func isAlike(_ first: Set<String>, _ second: Set<String>) -> Bool {
        guard !first.isEmpty, !second.isEmpty else { return false }
        return Double(first.intersection(second).count) >= 0.75 * Double(min(first.count, second.count))
    }
}
