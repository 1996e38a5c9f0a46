public import Records
public import Store

/// The sign-in of a client, or of somebody who acts for one. At most one per client (CORE-09).
public struct PortalAccount: Sendable, Codable {
    public enum Kind: String, Sendable, Codable, SQLConvertible { case client = "CLIENT", proxy = "PROXY" }
    public enum Status: String, Sendable, Codable, SQLConvertible {
        case pending = "PENDING"
        case active = "ACTIVE"
        case disabled = "DISABLED"
        case closed = "CLOSED"
    }

    static let table: SQL.Name = "portal_accounts"

    public var id: ID<PortalAccountTag>
    public var practiceID: ID<Practice>
    public var kind: Kind
    public var clientID: ID<Client>?
    public var username: String
    public var email: String
    /// Nil for an account that signs in without a password; password sign-in is refused then (ACC-25).
    public var passwordHash: String?
    public var status: Status
    public var lastLoginAt: Timestamp?
    public var locale: String
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<PortalAccountTag>,
        practiceID: ID<Practice>,
        clientID: ID<Client>?,
        username: String,
        email: String,
        passwordHash: String?,
        locale: String = "en",
        createdAt: Timestamp
    ) {
        self.id = id
        self.practiceID = practiceID
        kind = clientID == nil ? .proxy : .client
        self.clientID = clientID
        self.username = username
        self.email = email
        self.passwordHash = passwordHash
        status = .active
        self.locale = locale
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}
