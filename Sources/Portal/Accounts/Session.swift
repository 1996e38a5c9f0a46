import Crypto
import Foundation
public import Records
import Store

/// A signed-in session. The token itself is known to the client alone; the table holds its hash.
struct Session: Sendable, Codable {
    static let table: SQL.Name = "auth_sessions"

    var id: ID<Session>
    var accountID: ID<PortalAccountTag>?
    var userID: ID<StaffMember>?
    /// For whom a proxy is at work; nil for one's own record.
    var actingClientID: ID<Client>?
    var tokenHash: String
    var ip: String?
    var userAgent: String?
    var loginAt: Timestamp
    var lastSeenAt: Timestamp
    var expiresAt: Timestamp
    var logoutAt: Timestamp?
    var revokedAt: Timestamp?
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// The opaque secret of a session: 256 random bits in Base64url.
public struct SessionToken: Sendable, Hashable {
    public let text: String

    init(random: (Int) -> [UInt8]) {
        text = Data(random(32)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }
}

/// What a successful sign-in gives.
public struct SignInResult: Sendable {
    public let token: SessionToken
    public let principal: Principal
    public let displayName: String
    /// When the session ends unless it is used.
    public let expiresAt: Timestamp
}
