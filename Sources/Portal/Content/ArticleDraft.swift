public import Records
public import Store

/// The text that editors work on while the published one stays as it is. One per article and language.
public struct ArticleDraft: Sendable, Codable {
    public enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case draft = "DRAFT"
        /// Waits for somebody to read it.
        case inReview = "IN_REVIEW"
        /// May be published.
        case approved = "APPROVED"
        /// Goes live by itself at ``ArticleDraft/publishAt``.
        case scheduled = "SCHEDULED"
    }

    static let table: SQL.Name = "article_drafts"

    public var id: ID<ArticleDraft>
    public var resourceID: ID<ArticleEntry>
    public var locale: String
    /// Number of the version that it began with; nil for a new article.
    public var baseVersion: Int?
    public var title: String
    /// The whole file: front matter and Markdown.
    public var source: String
    /// Counts the changes, so that two editors notice each other.
    public var rev: Int
    public var state: State
    public var changeNote: String?
    /// Who saved it last.
    public var authorUserID: ID<StaffMember>?
    public var reviewerUserID: ID<StaffMember>?
    public var publishAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// Something that somebody did with an article.
public struct ArticleHistory: Sendable, Codable {
    public enum Action: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case created = "CREATED"
        case saved = "SAVED"
        case discarded = "DISCARDED"
        case submitted = "SUBMITTED"
        case returned = "RETURNED"
        case approved = "APPROVED"
        case scheduled = "SCHEDULED"
        case unscheduled = "UNSCHEDULED"
        /// Was to go live, and no longer passed the check.
        case heldBack = "HELD_BACK"
        case published = "PUBLISHED"
        case reverted = "REVERTED"
        case retirementPlanned = "RETIREMENT_PLANNED"
        case retired = "RETIRED"
        case ownerChanged = "OWNER_CHANGED"
        case imported = "IMPORTED"
    }

    static let table: SQL.Name = "article_history"

    public var id: ID<ArticleHistory>
    public var resourceID: ID<ArticleEntry>
    public var locale: String?
    public var action: Action
    /// The version that it made or took down.
    public var version: Int?
    /// Nil for the service, and for somebody who is no longer here.
    public var userID: ID<StaffMember>?
    public var note: String?
    public var at: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// The draft was changed since the editor loaded it. Carries the text as it is now, so that nothing has to be written twice.
public struct StaleDraft: Error, Sendable {
    /// Nil when the draft is gone.
    public let current: ArticleDraft?
}

/// A text that the check does not let pass.
public struct BlockedByCheck: Error, Sendable {
    public let report: ContentCheckReport
}
