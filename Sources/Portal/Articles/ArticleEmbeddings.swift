import Encoder
import Foundation
import Records
import Retrieval
import Store

/// The vectors of the published articles, kept with the version that they were made of.
struct ArticleEmbeddings {
    /// One row: an encoder's vectors of one version.
    private struct Row: Codable {
        static let table: SQL.Name = "article_embeddings"

        let id: ID<Row>
        let resourceVersionID: ID<ArticleVersion>
        let encoder: String
        let vectors: String
        let createdAt: Timestamp
        let updatedAt: Timestamp
    }

    let encoder: SentenceEncoder
    let database: Database
    let surroundings: Surroundings

    /// The texts of `articles` with their vectors: those that are stored, and new ones, which are stored now.
    func texts(of articles: [(version: ID<ArticleVersion>, article: Article)], practice: ID<Practice>) async throws
        -> EncodedTexts
    {
        let stored = try await stored(articles.map(\.version), of: practice)
        var encoded = EncodedTexts(encoder: encoder)
        var missing: [(version: ID<ArticleVersion>, texts: [String])] = []
        for (version, article) in articles {
            guard Language(rawValue: article.language).map(EncodedTexts.reads) ?? false else { continue }
            let texts = article.encodedTexts
            if let vectors = stored[version], vectors.count == texts.count {
                encoded.add(texts, vectors)
            } else {
                missing.append((version, texts))
            }
        }
        let made = await embed(missing.map(\.texts))
        for (entry, vectors) in zip(missing, made) { encoded.add(entry.texts, vectors) }
        try await store(zip(missing, made).map { ($0.version, $1) })
        return encoded
    }

    private func stored(_ versions: [ID<ArticleVersion>], of practice: ID<Practice>) async throws
        -> [ID<ArticleVersion>: [Embedding]]
    {
        let rows = try await database.read { transaction in
            try transaction.fetch(
                Row.self,
                """
                SELECT e.* FROM article_embeddings e
                JOIN resource_versions v ON v.id = e.resource_version_id JOIN resources r ON r.id = v.resource_id
                WHERE r.practice_id = \(practice) AND e.encoder = \(encoder.identity) AND v.id IN (\(list: versions))
                """
            )
        }
        return Dictionary(rows.map { ($0.resourceVersionID, vectors($0.vectors)) }) { first, _ in first }
    }

    /// None when the row is damaged, so that they are made again.
    private func vectors(_ text: String) -> [Embedding] {
        guard let data = Data(base64Encoded: text), let all = Embedding(data: data),
            all.dimension.isMultiple(of: encoder.dimension)
        else { return [] }
        return stride(from: 0, to: all.dimension, by: encoder.dimension).map {
            Embedding(values: Array(all.values[$0..<$0 + encoder.dimension]))
        }
    }

    /// On all cores, an article at a time.
    private func embed(_ articles: [[String]]) async -> [[Embedding]] {
        await withTaskGroup(of: (Int, [Embedding]).self) { group in
            var made = [[Embedding]](repeating: [], count: articles.count)
            for (number, texts) in articles.enumerated() {
                group.addTask { [encoder] in (number, encoder.embed(texts)) }
            }
            for await (number, vectors) in group { made[number] = vectors }
            return made
        }
    }

    private func store(_ made: [(version: ID<ArticleVersion>, vectors: [Embedding])]) async throws {
        guard !made.isEmpty else { return }
        let now = surroundings.now()
        try await database.write { transaction in
            for (version, vectors) in made {
                let id: ID<Row> = surroundings.newID()
                let text = Embedding(values: vectors.flatMap(\.values)).data.base64EncodedString()
                try transaction.execute(
                    """
                    INSERT INTO article_embeddings (id, resource_version_id, encoder, vectors, created_at, updated_at)
                    VALUES (\(id), \(version), \(encoder.identity), \(text), \(now), \(now))
                    ON CONFLICT (resource_version_id, encoder) DO UPDATE SET vectors = excluded.vectors, updated_at = \(now)
                    """
                )
            }
        }
    }
}
