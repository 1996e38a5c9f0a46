public import Records
public import Store

/// A second factor of somebody: an authenticator app, or codes to their e-mail address.
public struct SecondFactor: Sendable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case authenticator = "TOTP"
        case email = "EMAIL"
    }

    static let table: SQL.Name = "mfa_methods"

    public var id: ID<SecondFactor>
    var practiceID: ID<Practice>
    var accountID: ID<PortalAccountTag>?
    var userID: ID<StaffMember>?
    public var kind: Kind
    /// Base64 of the shared secret.
    var secret: SealedText?
    /// The time step of the last code that was taken.
    var lastStep: Int64?
    /// Nil until a first code has shown that it works.
    public var confirmedAt: Timestamp?
    public var lastUsedAt: Timestamp?
    public var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// What it takes to set up an authenticator.
public struct FactorEnrolment: Sendable {
    public let kind: SecondFactor.Kind
    /// Base32, to be typed where no picture can be read; nil for e-mail.
    public let secret: String?
    /// `otpauth://…`, which is drawn as a QR code; nil for e-mail.
    public let uri: String?
}
