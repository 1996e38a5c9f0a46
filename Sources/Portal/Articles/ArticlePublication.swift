import Crypto
import Foundation
import Records
import Retrieval
import Store

/// Puts a text in the place of the live one, or takes the live one down, in the transaction of what asks for it. Whoever
/// does so has the library load the practice's articles afterwards.
struct ArticlePublication {
    let practice: ID<Practice>
    let transaction: Transaction
    let now: Timestamp
    let surroundings: Surroundings

    /// Where a text comes from.
    struct Origin {
        var author: ID<StaffMember>?
        var reviewer: ID<StaffMember>?
        var note: String?
        var inCorpus = false
    }

    static func digest(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    // MARK: - Reading

    func entry(_ slug: String) throws(StoreError) -> ArticleEntry? {
        try transaction.fetchOne(
            ArticleEntry.self,
            "SELECT * FROM resources WHERE practice_id = \(practice) AND slug = \(slug)"
        )
    }

    /// All versions in a language, the latest first.
    func versions(of entry: ID<ArticleEntry>, _ language: String) throws(StoreError) -> [ArticleVersion] {
        try transaction.fetch(
            ArticleVersion.self,
            "SELECT * FROM resource_versions WHERE resource_id = \(entry) AND locale = \(language) ORDER BY version DESC"
        )
    }

    // MARK: - Writing

    /// The article's row, made where there is none: it is a draft until something of it is published.
    func entryMakingOne(for article: Article) throws -> ArticleEntry {
        if let known = try entry(article.id) { return known }
        let entry = ArticleEntry(
            id: surroundings.newID(),
            practiceID: practice,
            slug: article.id,
            audience: .init(article.audience),
            status: .draft,
            reviewDue: article.reviewBy,
            createdAt: now,
            updatedAt: now
        )
        try transaction.insert(entry, into: ArticleEntry.table)
        return entry
    }

    /// Publishes `text`, retiring the version before it. Numbers only grow, also after a retirement.
    @discardableResult
    func publish(_ article: Article, text: String, from origin: Origin) throws -> ArticleVersion {
        let entry = try entryMakingOne(for: article)
        let last = try versions(of: entry.id, article.language).first?.version ?? 0
        try retireVersions(of: entry.id, article.language)
        let version = ArticleVersion(
            id: surroundings.newID(),
            resourceID: entry.id,
            version: last + 1,
            locale: article.language,
            title: article.title,
            source: text,
            sourceSha256: Self.digest(text),
            authorUserID: origin.author,
            reviewerUserID: origin.reviewer,
            publishedAt: now,
            changeNote: origin.note,
            inCorpus: origin.inCorpus,
            createdAt: now,
            updatedAt: now
        )
        try transaction.insert(version, into: ArticleVersion.table)
        try transaction.execute(
            """
            UPDATE resources SET audience = \(ArticleEntry.Readers(article.audience)), review_due = \(article.reviewBy),
                status = 'PUBLISHED', updated_at = \(now)
            WHERE id = \(entry.id)
            """
        )
        try tell("article.published", entry.id)
        return version
    }

    /// Takes the live text in a language down. Returns false when there is none.
    @discardableResult
    func retire(_ entry: ID<ArticleEntry>, _ language: String) throws -> Bool {
        guard try retireVersions(of: entry, language) > 0 else { return false }
        try transaction.execute(
            """
            UPDATE resources SET status = 'RETIRED', updated_at = \(now)
            WHERE id = \(entry) AND NOT EXISTS
                (SELECT 1 FROM resource_versions v
                 WHERE v.resource_id = resources.id AND v.published_at IS NOT NULL AND v.retired_at IS NULL)
            """
        )
        try tell("article.retired", entry)
        return true
    }

    @discardableResult
    private func retireVersions(of entry: ID<ArticleEntry>, _ language: String) throws(StoreError) -> Int {
        try transaction.execute(
            """
            UPDATE resource_versions SET retired_at = \(now), updated_at = \(now)
            WHERE resource_id = \(entry) AND locale = \(language) AND retired_at IS NULL
            """
        )
    }

    private func tell(_ event: String, _ entry: ID<ArticleEntry>) throws(StoreError) {
        try DomainEvent(event, subject: entry.text).append(
            practice: practice,
            client: nil,
            at: now,
            ids: surroundings,
            transaction: transaction
        )
    }
}
