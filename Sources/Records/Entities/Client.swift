public import Store

/// A person in the care of the practice.
public struct Client: Sendable, Codable {
    public enum Status: String, Sendable, Codable, SQLConvertible {
        case active = "ACTIVE", discharged = "DISCHARGED", deceased = "DECEASED"
    }

    public static let table: SQL.Name = "clients"

    public var id: ID<Client>
    public var practiceID: ID<Practice>
    /// Medical record number.
    public var mrn: String?
    public var firstName: String
    public var lastName: String
    public var preferredName: String?
    /// `yyyy-MM-dd`.
    public var birthDate: String
    public var language: String?
    public var timeZone: String
    public var primaryTherapistID: ID<StaffMember>?
    public var healthCoachID: ID<StaffMember>?
    /// Whose rules for minors apply, such as `US-CA`; nil for the practice's region.
    public var jurisdiction: String?
    /// Off until the practice turns it on (CORE-10).
    public var portalEnabled: Bool
    public var status: Status
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<Client>,
        practiceID: ID<Practice>,
        mrn: String? = nil,
        firstName: String,
        lastName: String,
        birthDate: String,
        language: String? = nil,
        timeZone: String,
        primaryTherapistID: ID<StaffMember>?,
        portalEnabled: Bool,
        createdAt: Timestamp
    ) {
        self.id = id
        self.practiceID = practiceID
        self.mrn = mrn
        self.firstName = firstName
        self.lastName = lastName
        self.birthDate = birthDate
        self.language = language
        self.timeZone = timeZone
        self.primaryTherapistID = primaryTherapistID
        self.portalEnabled = portalEnabled
        status = .active
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// The name the person goes by.
    public var displayName: String { "\(preferredName ?? firstName) \(lastName)" }
}
