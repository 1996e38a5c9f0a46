public import Records
import Retrieval
public import Store

/// An article of the practice: what its versions have in common.
public struct ArticleEntry: Sendable, Codable {
    public enum Status: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// Was never published.
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

    public var id: ID<ArticleEntry>
    public var practiceID: ID<Practice>
    public var slug: String
    var audience: Readers
    public var status: Status
    /// By when somebody has to read it again, as `yyyy-mm-dd`.
    public var reviewDue: String?
    /// Who answers for it.
    public var ownerUserID: ID<StaffMember>?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// One published text of an article in one language. Never changed; a new text is a new version.
public struct ArticleVersion: Sendable, Codable {
    static let table: SQL.Name = "resource_versions"

    public var id: ID<ArticleVersion>
    public var resourceID: ID<ArticleEntry>
    public var version: Int
    public var locale: String
    public var title: String
    /// The whole file: front matter and Markdown.
    public var source: String
    public var sourceSha256: String
    public var authorUserID: ID<StaffMember>?
    public var reviewerUserID: ID<StaffMember>?
    public var publishedAt: Timestamp?
    public var retiredAt: Timestamp?
    /// When it is to be taken down; nil when nothing is planned.
    public var retireAt: Timestamp?
    public var changeNote: String?
    /// Whether this text once stood in the corpus folder.
    public var inCorpus: Bool
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public var isLive: Bool { publishedAt != nil && retiredAt == nil }
}
