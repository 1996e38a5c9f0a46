public import Records
public import Store

/// Whether new entries of a kind are shared with the clinician, as the client chose.
public struct PrivacySetting: ClientRecord {
    public static let table: SQL.Name = "privacy_settings"
    public static let area = DataArea.consents

    public var id: ID<PrivacySetting>
    public var clientID: ID<Client>
    public var dataKind: SharedKind
    public var defaultShared: Bool
    public var changedByAccountID: ID<PortalAccountTag>?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}
