public import Store

/// Why the record is opened.
public enum Purpose: String, Sendable, Hashable, Codable {
    /// The client uses the portal.
    case ownCare = "OWN_CARE"
    /// A clinician treats the client.
    case treatment = "TREATMENT"
    /// The practice runs itself: oversight, quality, support.
    case operations = "OPERATIONS"
    /// Somebody acts for the client, or reads along with their consent.
    case actingFor = "ACTING_FOR"
    /// Danger that cannot wait for the ordinary way in.
    case emergency = "EMERGENCY"
    /// The service reacts to an event.
    case automation = "AUTOMATION"
    /// Something of the record goes to somebody outside the practice (45 CFR 164.528).
    case disclosure = "DISCLOSURE"
}

/// The parts of a record that access is decided for.
public enum DataArea: String, Sendable, Hashable, Codable, CaseIterable, SQLConvertible {
    case appointments = "APPOINTMENTS"
    case messages = "MESSAGES"
    case plan = "PLAN"
    case notes = "NOTES"
    case assessments = "ASSESSMENTS"
    case journal = "JOURNAL"
    /// Moods and what else the client tracks from day to day.
    case wellness = "WELLNESS"
    case homework = "HOMEWORK"
    case goals = "GOALS"
    /// What the client writes about a session.
    case reviews = "REVIEWS"
    case billing = "BILLING"
    case documents = "DOCUMENTS"
    case chat = "CHAT"
    case groups = "GROUPS"
    case alerts = "ALERTS"
    /// The client's own row: name, birth date, therapist.
    case chart = "CHART"
    /// Contacts and preferences.
    case profile = "PROFILE"
    case consents = "CONSENTS"
    /// Who acts for the client, and what they may.
    case relationships = "RELATIONSHIPS"
    /// Who opened the record.
    case audit = "AUDIT"
    /// A copy of everything that is held.
    case export = "EXPORT"
    /// What staff do about the client's portal account: invite, switch on and off, unlock. What the client does with it is
    /// decided by signing in.
    case account = "ACCOUNT"
}

public enum AccessAction: String, Sendable, Hashable, Codable, CaseIterable {
    case read = "READ"
    case create = "CREATE"
    case change = "CHANGE"
    case delete = "DELETE"
    /// Reads what is masked otherwise, with a reason that the audit notes.
    case reveal = "REVEAL"

    /// Whether rows may be inserted and updated under it. A change may write more than one row, some of them new.
    var isWriting: Bool { self == .create || self == .change }
}

/// Which rows of an area an access reaches. What it is decided from is the policy; what it means for a kind of record, the
/// kind says (``ClientRecord/visibility(_:)``).
public enum Sight: String, Sendable, Hashable, Codable, CaseIterable {
    /// Every row.
    case all = "ALL"
    /// Rows that the client shares with the clinician.
    case shared = "SHARED"
    /// Rows that are not kept confidential from those who act for a minor.
    case nonconfidential = "NONCONFIDENTIAL"
    /// Every row, but with the columns that tell who it is from, or what was written, left out.
    case masked = "MASKED"
}

/// Access was refused. Says nothing about whether the client exists.
public struct AccessDenied: Error, Sendable, Hashable {
    public init() {}
}
