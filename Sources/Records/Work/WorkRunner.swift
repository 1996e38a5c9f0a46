public import Store

/// Takes work from the queue and hands it to its handler.
///
/// Work whose handler waits for the outside world has a lane of its own, so that a mail server that does not answer holds
/// up nothing else.
public struct WorkRunner: Sendable {
    private let database: Database
    private let queue: WorkQueue
    private let handlers: [String: WorkHandler]
    /// Kinds that the other lane does.
    private let outsideKinds: [String]
    private let leaving: [String]
    /// Told of every failure: the kind of work, its id and the kind of error. Never of its content.
    private let onFailure: @Sendable (_ item: WorkItem, _ error: String) -> Void

    private struct LeaseLost: Error {}

    public enum Lane: Sendable, Hashable {
        /// What is done within the database, one at a time: a process that dies takes only the item in hand with it.
        case inside
        /// What waits for the outside world, several at a time.
        case outside
    }

    /// How many items wait for the outside world at the same time.
    static let outsideWidth = 4

    /// - Parameter leaving: kinds of work that this runner leaves in the queue, for one that has the means.
    public init(
        database: Database,
        queue: WorkQueue,
        handlers: [WorkHandler],
        leaving: [String] = [],
        onFailure: @escaping @Sendable (WorkItem, String) -> Void
    ) {
        self.database = database
        self.queue = queue
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        outsideKinds = handlers.filter { $0.outside != nil }.map(\.kind)
        self.leaving = leaving
        self.onFailure = onFailure
    }

    /// Does everything that is due now, in both lanes, and returns how many items were done.
    @discardableResult
    public func drain() async throws -> Int {
        var done = 0
        while true {
            let before = done
            done += try await drain(.inside)
            done += try await drain(.outside)
            if done == before { return done }
        }
    }

    /// Does everything that is due now in one lane and returns how many items were done.
    @discardableResult
    public func drain(_ lane: Lane) async throws -> Int {
        var done = 0
        switch lane {
        case .inside:
            while let item = try await queue.claim(limit: 1, kinds: .except(outsideKinds + leaving)).first {
                if try await run(item) { done += 1 }
            }
        case .outside:
            guard !outsideKinds.isEmpty else { return 0 }
            while true {
                let items = try await queue.claim(
                    limit: Self.outsideWidth,
                    kinds: .only(outsideKinds),
                    attempts: handlers.values.map(\.attempts).max() ?? WorkQueue.maximumAttempts
                )
                if items.isEmpty { return done }
                done += try await withThrowingTaskGroup(of: Bool.self) { group in
                    for item in items { group.addTask { try await run(item) } }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
            }
        }
        return done
    }

    private func run(_ item: WorkItem) async throws -> Bool {
        let handler = handlers[item.kind]
        do {
            guard let handler else { throw UnknownWork() }
            let finish = try await handler.outside?(item, database)
            try await database.write { transaction in
                try handler.run(item, transaction)
                try finish?(transaction)
                guard try queue.complete(item, in: transaction) else { throw LeaseLost() }
            }
            return true
        } catch is LeaseLost {
            return false
        } catch {
            // Shutting down is no failure: the lease runs out, and the item comes again.
            try Task.checkCancellation()
            let reason =
                (error as? StoreError)?.description ?? (error as? any ReasonedFailure)?.reason
                ?? String(describing: type(of: error))
            onFailure(item, reason)
            // When even this cannot be written the lease runs out, and the item comes again.
            try? await queue.fail(item, error: reason, attempts: handler?.attempts ?? WorkQueue.maximumAttempts)
            return false
        }
    }

    private struct UnknownWork: Error {}
}
