import Assistant
import Foundation
import Knowledge
import Records
import Retrieval
import Store

/// Checks a draft against the published articles, and asks the questions of clients and articles as if it were published.
struct ContentCheck: Sendable {
    let library: ArticleLibrary
    let rules: CorpusRules
    let questions: AskedQuestions
    let database: Database
    let now: Timestamp

    /// Past answers that are asked again, the latest.
    private static let pastAnswers = 200
    private static let unansweredQuestions = 500

    /// Where a draft stands in messages: as the file that it would be exported to.
    static func path(_ slug: String, _ language: String) -> String { "\(language)/\(slug).md" }

    func report(on source: String, _ slug: String, _ language: String, of practice: ID<Practice>) async throws
        -> ContentCheckReport
    {
        let file = KnowledgeFile(path: Self.path(slug, language), text: source)
        let service = Principal.system("content.check", practice: practice)
        let (live, gaps, unanswered, past) = try await database.write { transaction in
            let live = try Self.liveFiles(of: practice, in: transaction)
            let gaps = try transaction.fetch(
                ContentGap.self,
                "SELECT * FROM content_gaps WHERE practice_id = \(practice) AND locale = \(language) AND state <> 'DISMISSED'"
            )
            let (unanswered, past) = try questions.read(for: .contentCheck, as: service, in: transaction) { reading in
                (
                    try reading.unanswered(language: language, limit: Self.unansweredQuestions),
                    try reading.answered(language: language, limit: Self.pastAnswers)
                )
            }
            return (live, gaps, unanswered, past)
        }
        var findings = self.findings(in: file, beside: live.filter { $0.path != file.path })
        guard let article = Article.parse(file).article else { return .init(findings) }
        let before = library.live(practice)
        let after = library.candidate(practice, with: article)
        findings += ownQuestions(article, file, after.index)
        let lost = lostQuestions(of: library.published(practice), article, before.index, after.index)
        let answered = unanswered.map { answers($0.text, article, after.assistant) }
        let effects = gaps.compactMap { gap -> ContentCheckReport.GapEffect? in
            let own = zip(unanswered, answered).filter { $0.0.gap == gap.id }
            guard own.contains(where: \.1) else { return nil }
            return .init(
                gap: gap.id,
                paraphrase: gap.paraphrase,
                questions: own.count,
                answered: own.count { $0.1 }
            )
        }
        return ContentCheckReport(
            findings: findings.sorted { ($0.line, $0.message) < ($1.line, $1.message) },
            unanswered: unanswered.count,
            wouldAnswer: answered.count { $0 },
            gaps: effects.sorted { ($1.answered, $0.gap.text) < ($0.answered, $1.gap.text) },
            lost: lost,
            answered: past.count,
            wouldChange: changed(past, article, before.assistant, after.assistant)
        )
    }

    static func liveFiles(of practice: ID<Practice>, in transaction: Transaction) throws(StoreError) -> [KnowledgeFile]
    {
        try transaction.rows(
            """
            SELECT r.slug, v.locale, v.source FROM resource_versions v JOIN resources r ON r.id = v.resource_id
            WHERE r.practice_id = \(practice) AND r.status = 'PUBLISHED'
                AND v.published_at IS NOT NULL AND v.retired_at IS NULL
            ORDER BY v.locale, r.slug
            """
        ).map { row throws(StoreError) in
            KnowledgeFile(
                path: path(try row.get("slug"), try row.get("locale")),
                text: try row.get("source")
            )
        }
    }

    // MARK: - The text

    private func findings(in file: KnowledgeFile, beside others: [KnowledgeFile]) -> [ContentCheckReport.Finding] {
        var all = Corpus.check(
            files: others + [file],
            portalPaths: rules.portalPaths,
            liveFields: rules.liveFields,
            phoneNumbers: rules.phoneNumbers,
            blocksHardReading: true
        ).filter { $0.file == file.path }
        // A heading that goes takes along the links of others to it.
        all += Corpus.checkLinks(files: others + [file]).filter { finding in
            finding.file != file.path && finding.message.hasSuffix("in `\(Self.slug(file))`")
        }.map { finding in
            Diagnostic(
                file: file.path,
                line: 1,
                message: "\(finding.file) links to a heading of this article: \(finding.message)",
                remedy: "Keep the heading, or change the other article first"
            )
        }
        return all.map { finding in
            ContentCheckReport.Finding(
                line: finding.line,
                severity: finding.severity,
                message: finding.message,
                remedy: finding.remedy
            )
        }
    }

    private static func slug(_ file: KnowledgeFile) -> String {
        String(file.path.split(separator: "/").last?.dropLast(3) ?? "")
    }

    // MARK: - The questions

    /// A draft that its own questions do not find is not ready.
    private func ownQuestions(_ article: Article, _ file: KnowledgeFile, _ index: SearchIndex)
        -> [ContentCheckReport.Finding]
    {
        let lines = file.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return article.questions.compactMap { question in
            let first = index.search(question, language: article.language, limit: 1).hits.first?.article.id
            guard first != article.id else { return nil }
            return .init(
                line: (lines.firstIndex { $0.contains(question) } ?? 0) + 1,
                severity: .error,
                message: "the question “\(question)” finds " + (first.map { "`\($0)` first" } ?? "nothing"),
                remedy: "Use words that only this article has, or move the question to the article that it finds"
            )
        }
    }

    private func lostQuestions(of articles: [Article], _ draft: Article, _ before: SearchIndex, _ after: SearchIndex)
        -> [ContentCheckReport.LostQuestion]
    {
        articles.filter { $0.language == draft.language && $0.id != draft.id }.flatMap { article in
            article.questions.compactMap { question in
                let found = before.search(question, language: article.language, limit: 1).hits.first?.article.id
                guard found == article.id else { return nil }
                let finds = after.search(question, language: article.language, limit: 1).hits.first?.article.id
                return finds == article.id
                    ? nil : .init(article: article.id, question: question, finds: finds)
            }
        }
    }

    private func answers(_ question: String, _ draft: Article, _ assistant: Assistant) -> Bool {
        Self.article(that: question, draft.language, assistant, rules, now) == draft.id
    }

    private func changed(
        _ past: [(text: String, article: String)],
        _ draft: Article,
        _ before: Assistant,
        _ after: Assistant
    ) -> Int {
        past.count { question in
            let was = Self.article(that: question.text, draft.language, before, rules, now)
            return was == question.article && was != draft.id
                && Self.article(that: question.text, draft.language, after, rules, now) != was
        }
    }

    /// The article that a question is answered from; nil when it is not answered.
    static func article(
        that question: String,
        _ language: String,
        _ assistant: Assistant,
        _ rules: CorpusRules,
        _ now: Timestamp
    ) -> String? {
        var context = ReplyContext(language: language, now: now.seconds)
        context.liveFields = Dictionary(uniqueKeysWithValues: rules.liveFields.map { ($0, "…") })
        let reply = assistant.reply(to: question, in: context)
        return reply.decision == .answer ? reply.citations.first?.articleID : nil
    }
}

extension ContentCheckReport {
    /// The report on a text that cannot be read as an article: nothing can be asked of it.
    init(_ findings: [Finding]) {
        self.init(
            findings: findings,
            unanswered: 0,
            wouldAnswer: 0,
            gaps: [],
            lost: [],
            answered: 0,
            wouldChange: 0
        )
    }
}
