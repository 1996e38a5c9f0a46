public import Records
public import Store

/// Somebody whom the client named for an emergency (PROF-08). The first in order is called first.
public struct EmergencyContact: ClientRecord {
    public static let table: SQL.Name = "emergency_contacts"
    public static let area = DataArea.profile

    public var id: ID<EmergencyContact>
    public var clientID: ID<Client>
    public var name: SealedText
    /// What they are to the client, in the client's words.
    public var relation: SealedText?
    public var phone: SealedText
    public var email: SealedText?
    /// From 0.
    public var position: Int
    public var mayBeGrantedAccess: Bool
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    init(_ entry: EmergencyContactEntry, position: Int, access: ClientAccess, ids: Surroundings) {
        id = ids.newID()
        clientID = access.clientID
        name = SealedText(entry.name)
        relation = entry.relation.map { SealedText($0) }
        phone = SealedText(entry.phone)
        email = entry.email.map { SealedText($0) }
        self.position = position
        mayBeGrantedAccess = false
        createdAt = access.now
        updatedAt = access.now
    }
}

/// What is said of an emergency contact.
public struct EmergencyContactEntry: Sendable, Codable, Hashable {
    public var name: String
    public var relation: String?
    public var phone: String
    public var email: String?

    public init(name: String, relation: String? = nil, phone: String, email: String? = nil) {
        self.name = name
        self.relation = relation
        self.phone = phone
        self.email = email
    }
}
