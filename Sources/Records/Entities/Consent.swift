public import Store

/// What the client agreed to, until it expires or is withdrawn.
public struct Consent: ClientRecord {
    public enum Kind: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case treatment = "TREATMENT"
        case telehealth = "TELEHEALTH"
        /// Release of information.
        case release = "ROI"
        case familyAccess = "FAMILY_ACCESS"
        case marketing = "MARKETING"
        case research = "RESEARCH"
        case location = "LOCATION"
        case sms = "SMS"
        case aiChat = "AI_CHAT"
    }

    public enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case granted = "GRANTED", withdrawn = "WITHDRAWN", expired = "EXPIRED"
    }

    public static let table: SQL.Name = "consents"
    public static let area = DataArea.consents

    public var id: ID<Consent>
    public var clientID: ID<Client>
    public var kind: Kind
    public var state: State
    /// To whom, in the client's words; nil where the kind says it.
    public var recipient: SealedText?
    /// The areas that it opens; empty where the kind says it.
    public var scope: [DataArea]
    public var grantedByAccountID: ID<PortalAccountTag>?
    public var grantedAt: Timestamp
    public var expiresAt: Timestamp?
    public var withdrawnAt: Timestamp?
    /// What the recipient is to the client, where the consent lets somebody in.
    public var relationshipKind: ClientRelationship.Kind?
    /// Keyed hash of the recipient's address, by which the consent is found when their account comes.
    public var recipientHash: String?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<Consent>,
        clientID: ID<Client>,
        kind: Kind,
        recipient: SealedText? = nil,
        scope: [DataArea] = [],
        grantedBy account: ID<PortalAccountTag>?,
        expiresAt: Timestamp?,
        grantedAt: Timestamp
    ) {
        self.id = id
        self.clientID = clientID
        self.kind = kind
        state = .granted
        self.recipient = recipient
        self.scope = scope
        grantedByAccountID = account
        self.grantedAt = grantedAt
        self.expiresAt = expiresAt
        createdAt = grantedAt
        updatedAt = grantedAt
    }
}
