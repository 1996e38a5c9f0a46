import Records
public import Store

/// How somebody wants to see the portal and to be told of news.
public struct Preferences: Sendable, Hashable {
    public enum Contrast: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// As the device says.
        case system = "SYSTEM"
        case standard = "STANDARD"
        case high = "HIGH"
    }

    public enum FontSize: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case standard = "STANDARD"
        case large = "LARGE"
        case largest = "LARGEST"
    }

    /// Whether a kind of news comes over a channel.
    public struct Choice: Sendable, Hashable {
        public let kind: NotificationKind
        public let channel: DeliveryChannel
        public let isOn: Bool

        public init(kind: NotificationKind, channel: DeliveryChannel, isOn: Bool) {
            self.kind = kind
            self.channel = channel
            self.isOn = isOn
        }
    }

    /// Language of pages and messages, such as `es`.
    public var language: String
    /// IANA name, such as `America/Chicago`.
    public var timeZone: String
    public var contrast: Contrast
    public var fontSize: FontSize
    public var reducedMotion: Bool
    public var quietHours: QuietHours?
    public var choices: [Choice]
    /// Grows with every change, from 0.
    public var rev: Int
}

/// The row of ``Preferences``.
struct PreferencesRecord: Codable, Sendable {
    static let table: SQL.Name = "preferences"

    var id: ID<PreferencesRecord>
    var accountID: ID<PortalAccountTag>?
    var userID: ID<StaffMember>?
    /// Of staff. An account's is the account's own.
    var language: String?
    var timeZone: String?
    var contrast: Preferences.Contrast
    var fontSize: Preferences.FontSize
    var reducedMotion: Bool
    var quietFrom: Int?
    var quietTo: Int?
    var rev: Int
    var createdAt: Timestamp
    var updatedAt: Timestamp
}
