public import Store

/// Something to be done once the transaction that asks for it has committed, now or later.
public struct WorkRequest: Sendable, Hashable {
    /// Which handler does it, such as `alert.notify`.
    public let kind: String
    /// Asking twice with one key is asking once.
    public let dedupeKey: String
    /// Id of the record that the work is about.
    public let subjectID: String
    /// Not before this moment; nil is at once.
    public let runAt: Timestamp?

    public init(_ kind: String, subject: String, dedupeKey: String? = nil, runAt: Timestamp? = nil) {
        self.kind = kind
        subjectID = subject
        self.dedupeKey = dedupeKey ?? subject
        self.runAt = runAt
    }

    public func enqueue(
        practice: ID<Practice>,
        client: ID<Client>?,
        now: Timestamp,
        ids: Surroundings,
        transaction: Transaction
    ) throws(StoreError) {
        try enqueue(
            id: ids.newID(),
            practice: practice,
            client: client,
            now: now,
            transaction: transaction
        )
    }

    /// The same under an id that is known already.
    public func enqueue(
        id: ID<WorkItem>,
        practice: ID<Practice>,
        client: ID<Client>?,
        now: Timestamp,
        transaction: Transaction
    ) throws(StoreError) {
        try transaction.execute(
            """
            INSERT INTO work_items
                (id, kind, dedupe_key, practice_id, client_id, subject_id, state, run_at, created_at, updated_at)
            VALUES (\(id), \(kind), \(dedupeKey), \(practice), \(client), \(subjectID), 'PENDING', \(runAt ?? now), \(now), \(now))
            ON CONFLICT (kind, dedupe_key) DO NOTHING
            """
        )
    }
}

/// A piece of work in the queue.
public struct WorkItem: Sendable, Codable {
    public enum State: String, Sendable, Codable, SQLConvertible {
        case pending = "PENDING"
        case leased = "LEASED"
        case done = "DONE"
        /// Failed as often as it may; waits for a person.
        case parked = "PARKED"
        case cancelled = "CANCELLED"
    }

    public var id: ID<WorkItem>
    public var kind: String
    public var dedupeKey: String
    public var practiceID: ID<Practice>
    public var clientID: ID<Client>?
    public var subjectID: String
    public var state: State
    public var runAt: Timestamp
    public var attempts: Int
    public var leaseOwner: String?
    public var leaseUntil: Timestamp?
    public var lastError: String?
}
