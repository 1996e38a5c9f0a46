public import Store

/// That somebody with a portal account acts for a client, or reads along. What it opens is decided on the day: by its kind,
/// its dates, the client's age, the practice's rules, its scopes and court limits.
public struct ClientRelationship: ClientRecord {
    public enum Kind: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case parent = "PARENT"
        case guardian = "GUARDIAN"
        /// Power of attorney.
        case powerOfAttorney = "POA"
        case conservator = "CONSERVATOR"
        case family = "FAMILY"
        case partner = "PARTNER"
        case emergency = "EMERGENCY"

        public var relation: Relation {
            switch self {
            case .parent, .guardian: .guardian
            case .powerOfAttorney, .conservator: .representative
            case .family: .family
            case .partner: .partner
            case .emergency: .emergencyContact
            }
        }

        /// Rests on the client's own consent, and ends with it.
        public var needsConsent: Bool { self == .family || self == .partner }
        /// Reaches only the areas that its scopes name; the others reach what the policy opens unless a scope narrows it.
        public var reachesOnlyItsScopes: Bool { needsConsent || self == .emergency }
        /// Rests on the client's own will, so that the client may narrow it without the practice.
        public var restsOnClientsWill: Bool { reachesOnlyItsScopes || self == .powerOfAttorney }
    }

    public enum Status: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case requested = "REQUESTED"
        case approved = "APPROVED"
        case rejected = "REJECTED"
        case revoked = "REVOKED"
        case expired = "EXPIRED"
    }

    /// How far a relationship reaches into an area.
    public enum Scope: String, Sendable, Codable, CaseIterable, Comparable {
        case none = "NONE"
        /// That there is something, but not what it says.
        case summary = "SUMMARY"
        case read = "READ"
        case write = "WRITE"

        private var reach: Int {
            switch self {
            case .none: 0
            case .summary: 1
            case .read: 2
            case .write: 3
            }
        }

        /// Whether it reaches less far.
        public static func < (left: Scope, right: Scope) -> Bool { left.reach < right.reach }
    }

    public static let table: SQL.Name = "client_relationships"
    public static let area = DataArea.relationships

    public var id: ID<ClientRelationship>
    public var clientID: ID<Client>
    public var accountID: ID<PortalAccountTag>
    public var kind: Kind
    public var status: Status
    /// Nil for from its approval on.
    public var startsAt: Timestamp?
    /// Nil for no end but the one that the kind has. An emergency contact's is never nil once approved.
    public var endsAt: Timestamp?
    /// By area; see ``Kind/reachesOnlyItsScopes`` for those that are not named.
    public var scopes: [String: Scope]
    /// Areas that a court closed to this person, whatever else says.
    public var courtLimits: [DataArea]
    /// When the young person agreed to be read along in areas where a minor may consent alone.
    public var assentAt: Timestamp?
    public var consentID: ID<Consent>?
    /// Why it was asked for.
    public var requestReason: SealedText?
    /// What the decision rests on, such as the papers that were seen.
    public var evidence: SealedText?
    public var approvedByUserID: ID<StaffMember>?
    public var decidedAt: Timestamp?
    public var revokedAt: Timestamp?
    public var revokeReason: SealedText?
    /// Counted up with every change.
    public var version: Int
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<ClientRelationship>,
        clientID: ID<Client>,
        accountID: ID<PortalAccountTag>,
        kind: Kind,
        status: Status = .requested,
        startsAt: Timestamp? = nil,
        endsAt: Timestamp? = nil,
        scopes: [DataArea: Scope] = [:],
        courtLimits: [DataArea] = [],
        consentID: ID<Consent>? = nil,
        requestReason: SealedText? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.clientID = clientID
        self.accountID = accountID
        self.kind = kind
        self.status = status
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.scopes = Dictionary(scopes.map { ($0.rawValue, $1) }, uniquingKeysWith: { first, _ in first })
        self.courtLimits = courtLimits
        self.consentID = consentID
        self.requestReason = requestReason
        version = 1
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// How far it reaches into an area, as far as the policy and the client's age allow.
    public func scope(in area: DataArea) -> Scope {
        scopes[area.rawValue] ?? (kind.reachesOnlyItsScopes ? .none : .write)
    }
}
