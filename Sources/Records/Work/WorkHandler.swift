public import Store

/// Does one kind of work. Must be idempotent: after a crash the same item comes again.
public struct WorkHandler: Sendable {
    /// Writes down, in the transaction in which the item is marked done, what came of it.
    public typealias Finish = @Sendable (Transaction) throws -> Void

    public let kind: String
    /// Fails so often before it is parked.
    let attempts: Int
    let run: @Sendable (WorkItem, Transaction) throws -> Void
    /// What waits for the outside world, before the transaction.
    let outside: (@Sendable (WorkItem, Database) async throws -> Finish)?

    /// - Parameter run: does the work in the transaction in which the item is marked done.
    public init(_ kind: String, run: @escaping @Sendable (WorkItem, Transaction) throws -> Void) {
        self.kind = kind
        attempts = WorkQueue.maximumAttempts
        self.run = run
        outside = nil
    }

    /// Work that waits for somebody outside, such as a mail server, which no transaction may do.
    ///
    /// - Parameters:
    ///   - attempts: fails so often before it is parked. With pauses that double up to an hour, 12 take two hours, 30 most
    ///     of a day.
    ///   - outside: does the work, within ``WorkQueue/lease``, and returns what is to be written down. It may have been
    ///     done before, by a process that ended before it wrote it down.
    public init(
        _ kind: String,
        attempts: Int,
        outside: @escaping @Sendable (WorkItem, Database) async throws -> Finish
    ) {
        self.kind = kind
        self.attempts = attempts
        run = { _, _ in }
        self.outside = outside
    }
}

/// A failure whose reason may be kept with the work that failed: it holds no health data, no address and no secret.
public protocol ReasonedFailure: Error {
    var reason: String { get }
}
