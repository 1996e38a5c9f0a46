/// Asks the articles' own sample questions.
struct SampleQuestions {
    struct Outcome {
        let article: Article
        /// Number of the question in its article, from 0.
        let question: Int
        /// Place of its own article among the hits, from 1; nil when it is not there.
        let rank: Int?
        /// The article found first.
        let first: String?
        /// The same while the question is left out of the index.
        let rankLeftOut: Int?
        let firstLeftOut: String?
    }

    let index: LanguageIndex

    func outcomes() -> [Outcome] {
        var outcomes: [Outcome] = []
        for (number, article) in index.articles.enumerated() {
            for (question, text) in article.questions.enumerated() {
                let (first, rank) = ask(text, expecting: number, leavingOut: nil)
                let (firstLeftOut, rankLeftOut) = ask(
                    text,
                    expecting: number,
                    leavingOut: index.leavingOut(question: question, of: number)
                )
                outcomes.append(
                    Outcome(
                        article: article,
                        question: question,
                        rank: rank,
                        first: first,
                        rankLeftOut: rankLeftOut,
                        firstLeftOut: firstLeftOut
                    )
                )
            }
        }
        return outcomes
    }

    private func ask(_ text: String, expecting article: Int, leavingOut leftOut: LeftOutQuestion?)
        -> (first: String?, rank: Int?)
    {
        let search = ArticleSearch(index: index, leftOut: leftOut)
        let query = QueryReader.read(text, index: index, leavingOut: leftOut)
        let ranked = search.ranked(query, audience: Set(Audience.allCases))
        let rank = ranked.firstIndex { $0.article == article }.map { $0 + 1 }
        return (ranked.first.map { index.articles[$0.article].id }, rank)
    }
}
