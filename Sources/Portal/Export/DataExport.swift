public import Records
public import Store

/// A copy of everything that is held on a client, asked for, made in the background, kept for a week (SEC-14).
public struct DataExport: ClientRecord {
    public enum Status: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case queued = "QUEUED"
        case ready = "READY"
        case expired = "EXPIRED"
    }

    public enum Format: String, Sendable, Codable, CaseIterable {
        case json
        case html
    }

    public static let table: SQL.Name = "data_exports"
    public static let area = DataArea.export

    public var id: ID<DataExport>
    public var clientID: ID<Client>
    public var requestedByAccountID: ID<PortalAccountTag>?
    public var status: Status
    var json: SealedText?
    var html: SealedText?
    public var readyAt: Timestamp?
    public var expiresAt: Timestamp?
    public var downloadedAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}
