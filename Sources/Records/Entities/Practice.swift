public import Store

/// The tenant: a practice, whose rows never meet another's.
public struct Practice: Sendable, Codable {
    public enum Status: String, Sendable, Codable, SQLConvertible {
        case active = "ACTIVE", suspended = "SUSPENDED", readOnly = "READ_ONLY"
    }

    public var id: ID<Practice>
    public var name: String
    /// Short name for addresses and sign-in.
    public var slug: String
    /// IANA name, such as `America/Chicago`.
    public var timeZone: String
    /// Language of the practice, such as `en`.
    public var locale: String
    /// Which crisis resources apply: an ISO 3166 country code.
    public var region: String
    public var phone: String?
    public var settings: PracticeSettings
    public var status: Status
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<Practice>,
        name: String,
        slug: String,
        timeZone: String,
        locale: String = "en",
        region: String = "US",
        phone: String? = nil,
        settings: PracticeSettings = .init(),
        status: Status = .active,
        createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.slug = slug
        self.timeZone = timeZone
        self.locale = locale
        self.region = region
        self.phone = phone
        self.settings = settings
        self.status = status
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}

/// What a practice decides for itself. A field that an older row lacks takes its default.
public struct PracticeSettings: Sendable, Codable, Hashable {
    /// Minutes without activity after which a session ends (ACC-28).
    public var sessionMinutes = 30
    /// Hours after which a session ends whatever is done with it, at the clients' door and at the staff's.
    public var portalSessionHours = 12
    public var staffSessionHours = 12
    /// For how many days a device stands for a second factor once its user says so (ACC-33).
    public var deviceTrustDays = 30
    /// For how many days a password that staff give out can be exchanged for one's own (ACC-39).
    public var temporaryPasswordDays = 7
    /// Failed sign-ins in a row that lock an account, and for how many minutes (ACC-29).
    public var lockoutFailures = 5
    public var lockoutMinutes = 30
    /// Minutes after which an alert that nobody acknowledged goes to the next person, by severity.
    public var escalationMinutes = ["CRITICAL": 15, "HIGH": 60]
    /// Totals at or above which a score raises an alert, by instrument code. An instrument that is not named here
    /// raises one when its worst band, or its cut point where it has no bands, is reached.
    public var severityThresholds: [String: Double] = [:]
    /// Whether somebody born on 29 February is a year older on 28 February of a common year, and not on 1 March as in most
    /// jurisdictions.
    public var leapBirthdaysOnFebruary28 = false
    /// Fields of the profile, by their names on the wire, that clients see and cannot change (PROF-01).
    public var readOnlyProfileFields: Set<String> = ["first_name", "last_name"]

    /// When somebody is there; nil where the practice has not said.
    public var hours: PracticeHours?

    /// Whether somebody who wrote a draft may also approve it (RES-10).
    public var authorsMayApprove = false

    /// Whether answers may be put into words by a language model, for clients who consented. There has to be one, too.
    public var usesLanguageModel = false

    /// Whether a second factor is asked for, by role; `CLIENT` and `PROXY` stand for portal accounts. It is optional for a
    /// role that is not named here (ACC-15).
    public var secondFactors: [String: SecondFactorPolicy] = PracticeSettings.standardSecondFactors

    /// Who sees many records shows two factors.
    public static let standardSecondFactors: [String: SecondFactorPolicy] = [
        "ADMINISTRATOR": .required, "CLINICIAN": .required, "SUPERVISOR": .required,
    ]

    public init() {}

    public init(from decoder: any Decoder) throws {
        let defaults = PracticeSettings()
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sessionMinutes = try container.decodeIfPresent(Int.self, forKey: .sessionMinutes) ?? defaults.sessionMinutes
        portalSessionHours =
            try container.decodeIfPresent(Int.self, forKey: .portalSessionHours) ?? defaults.portalSessionHours
        staffSessionHours =
            try container.decodeIfPresent(Int.self, forKey: .staffSessionHours) ?? defaults.staffSessionHours
        deviceTrustDays = try container.decodeIfPresent(Int.self, forKey: .deviceTrustDays) ?? defaults.deviceTrustDays
        temporaryPasswordDays =
            try container.decodeIfPresent(Int.self, forKey: .temporaryPasswordDays) ?? defaults.temporaryPasswordDays
        lockoutFailures = try container.decodeIfPresent(Int.self, forKey: .lockoutFailures) ?? defaults.lockoutFailures
        lockoutMinutes = try container.decodeIfPresent(Int.self, forKey: .lockoutMinutes) ?? defaults.lockoutMinutes
        escalationMinutes =
            try container.decodeIfPresent([String: Int].self, forKey: .escalationMinutes) ?? defaults.escalationMinutes
        severityThresholds =
            try container.decodeIfPresent([String: Double].self, forKey: .severityThresholds)
            ?? defaults.severityThresholds
        secondFactors =
            try container.decodeIfPresent([String: SecondFactorPolicy].self, forKey: .secondFactors)
            ?? defaults.secondFactors
        leapBirthdaysOnFebruary28 =
            try container.decodeIfPresent(Bool.self, forKey: .leapBirthdaysOnFebruary28)
            ?? defaults.leapBirthdaysOnFebruary28
        authorsMayApprove =
            try container.decodeIfPresent(Bool.self, forKey: .authorsMayApprove) ?? defaults.authorsMayApprove
        usesLanguageModel =
            try container.decodeIfPresent(Bool.self, forKey: .usesLanguageModel) ?? defaults.usesLanguageModel
        hours = try container.decodeIfPresent(PracticeHours.self, forKey: .hours)
        readOnlyProfileFields =
            try container.decodeIfPresent(Set<String>.self, forKey: .readOnlyProfileFields)
            ?? defaults.readOnlyProfileFields
    }
}

/// Whether a role signs in with a second factor.
public enum SecondFactorPolicy: String, Sendable, Codable, CaseIterable {
    /// None is offered.
    case off = "OFF"
    case optional = "OPTIONAL"
    /// Without one of their own, people get a code by e-mail.
    case required = "REQUIRED"
}
