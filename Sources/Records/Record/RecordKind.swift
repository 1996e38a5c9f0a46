public import Store

/// A kind of client-owned record, declared in one place: its fields, its table, who may do what with it, what is valid, what
/// is screened and what is told. Storage, access, sealing, audit, events, endpoints, schema, export and deletion follow from
/// the declaration; a new kind is one file, one migration and one line in the list of kinds.
///
/// The type's properties are what the record says; who wrote it, when, and whether it is shared are the envelope's
/// (``Record``). Property names in snake case are the columns and the names on the wire. A ``SealedText`` is stored under
/// the client's key.
public protocol RecordKind: Codable, Sendable {
    static var declaration: RecordDeclaration<Self> { get }
}

/// One record: what it says, in the envelope that every kind has.
@dynamicMemberLookup
public struct Record<Kind: RecordKind>: ClientRecord {
    /// Who wrote it. Stays when the account or the member of staff is gone.
    public enum AuthorKind: String, Codable, Sendable, CaseIterable, SQLConvertible {
        case client = "CLIENT"
        case proxy = "PROXY"
        case staff = "STAFF"
        case system = "SYSTEM"
    }

    public let id: ID<Record<Kind>>
    public let clientID: ID<Client>
    public let authorKind: AuthorKind
    public let authorAccountID: ID<PortalAccountTag>?
    public let authorUserID: ID<StaffMember>?
    /// Whether the client's clinician sees it.
    public var shared: Bool
    /// Counts its versions from 1; who changes it says which one they saw.
    public var rev: Int
    /// The writer's own key for it, so that what is sent twice is stored once.
    public let offlineKey: String?
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    public var content: Kind

    public static var table: SQL.Name { Kind.declaration.table }
    public static var area: DataArea { Kind.declaration.area }

    public static func visibility(_ sight: Sight) -> SQL? {
        switch sight {
        case .all: "TRUE"
        case .shared: "shared = 1"
        case .masked: Kind.declaration.masking?.openly
        case .nonconfidential: Kind.declaration.confidentiality.openly
        }
    }

    public static func visibilityAcrossClients(_ sight: Sight) -> SQL? {
        sight == .masked && Kind.declaration.masking != nil ? "TRUE" : visibility(sight)
    }

    public subscript<Value>(dynamicMember path: KeyPath<Kind, Value>) -> Value { content[keyPath: path] }

    /// Goes on to the next version.
    ///
    /// Throws ``StaleRecord`` when `seen` is given and is not the version that is there.
    mutating func advance(from seen: Int?, at now: Timestamp) throws(StaleRecord) {
        if let seen, seen != rev { throw StaleRecord(rev: rev) }
        rev += 1
        updatedAt = now
    }

    /// A new record, written by whoever holds `access`.
    init(_ content: Kind, shared: Bool, offlineKey: String?, access: ClientAccess, ids: Surroundings) {
        id = ids.newID()
        clientID = access.clientID
        switch access.principal.identity {
        case .account(let account, let own):
            authorKind = own == access.clientID ? .client : .proxy
            authorAccountID = account
            authorUserID = nil
        case .staff(let member, _):
            authorKind = .staff
            authorAccountID = nil
            authorUserID = member
        case .system:
            authorKind = .system
            authorAccountID = nil
            authorUserID = nil
        }
        self.shared = shared
        rev = 1
        self.offlineKey = offlineKey
        createdAt = access.now
        updatedAt = access.now
        self.content = content
    }
}

// MARK: - One row

// Envelope and content are one flat row, so that a column is found under its own name.
extension Record {
    private enum Column: String, CodingKey {
        case id, clientID, authorKind, authorAccountID, authorUserID, shared, rev, offlineKey, createdAt, updatedAt
    }

    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: Column.self)
        id = try row.decode(ID<Record<Kind>>.self, forKey: .id)
        clientID = try row.decode(ID<Client>.self, forKey: .clientID)
        authorKind = try row.decode(AuthorKind.self, forKey: .authorKind)
        authorAccountID = try row.decodeIfPresent(ID<PortalAccountTag>.self, forKey: .authorAccountID)
        authorUserID = try row.decodeIfPresent(ID<StaffMember>.self, forKey: .authorUserID)
        shared = try row.decode(Bool.self, forKey: .shared)
        rev = try row.decode(Int.self, forKey: .rev)
        offlineKey = try row.decodeIfPresent(String.self, forKey: .offlineKey)
        createdAt = try row.decode(Timestamp.self, forKey: .createdAt)
        updatedAt = try row.decode(Timestamp.self, forKey: .updatedAt)
        content = try Kind(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Column.self)
        try row.encode(id, forKey: .id)
        try row.encode(clientID, forKey: .clientID)
        try row.encode(authorKind, forKey: .authorKind)
        try row.encodeIfPresent(authorAccountID, forKey: .authorAccountID)
        try row.encodeIfPresent(authorUserID, forKey: .authorUserID)
        try row.encode(shared, forKey: .shared)
        try row.encode(rev, forKey: .rev)
        try row.encodeIfPresent(offlineKey, forKey: .offlineKey)
        try row.encode(createdAt, forKey: .createdAt)
        try row.encode(updatedAt, forKey: .updatedAt)
        try content.encode(to: encoder)
    }
}
