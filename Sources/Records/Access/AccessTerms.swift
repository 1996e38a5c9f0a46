/// What the principal is to the client.
public enum Relation: String, Sendable, Hashable, Codable {
    case `self` = "SELF"
    case assignedClinician = "ASSIGNED_CLINICIAN"
    case administrator = "ADMINISTRATOR"
    case system = "SYSTEM"
}

/// Why the record is opened.
public enum Purpose: String, Sendable, Hashable, Codable {
    /// The client uses the portal.
    case ownCare = "OWN_CARE"
    /// A clinician treats the client.
    case treatment = "TREATMENT"
    /// The practice runs itself: oversight, quality, support.
    case operations = "OPERATIONS"
    /// The service reacts to an event.
    case automation = "AUTOMATION"
    /// Something of the record goes to somebody outside the practice (45 CFR 164.528).
    case disclosure = "DISCLOSURE"
}

/// The parts of a record that access is decided for.
public enum DataArea: String, Sendable, Hashable, Codable, CaseIterable {
    case chat = "CHAT"
    case assessments = "ASSESSMENTS"
    case alerts = "ALERTS"
    case chart = "CHART"
}

public enum AccessAction: String, Sendable, Hashable, Codable, CaseIterable {
    case read = "READ"
    case create = "CREATE"
    case change = "CHANGE"
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
