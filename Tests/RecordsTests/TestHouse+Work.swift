import Testing

@testable import Records
@testable import Store

extension TestHouse {
    func enqueue(_ requests: [WorkRequest]) async throws {
        try await asService(.change, of: oak.first.id, in: oak) { [surroundings] access in
            for request in requests { try access.enqueue(request, ids: surroundings) }
        }
    }

    func queue(_ database: Database? = nil) -> WorkQueue {
        WorkQueue(database: database ?? self.database, surroundings: surroundings)
    }

    /// Leaves an event as its effect, so that what was done can be counted.
    func marking(_ kind: String = "test.mark") -> WorkHandler {
        WorkHandler(kind) { [outside, surroundings] item, transaction in
            try DomainEvent("done", subject: item.subjectID)
                .append(
                    practice: item.practiceID,
                    client: item.clientID,
                    at: outside.now,
                    ids: surroundings,
                    transaction: transaction
                )
        }
    }

    func runner(
        _ handlers: [WorkHandler],
        database: Database? = nil,
        onFailure: @escaping @Sendable (WorkItem, String) -> Void = { _, _ in }
    ) -> WorkRunner {
        WorkRunner(
            database: database ?? self.database,
            queue: queue(database),
            handlers: handlers,
            onFailure: onFailure
        )
    }

    func items() async throws -> [WorkItem] {
        try await database.read { try $0.fetch(WorkItem.self, "SELECT * FROM work_items ORDER BY id") }
    }

    func onlyItem() async throws -> WorkItem {
        let items = try await items()
        #expect(items.count == 1)
        return try #require(items.first)
    }
}

/// What a handler throws that cannot do its work.
struct Failure: Error { let secret = "the client wrote this" }
