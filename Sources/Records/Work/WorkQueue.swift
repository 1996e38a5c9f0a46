public import Store

/// The work that events ask for: claimed by lease, done at least once, retried with growing pauses, parked with its error
/// when it cannot be done. Killing the process at any moment loses nothing: a lease that ran out is claimed again.
public struct WorkQueue: Sendable {
    private let database: Database
    private let surroundings: Surroundings
    /// Distinguishes this process among those that share the database.
    private let owner: String

    /// How long a claim holds.
    static let lease: Duration = .seconds(60)
    /// After so many failures a piece of work is parked.
    public static let maximumAttempts = 8

    public init(database: Database, surroundings: Surroundings) {
        self.database = database
        self.surroundings = surroundings
        owner = surroundings.newID(WorkQueue.self).text
    }

    /// The pause before attempt `attempts + 1`: 2 s, 4 s, 8 s … at most an hour.
    static func pause(after attempts: Int) -> Duration { .seconds(min(3600, 1 << min(max(attempts, 1), 12))) }

    /// Claims the work that is due, oldest first.
    ///
    /// - Parameters:
    ///   - kinds: claims no other work.
    ///   - attempts: what ended the process so often is parked.
    public func claim(
        limit: Int = 20,
        kinds: WorkKinds = .all,
        attempts: Int = WorkQueue.maximumAttempts
    ) async throws -> [WorkItem] {
        let now = surroundings.now()
        let kind = kinds.condition
        let until = now.adding(Self.lease)
        // Looking first keeps an idle server from writing.
        let isDue = try await database.read { transaction in
            try transaction.row(
                "SELECT id FROM work_items WHERE ((state = 'PENDING' AND run_at <= \(now)) OR (state = 'LEASED' AND lease_until <= \(now))) AND \(kind) LIMIT 1"
            ) != nil
        }
        guard isDue else { return [] }
        return try await database.write { [owner] transaction in
            // What ended the process as often as it may is not tried again.
            try transaction.execute(
                """
                UPDATE work_items
                SET state = 'PARKED', last_error = 'the process ended while it ran', lease_owner = NULL, lease_until = NULL,
                    updated_at = \(now)
                WHERE state = 'LEASED' AND lease_until <= \(now) AND attempts >= \(attempts)
                    AND \(kind)
                """
            )
            return try transaction.fetch(
                WorkItem.self,
                """
                UPDATE work_items
                SET state = 'LEASED', lease_owner = \(owner), lease_until = \(until), attempts = attempts + 1, updated_at = \(now)
                WHERE id IN (
                    SELECT id FROM work_items
                    WHERE ((state = 'PENDING' AND run_at <= \(now)) OR (state = 'LEASED' AND lease_until <= \(now)))
                        AND \(kind)
                    ORDER BY run_at, id LIMIT \(limit)
                )
                RETURNING *
                """
            ).sorted { ($0.runAt, $0.id.text) < ($1.runAt, $1.id.text) }
        }
    }

    /// Marks `item` done inside the transaction that did it, so that its effects and its completion are one. Returns
    /// false when the lease was lost meanwhile; the caller must then roll back.
    func complete(_ item: WorkItem, in transaction: Transaction) throws(StoreError) -> Bool {
        try transaction.execute(
            """
            UPDATE work_items SET state = 'DONE', lease_owner = NULL, lease_until = NULL, updated_at = \(surroundings.now())
            WHERE id = \(item.id) AND state = 'LEASED' AND lease_owner = \(owner)
            """
        ) > 0
    }

    /// Records a failure: another try later, or parked. `error` must hold no health data.
    func fail(_ item: WorkItem, error: String, attempts: Int = WorkQueue.maximumAttempts) async throws {
        let now = surroundings.now()
        let isParked = item.attempts >= attempts
        let state = isParked ? WorkItem.State.parked : .pending
        let next = now.adding(Self.pause(after: item.attempts))
        try await database.write { [owner] transaction in
            try transaction.execute(
                """
                UPDATE work_items
                SET state = \(state), run_at = \(next), last_error = \(error), lease_owner = NULL, lease_until = NULL,
                    updated_at = \(now)
                WHERE id = \(item.id) AND lease_owner = \(owner)
                """
            )
        }
    }
}

/// Which kinds of work are claimed.
public enum WorkKinds: Sendable, Hashable {
    case all
    case only([String])
    case except([String])

    var condition: SQL {
        switch self {
        case .all, .except([]): "TRUE"
        case .only(let kinds): "kind IN (\(list: kinds))"
        case .except(let kinds): "kind NOT IN (\(list: kinds))"
        }
    }
}
