public import Records
public import Store

/// A signed-in session (ACC-31). Its token is known to the holder alone; the table holds hashes of it.
public struct Session: Sendable, Codable {
    /// Why a session ended.
    public enum EndReason: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case signedOut = "SIGNED_OUT"
        case endedByOwner = "ENDED_BY_OWNER"
        case endedByAdministrator = "ENDED_BY_ADMINISTRATOR"
        /// An old token was used: somebody has a copy.
        case tokenReused = "TOKEN_REUSED"
        /// The account, the client's portal access, the member of staff or the practice was switched off.
        case accessOff = "ACCESS_OFF"
        /// The password or a second factor changed.
        case credentialsChanged = "CREDENTIALS_CHANGED"
        case deviceRevoked = "DEVICE_REVOKED"
        /// Too many were open at once, and this was the oldest.
        case tooMany = "TOO_MANY"
        /// The idle or the absolute limit was reached.
        case expired = "EXPIRED"
    }

    static let table: SQL.Name = "auth_sessions"

    public let id: ID<Session>
    let accountID: ID<PortalAccountTag>?
    let userID: ID<StaffMember>?
    var tokenHash: String
    let familyHash: String?
    var prevTokenHash: String?
    var prevValidUntil: Timestamp?
    let renews: Bool
    public let channel: SessionClient.Channel
    public let deviceID: ID<Device>?
    /// The client for whom a proxy acts in this session.
    public let actingClientID: ID<Client>?
    public let ip: String?
    public let userAgent: String?
    public let loginAt: Timestamp
    /// To the minute: not every request is written down.
    public var lastSeenAt: Timestamp
    /// The idle limit, or the absolute one where that comes first.
    public var expiresAt: Timestamp
    public let absoluteExpiresAt: Timestamp
    /// When its holder last showed who they are.
    public var authenticatedAt: Timestamp
    /// Whether a second factor was shown, or a trusted device stood for one.
    public var mfaPassed: Bool
    public var pagesViewed: Int
    public var actionsTaken: Int
    public var isActive: Bool
    public var endReason: EndReason?
    public var logoutAt: Timestamp?
    public var revokedAt: Timestamp?
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

/// A session that a request came with, found alive.
public struct LiveSession: Sendable {
    public let session: Session
    public let principal: Principal
    /// What a page of this session sends back with whatever it changes.
    public let antiForgeryToken: String
    /// Replaces the token that came; nil when that stays good.
    public let renewedToken: SessionToken?

    public var id: ID<Session> { session.id }
}

/// What a successful sign-in gives.
public struct SignInResult: Sendable {
    public let sessionID: ID<Session>
    public let token: SessionToken
    public let antiForgeryToken: String
    public let channel: SessionClient.Channel
    public let principal: Principal
    public let displayName: String
    public let deviceID: ID<Device>
    /// What the device's cookie is to hold from now on; nil when it stays as it is, or for a program without one.
    public let deviceSecret: String?
    /// Whether its owner, who uses others, has never signed in on this device.
    let isOnUnfamiliarDevice: Bool
    /// When the session ends unless it is used.
    public let expiresAt: Timestamp
    /// When it ends in any case.
    public let absoluteExpiresAt: Timestamp
}
