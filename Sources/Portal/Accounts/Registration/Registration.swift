public import Records
public import Store

/// Where somebody stands who registers (ACC-36).
public struct Registration: Sendable, Codable {
    /// In this order.
    public enum Step: String, Sendable, Codable, CaseIterable, Comparable, SQLConvertible {
        case verify = "VERIFY"
        case credentials = "CREDENTIALS"
        case secondFactor = "SECOND_FACTOR"
        case preferences = "PREFERENCES"
        case emergencyContact = "EMERGENCY_CONTACT"
        case terms = "TERMS"
        case done = "DONE"

        var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        public static func < (left: Step, right: Step) -> Bool { left.order < right.order }
        var next: Step { Self.allCases.first { $0 > self } ?? .done }
    }

    static let table: SQL.Name = "registrations"

    public var id: ID<Registration>
    var practiceID: ID<Practice>
    var clientID: ID<Client>
    var invitationID: ID<Invitation>
    var accountID: ID<PortalAccountTag>?
    var resumeHash: String
    /// What comes next.
    public var step: Step
    /// The address that was shown to be theirs, or is being.
    public var email: SealedText?
    var emergencyContact: SealedText?
    public var expiresAt: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// How somebody wants to hear from the portal.
public struct ContactPreferences: Sendable, Codable, Hashable {
    public var locale: String
    /// Whether there is mail when something new is in the portal. Mail about the account itself always comes.
    public var emailNotifications: Bool

    public init(locale: String, emailNotifications: Bool) {
        self.locale = locale
        self.emailNotifications = emailNotifications
    }
}
