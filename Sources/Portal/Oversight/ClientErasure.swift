public import Records
public import Store

/// Why a client is deleted.
public enum ErasureReason: String, Sendable, Codable, CaseIterable, SQLConvertible {
    case clientRequest = "CLIENT_REQUEST"
    case retentionEnded = "RETENTION_ENDED"
    case enteredInError = "ENTERED_IN_ERROR"
    case duplicate = "DUPLICATE"
}

/// The report of a client's deletion: what was taken away, and how far it got. Of the client it keeps the id alone.
public struct ClientErasure: Sendable, Codable {
    static let table: SQL.Name = "client_erasures"

    public var id: ID<ClientErasure>
    public var practiceID: ID<Practice>
    public var erasedID: ID<Client>
    public var reason: ErasureReason
    /// Id of the administrator, or the name of the service's own work.
    public var requestedBy: String
    /// How many rows went, by table.
    public var rowCounts: [String: Int]
    /// How many files went; nil until they have.
    public var files: Int?
    /// When the rows went.
    public var erasedAt: Timestamp
    /// When key and files were gone, too; nil until they are.
    public var completedAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}
