public import Store

/// Something that happened, as the rest of the house hears of it: its kind and what it is about. Holds no health data;
/// who reacts reads the subject under their own access.
public struct DomainEvent: Sendable, Hashable {
    /// Past tense with its area, such as `assessment.scored`.
    public let type: String
    /// Id of the record that the event is about.
    public let subjectID: String

    public init(_ type: String, subject: String) {
        self.type = type
        subjectID = subject
    }

    public func append(
        practice: ID<Practice>,
        client: ID<Client>?,
        at now: Timestamp,
        ids: Surroundings,
        transaction: Transaction
    ) throws(StoreError) {
        try transaction.execute(
            """
            INSERT INTO portal_events (id, practice_id, client_id, type, subject_id, at)
            VALUES (\(ids.newID(DomainEvent.self)), \(practice), \(client), \(type), \(subjectID), \(now))
            """
        )
    }
}
