public import Assistant
import Crypto
import Encoder
import Foundation
public import Knowledge
public import Records
public import Retrieval
import Store
import Synchronization

/// The published articles of every practice and the assistants that answer from them.
///
/// The index is derived: an immutable value in memory, built from the published versions and swapped in whole.
public final class ArticleLibrary: Sendable {
    private let database: Database
    private let surroundings: Surroundings
    private let prompts: Prompts
    private let lexicon: Lexicon
    private let embeddings: ArticleEmbeddings?
    private let shelves = Mutex<[ID<Practice>: Shelf]>([:])

    private struct Shelf: Sendable {
        let region: String
        let articles: [Article]
        let assistant: Assistant
    }

    /// An assistant without articles: it screens, guards and hands over.
    let fallbackAssistant: Assistant

    /// - Parameter encoder: ranks beside the words; nil leaves the ranking to the words alone.
    init(
        database: Database,
        surroundings: Surroundings,
        prompts: Prompts,
        lexicon: Lexicon,
        encoder: SentenceEncoder? = nil
    ) {
        embeddings = encoder.map { ArticleEmbeddings(encoder: $0, database: database, surroundings: surroundings) }
        fallbackAssistant = Assistant(prompts: prompts, index: SearchIndex(articles: [], lexicon: lexicon))
        self.database = database
        self.surroundings = surroundings
        self.prompts = prompts
        self.lexicon = lexicon
    }

    /// The assistant over a practice's published articles.
    public func assistant(of practice: ID<Practice>) -> Assistant? { shelves.withLock { $0[practice]?.assistant } }

    /// Whose crisis lines a practice's clients are shown, also while the database cannot be read.
    func region(of practice: ID<Practice>) -> String? { shelves.withLock { $0[practice]?.region } }

    /// A practice's published articles for `audience`, in `language` where there is a translation.
    public func articles(of practice: ID<Practice>, audience: Set<Audience>, language: String = "en") -> [Article] {
        let all = shelves.withLock { $0[practice]?.articles ?? [] }.filter { audience.contains($0.audience) }
        let translated = Set(all.filter { $0.language == language }.map(\.id))
        return all.filter { $0.language == language || ($0.language == "en" && !translated.contains($0.id)) }
    }

    /// Publishes every file whose text is not the live version's, retiring the version before it, and swaps the index.
    /// Returns the slugs that changed. Throws `KnowledgeError` when a file is faulty; nothing changes then.
    @discardableResult
    public func publish(_ files: [KnowledgeFile], for practice: ID<Practice>) async throws -> [String] {
        var parsed: [(article: Article, text: String)] = []
        var findings: [Diagnostic] = []
        for file in files {
            let (article, diagnostics) = Article.parse(file)
            findings += diagnostics.filter { $0.severity == .error }
            guard let article else { continue }
            if parsed.contains(where: { $0.article.id == article.id && $0.article.language == article.language }) {
                findings.append(
                    Diagnostic(
                        file: file.path,
                        line: 1,
                        message: "there are two articles `\(article.id)` in language `\(article.language)`",
                        remedy: "Rename or remove one of them"
                    )
                )
            }
            parsed.append((article, file.text))
        }
        guard findings.isEmpty else { throw KnowledgeError(findings) }
        let now = surroundings.now()
        let changed = try await database.write { [parsed] transaction in
            try parsed.filter { try self.publish($0.article, text: $0.text, for: practice, at: now, in: transaction) }
                .map(\.article.id)
        }
        try await load(practice)
        return changed
    }

    private func publish(
        _ article: Article,
        text: String,
        for practice: ID<Practice>,
        at now: Timestamp,
        in transaction: Transaction
    ) throws -> Bool {
        let digest = SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
        let readers = ArticleEntry.Readers(article.audience)
        let known = try transaction.fetchOne(
            ArticleEntry.self,
            "SELECT * FROM resources WHERE practice_id = \(practice) AND slug = \(article.id)"
        )
        let entry =
            known
            ?? ArticleEntry(
                id: surroundings.newID(),
                practiceID: practice,
                slug: article.id,
                audience: readers,
                status: .published,
                reviewDue: article.reviewBy,
                createdAt: now,
                updatedAt: now
            )
        if known == nil { try transaction.insert(entry, into: ArticleEntry.table) }
        let versions = try transaction.fetch(
            ArticleVersion.self,
            "SELECT * FROM resource_versions WHERE resource_id = \(entry.id) AND locale = \(article.language) ORDER BY version DESC"
        )
        let live = versions.first { $0.publishedAt != nil && $0.retiredAt == nil }
        if live?.sourceSha256 == digest { return false }
        try transaction.execute(
            """
            UPDATE resource_versions SET retired_at = \(now), updated_at = \(now)
            WHERE resource_id = \(entry.id) AND locale = \(article.language) AND retired_at IS NULL
            """
        )
        try transaction.insert(
            ArticleVersion(
                id: surroundings.newID(),
                resourceID: entry.id,
                version: (versions.first?.version ?? 0) + 1,
                locale: article.language,
                title: article.title,
                source: text,
                sourceSha256: digest,
                publishedAt: now,
                createdAt: now,
                updatedAt: now
            ),
            into: ArticleVersion.table
        )
        try transaction.execute(
            """
            UPDATE resources SET audience = \(readers), review_due = \(article.reviewBy), status = 'PUBLISHED', updated_at = \(now)
            WHERE id = \(entry.id)
            """
        )
        try DomainEvent("article.published", subject: entry.id.text).append(
            practice: practice,
            client: nil,
            at: now,
            ids: surroundings,
            transaction: transaction
        )
        return true
    }

    private func load(_ practice: ID<Practice>) async throws {
        let (region, live) = try await database.read { transaction in
            let region: String? = try transaction.row("SELECT region FROM practices WHERE id = \(practice)")?.get(
                "region"
            )
            let live = try transaction.fetch(
                ArticleVersion.self,
                """
                SELECT v.* FROM resource_versions v JOIN resources r ON r.id = v.resource_id
                WHERE r.practice_id = \(practice) AND r.status = 'PUBLISHED'
                    AND v.published_at IS NOT NULL AND v.retired_at IS NULL
                ORDER BY r.slug, v.locale
                """
            )
            return (region ?? "US", live)
        }
        let read = live.compactMap { version -> (version: ID<ArticleVersion>, article: Article)? in
            let parsed = Article.parse(KnowledgeFile(path: version.title, text: version.source)).article
            guard var article = parsed else { return nil }
            article.version = version.version
            return (version.id, article)
        }
        let articles = read.map(\.article)
        let encoded = try await embeddings?.texts(of: read, practice: practice)
        let index = SearchIndex(articles: articles, lexicon: lexicon, secondEvidence: encoded?.secondEvidence)
        let shelf = Shelf(
            region: region,
            articles: articles,
            assistant: Assistant(prompts: prompts, index: index)
        )
        shelves.withLock { $0[practice] = shelf }
    }
}
