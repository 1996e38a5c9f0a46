public import Store

/// Why a member of staff opened what is closed otherwise: a masked record, or a whole record in an emergency. The words are
/// sealed; the audit says only that they were given.
public struct AccessReason: ClientRecord {
    public enum Kind: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// Break glass: the record of somebody whom one does not treat, for a short while.
        case emergency = "EMERGENCY"
        case reveal = "REVEAL"
    }

    public static let table: SQL.Name = "access_reasons"
    public static let area = DataArea.audit

    /// What the audit notes in place of the words.
    public static let given = "GIVEN"

    public var id: ID<AccessReason>
    public var clientID: ID<Client>
    public var userID: ID<StaffMember>
    public var kind: Kind
    /// The kind of record, and its id where it was one; nil for the record as a whole.
    public var subject: String?
    public var reason: SealedText
    public var startsAt: Timestamp
    public var endsAt: Timestamp
    public var reviewedAt: Timestamp?
    public var reviewedByUserID: ID<StaffMember>?
    public var reviewNote: SealedText?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    init(
        id: ID<AccessReason>,
        clientID: ID<Client>,
        userID: ID<StaffMember>,
        kind: Kind,
        subject: String? = nil,
        reason: SealedText,
        startsAt: Timestamp,
        endsAt: Timestamp
    ) {
        self.id = id
        self.clientID = clientID
        self.userID = userID
        self.kind = kind
        self.subject = subject
        self.reason = reason
        self.startsAt = startsAt
        self.endsAt = endsAt
        createdAt = startsAt
        updatedAt = startsAt
    }
}
