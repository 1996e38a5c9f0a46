public import Foundation
public import Knowledge

/// The articles that the assistant answers from.
public struct Corpus: Sendable {
    /// Ordered by language and id.
    public let articles: [Article]

    public init(articles: [Article]) {
        self.articles = articles.sorted { ($0.language, $0.id) < ($1.language, $1.id) }
    }

    /// Reads every Markdown file below `directory`. Throws the findings of all files when one of them cannot be used.
    public init(directory: URL) throws(KnowledgeError) {
        var articles: [Article] = []
        var diagnostics: [Diagnostic] = []
        for file in try KnowledgeFile.readAll(below: directory, extensions: ["md"]) {
            let (article, found) = Article.parse(file)
            if let article { articles.append(article) }
            diagnostics += found
        }
        diagnostics += Self.duplicates(
            articles.map { article in (article, "\(directory.path)/\(article.language)/\(article.id).md") }
        )
        if diagnostics.contains(where: { $0.severity == .error }) { throw KnowledgeError(diagnostics) }
        self.init(articles: articles)
    }

    /// Findings about articles that share both id and language.
    static func duplicates(_ articles: [(article: Article, path: String)]) -> [Diagnostic] {
        var first: [String: String] = [:]
        var diagnostics: [Diagnostic] = []
        for (article, path) in articles {
            let key = "\(article.language)/\(article.id)"
            if let other = first[key] {
                diagnostics.append(
                    Diagnostic(
                        file: path,
                        line: 2,
                        message: "there are two articles `\(article.id)` in language `\(article.language)`",
                        remedy: "Rename or remove this one or \(other)"
                    )
                )
            } else {
                first[key] = path
            }
        }
        return diagnostics
    }
}
