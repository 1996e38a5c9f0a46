public import Knowledge

extension Article {
    /// Reads an article file. The article is nil when a finding makes it unusable.
    ///
    /// Reports what one file shows by itself: faulty front matter, sections, headings and markup. What depends on the
    /// practice and on other articles is up to ``Corpus/check(files:portalPaths:liveFields:phoneNumbers:lexicon:)``.
    public static func parse(_ file: KnowledgeFile) -> (article: Article?, diagnostics: [Diagnostic]) {
        let source = ArticleSource(file)
        return (source.article, source.diagnostics)
    }

    /// Reads a text that somebody is still working on: the article as far as it can be read, whatever else is wrong with it.
    /// Nil, with the first fault, when not even its name, title, language and readers can be made out.
    public static func readDraft(_ file: KnowledgeFile) -> (article: Article?, fault: String?) {
        let source = ArticleSource(file)
        return (source.draft, source.draft == nil ? source.diagnostics.first?.message : nil)
    }
}

/// An article file as read: the article, and on which line each part of it stands.
struct ArticleSource {
    let file: KnowledgeFile
    private(set) var article: Article?
    /// The same although a finding makes it unusable.
    private(set) var draft: Article?
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var questionLines: [Int] = []
    private(set) var linkLines: [Int] = []
    /// Line of the file on which the body begins, counted from 1.
    private(set) var bodyLine = 1

    private static let keys = [
        "id", "title", "language", "audience", "topics", "questions", "links", "review_by", "sources",
    ]

    init(_ file: KnowledgeFile) {
        self.file = file
        let collector = DiagnosticCollector(file: file.path)
        article = read(collector)
        draft = article
        if collector.hasErrors { article = nil }
        diagnostics = collector.diagnostics
    }

    private mutating func read(_ collector: DiagnosticCollector) -> Article? {
        let lines = file.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.first?.trimmingPrefix("\u{FEFF}") == "---",
            let end = lines.dropFirst().firstIndex(where: { $0 == "---" })
        else {
            collector.error(
                line: 1,
                "the file has no front matter",
                remedy: "Begin with a line `---`, the keys \(Self.keys.joined(separator: ", ")), and another line `---`"
            )
            return nil
        }
        bodyLine = end + 2
        let body = lines[(end + 1)...].joined(separator: "\n")
        MarkdownCheck(body: body, firstLine: bodyLine, collector: collector).run()
        let yaml = lines[1..<end].joined(separator: "\n")
        guard
            let map = YAMLValue.parse(yaml, collector: collector, lineOffset: 1)?
                .map("the front matter", keys: Self.keys)
        else { return nil }
        return read(map, body: body)
    }

    private mutating func read(_ map: YAMLMap, body: String) -> Article? {
        let id = map.string("id")
        let title = map.string("title")
        let language = map.choice("language", Language.self)
        let audience = map.choice("audience", Audience.self)
        let topics = texts(map, "topics")
        let questions = located(map, "questions")
        questionLines = questions.map(\.line)
        let reviewBy = map.string("review_by")
        if let reviewBy, !CalendarDate.isValid(reviewBy) {
            map["review_by"]?.error("`review_by` is `\(reviewBy)`, which is no date", remedy: "Write it as 2027-05-31")
        }
        let links = map.list("links").compactMap { value -> ArticleLink? in
            guard let link = value.map("a link", keys: ["label", "path"]), let label = link.string("label"),
                let path = link.string("path")
            else { return nil }
            linkLines.append(link["path"]?.line ?? value.line)
            return ArticleLink(label: label, path: path)
        }
        let sources = texts(map, "sources")
        if let id, !Self.isSlug(id) {
            map["id"]?.error("`id` is `\(id)`", remedy: "Use lower-case letters, digits and hyphens only")
        }
        guard let id, let title, let language, let audience, let reviewBy else { return nil }
        return Article(
            id: id,
            title: title,
            language: language.rawValue,
            audience: audience,
            topics: topics,
            questions: questions.map(\.text),
            links: links,
            reviewBy: reviewBy,
            sources: sources,
            body: body
        )
    }

    private static func isSlug(_ id: String) -> Bool {
        id.utf8.allSatisfy { Folding.isLetter($0) || Folding.isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// The texts of a required list.
    private func texts(_ map: YAMLMap, _ key: String) -> [String] { located(map, key).map(\.text) }

    private func located(_ map: YAMLMap, _ key: String) -> [(text: String, line: Int)] {
        guard map.required(key) != nil else { return [] }
        let values = map.list(key)
        if values.isEmpty, map[key]?.list != nil {
            map[key]?.error("`\(key)` of the front matter is empty", remedy: "Add at least one entry")
        }
        return values.compactMap { value in
            if let text = value.string, !text.allSatisfy(\.isWhitespace) { return (text, value.line) }
            value.error(
                "an entry of `\(key)` is not a text",
                remedy: "Write one text a line; quote it if it holds a colon"
            )
            return nil
        }
    }
}

/// Dates as `yyyy-mm-dd` in the Gregorian calendar.
enum CalendarDate {
    static func isValid(_ text: String) -> Bool {
        guard let match = text.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})/), let year = Int(match.1),
            let month = Int(match.2), let day = Int(match.3), (1...12).contains(month)
        else { return false }
        let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }
}
