public import Store

/// Somebody who works at the practice. Never linked to a client: the table has no column for one (CORE-08).
public struct StaffMember: Sendable, Codable {
    public enum Role: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case administrator = "ADMINISTRATOR"
        case clinician = "CLINICIAN"
        case supervisor = "SUPERVISOR"
        case frontDesk = "FRONT_DESK"
        case billing = "BILLING"
        case healthCoach = "HEALTH_COACH"
        case contentEditor = "CONTENT_EDITOR"
    }

    /// Staff are deactivated, never deleted, since what they did stays attributed to them.
    public enum Status: String, Sendable, Codable, SQLConvertible {
        case invited = "INVITED"
        case active = "ACTIVE"
        case deactivated = "DEACTIVATED"
    }

    public static let table: SQL.Name = "users"

    public var id: ID<StaffMember>
    public var practiceID: ID<Practice>
    public var email: String
    public var username: String
    public var displayName: String
    public var role: Role
    public var supervisorID: ID<StaffMember>?
    public var passwordHash: String?
    public var status: Status
    /// Whether alerts that nobody acknowledged come to this person.
    public var onCall: Bool
    public var lastLoginAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<StaffMember>,
        practiceID: ID<Practice>,
        email: String,
        username: String,
        displayName: String,
        role: Role,
        supervisorID: ID<StaffMember>? = nil,
        passwordHash: String? = nil,
        onCall: Bool = false,
        createdAt: Timestamp
    ) {
        self.id = id
        self.practiceID = practiceID
        self.email = email
        self.username = username
        self.displayName = displayName
        self.role = role
        self.supervisorID = supervisorID
        self.passwordHash = passwordHash
        status = .active
        self.onCall = onCall
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}
