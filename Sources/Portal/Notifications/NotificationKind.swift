/// The kinds of news that somebody may be told of outside the portal, for choosing.
public enum NotificationKind: String, Sendable, Codable, CaseIterable {
    case alertRaised = "alert.raised"
    case assessmentAssigned = "assessment.assigned"
    case assessmentScored = "assessment.scored"
    case profileUpdated = "profile.updated"
    case consentChanged = "consent.changed"
    /// Everything else.
    case other

    public init(type: String) { self = NotificationKind(rawValue: type) ?? .other }
}

/// A way to reach somebody outside the portal.
public enum DeliveryChannel: String, Sendable, Codable, CaseIterable {
    case email = "EMAIL"
    case sms = "SMS"
    case push = "PUSH"
    case voice = "VOICE"

    /// Whether a kind of news comes this way when nothing was chosen. What costs money or rings is opt-in.
    public var isOnUnlessChosen: Bool { self == .email }
}
