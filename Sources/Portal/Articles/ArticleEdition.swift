import Records
import Store

/// The set of published versions that an index was built of, kept under a digest of it.
struct ArticleEdition: Codable, Sendable {
    static let table: SQL.Name = "article_editions"

    let id: ID<ArticleEdition>
    let practiceID: ID<Practice>
    let digest: String
    /// Ids, one a line.
    let versions: String
    let createdAt: Timestamp
    let updatedAt: Timestamp

    /// Its versions, in the order in which they were indexed.
    var versionIDs: [ID<ArticleVersion>] { versions.split(separator: "\n").compactMap { ID(String($0)) } }

    /// Puts a set of versions on record, where it is not yet, and returns its digest.
    static func keep(
        _ versions: [ID<ArticleVersion>],
        of practice: ID<Practice>,
        in database: Database,
        surroundings: Surroundings
    ) async throws -> String {
        let list = versions.map(\.text).joined(separator: "\n")
        let digest = ArticlePublication.digest(list)
        let isKnown = try await database.read { try find(digest, of: practice, in: $0) != nil }
        guard !isKnown else { return digest }
        let now = surroundings.now()
        let edition = ArticleEdition(
            id: surroundings.newID(),
            practiceID: practice,
            digest: digest,
            versions: list,
            createdAt: now,
            updatedAt: now
        )
        try await database.write { transaction in
            // Another node may have been first.
            guard try find(digest, of: practice, in: transaction) == nil else { return }
            try transaction.insert(edition, into: table)
        }
        return digest
    }

    static func find(_ digest: String, of practice: ID<Practice>, in transaction: Transaction) throws(StoreError)
        -> ArticleEdition?
    {
        try transaction.fetchOne(
            ArticleEdition.self,
            "SELECT * FROM article_editions WHERE practice_id = \(practice) AND digest = \(digest)"
        )
    }
}
