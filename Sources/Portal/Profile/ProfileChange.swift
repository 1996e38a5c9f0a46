public import Records
public import Store

/// A field of a profile that was changed, from what to what (PROF-17). The audit names the field; the values are only here.
public struct ProfileChange: ClientRecord {
    public static let table: SQL.Name = "profile_changes"
    public static let area = DataArea.profile

    public var id: ID<ProfileChange>
    public var clientID: ID<Client>
    /// Name on the wire, such as `phone`.
    public var field: String
    public var oldValue: SealedText?
    public var newValue: SealedText?
    public var accountID: ID<PortalAccountTag>?
    public var userID: ID<StaffMember>?
    public var needsReview: Bool
    public var reviewedAt: Timestamp?
    public var at: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// The fields of a profile that may be changed, unless the practice marks them read-only.
public enum ProfileField: String, Sendable, Codable, CaseIterable {
    case firstName = "first_name"
    case lastName = "last_name"
    case preferredName = "preferred_name"
    case phone
    case postalAddress = "postal_address"

    /// Whether the practice has to look at a change, since it stands in papers elsewhere.
    var needsReview: Bool {
        switch self {
        case .firstName, .lastName, .postalAddress: true
        case .preferredName, .phone: false
        }
    }
}
