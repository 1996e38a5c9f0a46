public import Knowledge

extension Corpus {
    /// Fewest sample questions an article may have.
    static let fewestQuestions = 6

    /// Everything that is wrong with article files, ordered by file and line.
    ///
    /// - Parameters:
    ///   - files: the files to check. Questions shared by two articles, and questions that find the wrong article, show
    ///     only among the files given.
    ///   - portalPaths: pages that links may lead to.
    ///   - liveFields: names that may stand between `{{` and `}}`.
    ///   - phoneNumbers: the only numbers that may be named.
    ///   - lexicon: when given, every sample question must find its own article first: an error when it does not although
    ///     it is in the index, a warning when it does not once it is left out of it.
    ///   - blocksHardReading: whether a text that is too hard to read is an error; otherwise a warning.
    public static func check(
        files: [KnowledgeFile],
        portalPaths: Set<String>,
        liveFields: Set<String>,
        phoneNumbers: Set<String>,
        lexicon: Lexicon? = nil,
        blocksHardReading: Bool = false
    ) -> [Diagnostic] {
        let rules = CorpusRules(portalPaths: portalPaths, liveFields: liveFields, phoneNumbers: phoneNumbers)
        let sources = files.map(ArticleSource.init)
        var diagnostics: [Diagnostic] = []
        for source in sources {
            diagnostics += source.diagnostics
            if let article = source.article {
                diagnostics += ArticleCheck(article, source, rules, blocksHardReading).run()
            }
        }
        diagnostics += checkLinks(sources)
        diagnostics += duplicates(sources.compactMap { source in source.article.map { ($0, source.file.path) } })
        diagnostics += sharedQuestions(sources)
        if let lexicon { diagnostics += QuestionCheck(sources: sources, lexicon: lexicon).run() }
        return diagnostics.sorted { ($0.file, $0.line, $0.message) < ($1.file, $1.line, $1.message) }
    }

    /// Findings about questions that stand in two articles of a language, or twice in one.
    private static func sharedQuestions(_ sources: [ArticleSource]) -> [Diagnostic] {
        var first: [String: (id: String, line: Int)] = [:]
        var diagnostics: [Diagnostic] = []
        for source in sources {
            guard let article = source.article else { continue }
            for (question, line) in zip(article.questions, source.questionLines) {
                let key = article.language + " " + Folding.words(question).joined(separator: " ")
                if let other = first[key] {
                    diagnostics.append(
                        Diagnostic(
                            file: source.file.path,
                            line: line,
                            message: "the question “\(question)” is also in `\(other.id)` (line \(other.line))",
                            remedy: "Keep it in the article that answers it"
                        )
                    )
                } else {
                    first[key] = (article.id, line)
                }
            }
        }
        return diagnostics
    }
}

/// Checks one article against the rules of the practice.
private struct ArticleCheck {
    let article: Article
    let source: ArticleSource
    let rules: CorpusRules
    let blocksHardReading: Bool
    let collector: DiagnosticCollector

    init(_ article: Article, _ source: ArticleSource, _ rules: CorpusRules, _ blocksHardReading: Bool) {
        self.article = article
        self.source = source
        self.rules = rules
        self.blocksHardReading = blocksHardReading
        collector = DiagnosticCollector(file: source.file.path)
    }

    func run() -> [Diagnostic] {
        checkName()
        if article.questions.count < Corpus.fewestQuestions {
            collector.error(
                line: source.questionLines.first ?? 1,
                "\(article.questions.count) sample questions, fewer than \(Corpus.fewestQuestions)",
                remedy: "Add questions as clients would type them"
            )
        }
        checkLinks()
        checkLines()
        checkReadingLevel()
        return collector.diagnostics
    }

    private func checkName() {
        let name = source.file.path.split(separator: "/").last.map(String.init) ?? ""
        guard name != "\(article.id).md" else { return }
        collector.error(
            line: 2,
            "`id` is `\(article.id)` in a file named \(name)",
            remedy: "Name the file \(article.id).md"
        )
    }

    private func checkLinks() {
        for (link, line) in zip(article.links, source.linkLines) { checkPath(link.path, line: line) }
    }

    private func checkPath(_ path: String, line: Int) {
        let page = path.prefix { $0 != "#" && $0 != "?" }
        guard !rules.portalPaths.contains(String(page)), !path.hasPrefix(Corpus.articlePath) else { return }
        collector.error(
            line: line,
            "there is no portal page `\(path)`",
            remedy: nearest(to: path, among: rules.portalPaths.sorted()).map { "Did you mean `\($0)`" }
                ?? "Link to a page of the portal"
        )
    }

    private func checkLines() {
        let numbers = Set(rules.phoneNumbers.map(PhoneNumbers.normalized))
        for (index, line) in article.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let number = source.bodyLine + index
            let text = String(line)
            for field in LiveFields.names(in: text) where !rules.liveFields.contains(field) {
                collector.error(
                    line: number,
                    "there is no live field `\(field)`",
                    remedy: nearest(to: field, among: rules.liveFields.sorted()).map { "Did you mean `\($0)`" }
                        ?? "Known fields: \(rules.liveFields.sorted().joined(separator: ", "))"
                )
            }
            for phone in PhoneNumbers.found(in: text) where !numbers.contains(PhoneNumbers.normalized(phone)) {
                collector.error(
                    line: number,
                    "the phone number \(phone) is not among the verified ones",
                    remedy: "Verify it and add it to the list, or remove it"
                )
            }
            for target in MarkdownText.linkTargets(text) where target.hasPrefix("/") { checkPath(target, line: number) }
        }
    }

    private func checkReadingLevel() {
        guard let language = Language(rawValue: article.language) else { return }
        let texts = article.sections.flatMap(\.blocks).flatMap { block -> [String] in
            switch block {
            case .paragraph(let text): [text.plain]
            case .list(let items), .steps(let items): items.map(\.plain)
            }
        }
        guard var message = tooHard(texts, language) else { return }
        var line = source.bodyLine
        if let hardest = ReadingLevel.hardest(of: texts, in: language) {
            message += "; its hardest sentence is “\(hardest)”"
            line += self.line(of: hardest)
        }
        let remedy = "Use shorter sentences and shorter words; aim for grade 6"
        if blocksHardReading {
            collector.error(line: line, message, remedy: remedy)
        } else {
            collector.warning(line: line, message, remedy: remedy)
        }
    }

    /// What is said of a text that is too hard; nil for one that is not.
    private func tooHard(_ texts: [String], _ language: Language) -> String? {
        switch language {
        case .english:
            guard let grade = ReadingLevel.grade(of: texts), grade > ReadingLevel.highest else { return nil }
            return "the text reads like school grade \(grade.formatted(toTenths: ()))"
        case .spanish:
            guard let ease = ReadingLevel.ease(of: texts), ease < ReadingLevel.lowestEase else { return nil }
            return
                "the text has an ease of \(ease.formatted(toTenths: ())) (Fernández Huerta), and sixth grade begins at \(Int(ReadingLevel.lowestEase))"
        }
    }

    /// In which line of the body a sentence begins, counted from 0.
    private func line(of sentence: String) -> Int {
        let lines = article.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.firstIndex { MarkdownText.plain(String($0)).contains(sentence) } ?? 0
    }
}

extension Double {
    fileprivate func formatted(toTenths: Void) -> String {
        let tenths = Int((self * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
