public import Knowledge

extension Corpus {
    /// Under which path an article stands in the portal; its slug follows.
    public static let articlePath = "/portal/library/"

    /// What is wrong with the links between and within articles: articles and anchors that are not there, and labels that
    /// say nothing by themselves, as a screen reader's list of links shows them (WCAG 2.2, 2.4.4 and 2.4.9).
    ///
    /// - Parameter files: every article that there is; a link to any other is broken.
    public static func checkLinks(files: [KnowledgeFile]) -> [Diagnostic] {
        checkLinks(files.map(ArticleSource.init))
    }

    static func checkLinks(_ sources: [ArticleSource]) -> [Diagnostic] {
        var anchors: [String: Set<String>] = [:]
        for article in sources.compactMap(\.article) {
            anchors["\(article.language)/\(article.id)"] = Set(article.sections.map(\.anchor))
        }
        return sources.flatMap { LinkCheck(source: $0, anchors: anchors).run() }
    }
}

/// Checks the links in one article's text.
private struct LinkCheck {
    let source: ArticleSource
    /// By language and slug.
    let anchors: [String: Set<String>]

    /// Labels that say nothing about where the link leads.
    private static let emptyLabels: Set<String> = [
        "here", "click here", "click", "this", "this link", "this page", "link", "more", "read more", "learn more",
        "page",
        "aqui", "haga clic aqui", "clic aqui", "este enlace", "enlace", "mas", "leer mas", "esta pagina",
    ]

    func run() -> [Diagnostic] {
        guard let article = source.article else { return [] }
        let collector = DiagnosticCollector(file: source.file.path)
        for (link, line) in zip(article.links, source.linkLines) {
            check(link.label, line, collector)
            check(link.path, in: article, line, collector)
        }
        let lines = article.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            for match in line.matches(of: /\[([^\[\]]*)\]\(([^()\s]*)\)/) {
                check(MarkdownText.plain(String(match.1)), source.bodyLine + index, collector)
                check(String(match.2), in: article, source.bodyLine + index, collector)
            }
        }
        return collector.diagnostics
    }

    private func check(_ label: String, _ line: Int, _ collector: DiagnosticCollector) {
        let words = Folding.words(label).joined(separator: " ")
        guard words.isEmpty || Self.emptyLabels.contains(words) else { return }
        collector.error(
            line: line,
            words.isEmpty ? "a link without text" : "the link text “\(label)” does not say where it leads",
            remedy: "Name the page that it opens, such as “your billing page”"
        )
    }

    private func check(_ target: String, in article: Article, _ line: Int, _ collector: DiagnosticCollector) {
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = parts[0]
        let anchor = parts.count > 1 ? parts[1] : ""
        let slug: String
        if path.isEmpty {
            slug = article.id
        } else if path.hasPrefix(Corpus.articlePath) {
            slug = String(path.dropFirst(Corpus.articlePath.count))
        } else {
            return
        }
        guard let known = anchors["\(article.language)/\(slug)"] ?? anchors["en/\(slug)"] else {
            return collector.error(
                line: line,
                "there is no article `\(slug)`",
                remedy: nearest(to: slug, among: anchors.keys.map { String($0.dropFirst(3)) }.sorted())
                    .map { "Did you mean `\(Corpus.articlePath)\($0)`" } ?? "Link to an article that is published"
            )
        }
        guard target.contains("#"), anchor.isEmpty || !known.contains(anchor) else { return }
        collector.error(
            line: line,
            "there is no heading `#\(anchor)` in `\(slug)`",
            remedy: nearest(to: anchor, among: known.filter { !$0.isEmpty }.sorted()).map { "Did you mean `#\($0)`" }
                ?? "Link to the article itself, or to one of its headings"
        )
    }
}
