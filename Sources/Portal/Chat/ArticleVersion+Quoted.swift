import Knowledge
import Records
import Retrieval
import Store

extension ArticleVersion {
    /// The version that a citation points to. One that an older program stored says no language; where its number stands in
    /// one language only, that is it.
    static func quoted(by citation: StoredCitation, of practice: ID<Practice>, in transaction: Transaction)
        throws(StoreError) -> ArticleVersion?
    {
        let found = try transaction.fetch(
            ArticleVersion.self,
            """
            SELECT v.* FROM resource_versions v JOIN resources r ON r.id = v.resource_id
            WHERE r.practice_id = \(practice) AND r.slug = \(citation.articleID) AND v.version = \(citation.articleVersion)
                AND v.published_at IS NOT NULL
                AND (v.id = \(citation.resourceVersionID) OR \(citation.resourceVersionID) IS NULL)
                AND (v.locale = \(citation.locale) OR \(citation.locale) IS NULL)
            ORDER BY v.locale
            """
        )
        return found.count == 1 ? found.first : nil
    }

    /// What the text says; nil when it can no longer be read.
    var article: Article? {
        var article = Article.parse(KnowledgeFile(path: title, text: source)).article
        article?.version = version
        return article
    }
}
