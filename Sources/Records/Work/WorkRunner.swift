public import Store

/// Does one kind of work. Must be idempotent: after a crash the same item comes again.
public struct WorkHandler: Sendable {
    public let kind: String
    let run: @Sendable (WorkItem, Transaction) throws -> Void

    /// - Parameter run: does the work in the transaction in which the item is marked done.
    public init(_ kind: String, run: @escaping @Sendable (WorkItem, Transaction) throws -> Void) {
        self.kind = kind
        self.run = run
    }
}

/// Takes work from the queue and hands it to its handler.
public struct WorkRunner: Sendable {
    private let database: Database
    private let queue: WorkQueue
    private let handlers: [String: WorkHandler]
    /// Told of every failure: the kind of work, its id and the kind of error. Never of its content.
    private let onFailure: @Sendable (_ item: WorkItem, _ error: String) -> Void

    private struct LeaseLost: Error {}

    public init(
        database: Database,
        queue: WorkQueue,
        handlers: [WorkHandler],
        onFailure: @escaping @Sendable (WorkItem, String) -> Void
    ) {
        self.database = database
        self.queue = queue
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.onFailure = onFailure
    }

    /// Does everything that is due now and returns how many items were done.
    @discardableResult
    public func drain() async throws -> Int {
        var done = 0
        while true {
            // One at a time: a process that dies takes only the item in hand with it.
            let items = try await queue.claim(limit: 1)
            if items.isEmpty { return done }
            for item in items where try await run(item) { done += 1 }
        }
    }

    private func run(_ item: WorkItem) async throws -> Bool {
        do {
            guard let handler = handlers[item.kind] else { throw UnknownWork() }
            try await database.write { transaction in
                try handler.run(item, transaction)
                guard try queue.complete(item, in: transaction) else { throw LeaseLost() }
            }
            return true
        } catch is LeaseLost {
            return false
        } catch {
            // Shutting down is no failure: the lease runs out, and the item comes again.
            try Task.checkCancellation()
            let reason = (error as? StoreError)?.description ?? String(describing: type(of: error))
            onFailure(item, reason)
            // When even this cannot be written the lease runs out, and the item comes again.
            try? await queue.fail(item, error: reason)
            return false
        }
    }

    private struct UnknownWork: Error {}
}
