public import Records
public import Store

/// A device that somebody signed in on (ACC-33).
public struct Device: Sendable, Codable {
    public enum Kind: String, Sendable, Codable, SQLConvertible {
        /// Known again by the secret in its cookie.
        case browser = "BROWSER"
        /// Known again only by what it says it is, which is enough to be told of a new one and not enough to be trusted.
        case program = "PROGRAM"
    }

    static let table: SQL.Name = "devices"

    public let id: ID<Device>
    let accountID: ID<PortalAccountTag>?
    let userID: ID<StaffMember>?
    public let kind: Kind
    let fingerprintHash: String
    /// What its program called itself when it was first seen.
    public let name: String?
    /// Until when it stands for a second factor.
    public var trustedUntil: Timestamp?
    public var revokedAt: Timestamp?
    public var lastSeenAt: Timestamp
    public let createdAt: Timestamp
    var updatedAt: Timestamp
}
