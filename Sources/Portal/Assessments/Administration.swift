public import Records
public import Store

/// A questionnaire that somebody gave a client to answer.
public struct Assignment: ClientRecord {
    public enum Origin: String, Sendable, Codable, SQLConvertible {
        case scheduled = "SCHEDULED", staff = "STAFF", adHoc = "ADHOC"
    }
    public enum Status: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case due = "DUE"
        case started = "STARTED"
        case completed = "COMPLETED"
        case expired = "EXPIRED"
        case cancelled = "CANCELLED"
    }

    public static let table: SQL.Name = "assessment_assignments"
    public static let area = DataArea.assessments

    public var id: ID<Assignment>
    public var clientID: ID<Client>
    public var instrumentCode: String
    public var origin: Origin
    public var assignedByUserID: ID<StaffMember>?
    public var dueAt: Timestamp?
    public var status: Status
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// One administration of an instrument: begun, answered step by step, submitted once. Bound to the instrument's version.
public struct Administration: ClientRecord {
    /// Who answered.
    public enum Respondent: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case client = "SELF"
        case proxy = "PROXY"
        case clinician = "CLINICIAN"
    }
    public enum Status: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        /// Submitted with answers missing that the score needs.
        case incomplete = "INCOMPLETE"
        case voided = "VOIDED"
    }

    public static let table: SQL.Name = "assessments"
    public static let area = DataArea.assessments

    public var id: ID<Administration>
    public var clientID: ID<Client>
    public var assignmentID: ID<Assignment>?
    var instrumentVersionID: ID<InstrumentVersion>
    public var respondent: Respondent
    public var accountID: ID<PortalAccountTag>?
    public var status: Status
    /// Counts the saves, so that a device that was left behind notices.
    public var rev: Int
    public var startedAt: Timestamp
    public var completedAt: Timestamp?
    /// The outcome as JSON, as it was computed.
    public var report: SealedText?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// One answer.
struct ItemResponse: ClientRecord {
    static let table: SQL.Name = "assessment_responses"
    static let area = DataArea.assessments

    var assessmentID: ID<Administration>
    var itemCode: String
    var id: ID<ItemResponse>
    var clientID: ID<Client>
    var value: Int?
    var text: SealedText?
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// One computed score, for trends. The full report stays with the administration.
struct StoredScore: ClientRecord {
    static let table: SQL.Name = "assessment_scores"
    static let area = DataArea.assessments

    var assessmentID: ID<Administration>
    var scale: String
    var id: ID<StoredScore>
    var clientID: ID<Client>
    var instrumentCode: String
    var instrumentVersion: Int
    var value: Double?
    var answered: Int
    var missing: Int
    var band: String?
    var engineVersion: String
    var computedAt: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp
}
