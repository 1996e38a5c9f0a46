import Knowledge

/// Asks every sample question, with and without itself in the index.
struct QuestionCheck {
    let sources: [ArticleSource]
    let lexicon: Lexicon

    func run() -> [Diagnostic] {
        let usable = sources.compactMap { source in source.article.map { (source, $0) } }
        let index = SearchIndex(articles: usable.map(\.1), lexicon: lexicon)
        var located: [String: ArticleSource] = [:]
        for (source, article) in usable { located["\(article.language)/\(article.id)"] = source }
        var diagnostics: [Diagnostic] = []
        for language in Language.allCases {
            guard let part = index.index(for: language.rawValue), part.vocabulary.language == language else { continue }
            for outcome in SampleQuestions(index: part).outcomes() {
                guard let source = located["\(language.rawValue)/\(outcome.article.id)"] else { continue }
                let line =
                    source.questionLines.indices.contains(outcome.question) ? source.questionLines[outcome.question] : 1
                if let finding = finding(outcome, file: source.file.path, line: line) { diagnostics.append(finding) }
            }
        }
        return diagnostics
    }

    private func finding(_ outcome: SampleQuestions.Outcome, file: String, line: Int) -> Diagnostic? {
        let question = outcome.article.questions[outcome.question]
        let remedy = "Use words that only this article has, or move the question to the article that it finds"
        func named(_ id: String?) -> String { id.map { "finds `\($0)` first" } ?? "finds nothing" }
        if outcome.rank != 1 {
            return Diagnostic(
                file: file,
                line: line,
                message: "the question “\(question)” \(named(outcome.first))",
                remedy: remedy
            )
        }
        if outcome.rankLeftOut != 1 {
            return Diagnostic(
                file: file,
                line: line,
                severity: .warning,
                message: "without itself, the question “\(question)” \(named(outcome.firstLeftOut))",
                remedy: "Add a similar question here, or check whether the other article should answer it"
            )
        }
        return nil
    }
}
