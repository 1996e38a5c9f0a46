import Records
import Retrieval
import Store

/// An article of the practice: what its versions have in common.
struct ArticleEntry: Sendable, Codable {
    enum Status: String, Sendable, Codable, SQLConvertible {
        case draft = "DRAFT"
        case inReview = "IN_REVIEW"
        case published = "PUBLISHED"
        case scheduled = "SCHEDULED"
        case retired = "RETIRED"
    }
    enum Readers: String, Sendable, Codable, SQLConvertible {
        case everybody = "PUBLIC"
        case clients = "CLIENTS"
        case guardians = "GUARDIANS"

        init(_ audience: Audience) {
            switch audience {
            case .public_: self = .everybody
            case .clients: self = .clients
            case .guardians: self = .guardians
            }
        }
    }

    static let table: SQL.Name = "resources"

    var id: ID<ArticleEntry>
    var practiceID: ID<Practice>
    var slug: String
    var audience: Readers
    var status: Status
    var reviewDue: String?
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// One published text of an article in one language. Never changed; a new text is a new version.
struct ArticleVersion: Sendable, Codable {
    static let table: SQL.Name = "resource_versions"

    var id: ID<ArticleVersion>
    var resourceID: ID<ArticleEntry>
    var version: Int
    var locale: String
    var title: String
    /// The whole file: front matter and Markdown.
    var source: String
    var sourceSha256: String
    var authorUserID: ID<StaffMember>?
    var publishedAt: Timestamp?
    var retiredAt: Timestamp?
    var changeNote: String?
    var createdAt: Timestamp
    var updatedAt: Timestamp
}
