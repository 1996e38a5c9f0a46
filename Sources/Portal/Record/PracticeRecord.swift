public import Records

/// A record in a list across the practice's clients. One that hides who wrote it says nothing of that here.
public struct PracticeRecord<Kind: RecordKind>: Sendable {
    public let id: ID<Record<Kind>>
    public let rev: Int
    public let createdAt: Timestamp
    /// Nil while the record is masked.
    public let clientID: ID<Client>?
    public let shared: Bool
    public let content: Kind
    /// Where it stands on the kind's timeline.
    public let moment: Timestamp

    init(_ record: Record<Kind>, isMasked: Bool) {
        let redacted = isMasked ? Kind.declaration.masking?.redacted(record.content) : nil
        id = record.id
        rev = record.rev
        createdAt = record.createdAt
        shared = record.shared
        clientID = redacted == nil ? record.clientID : nil
        content = redacted ?? record.content
        moment = Kind.declaration.moment(record)
    }
}
