/// What a principal is to a client, today.
public enum Relation: String, Sendable, Hashable, Codable, CaseIterable {
    case `self` = "SELF"
    /// A parent or guardian of a minor. What they may depends on the ``AgeTier``.
    case guardian = "GUARDIAN"
    /// By power of attorney, or as a conservator.
    case representative = "REPRESENTATIVE"
    case family = "FAMILY"
    case partner = "PARTNER"
    case emergencyContact = "EMERGENCY_CONTACT"
    case assignedClinician = "ASSIGNED_CLINICIAN"
    /// Of the assigned clinician; not of that one's own supervisees.
    case supervisor = "SUPERVISOR"
    case frontDesk = "FRONT_DESK"
    case billing = "BILLING"
    /// The assigned coach.
    case healthCoach = "HEALTH_COACH"
    case contentEditor = "CONTENT_EDITOR"
    case administrator = "ADMINISTRATOR"
    /// A clinician or supervisor who broke the glass, for as long as that lasts.
    case emergencyAccess = "EMERGENCY_ACCESS"
    case system = "SYSTEM"

    /// Whether somebody reads or acts in the client's stead: what is confidential may be withheld from them.
    public var isProxy: Bool {
        switch self {
        case .guardian, .representative, .family, .partner, .emergencyContact: true
        case .`self`, .assignedClinician, .supervisor, .frontDesk, .billing, .healthCoach, .contentEditor,
            .administrator,
            .emergencyAccess, .system:
            false
        }
    }
}
