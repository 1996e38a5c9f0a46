import Synchronization
import Testing

@testable import Records
@testable import Store

@Suite("Running the work")
struct WorkRunnerTests {
    @Test func `a handler that lost its lease leaves no effect`() async throws {
        let house = try await TestHouse()
        try await house.enqueue([WorkRequest("a", subject: "1")])
        let failures = Mutex(0)
        let slow = WorkHandler("a") { item, transaction in
            try house.marking().run(item, transaction)
            // Another process claims it meanwhile.
            try transaction.execute("UPDATE work_items SET lease_owner = 'another'")
        }
        let lost = house.runner([slow]) { _, _ in failures.withLock { $0 += 1 } }
        #expect(try await lost.drain() == 0)
        #expect(try await house.count("portal_events") == 0)
        #expect(failures.withLock { $0 } == 0, "losing a lease is no failure")
    }

    @Test func `a handler's effects and its completion are one`() async throws {
        let house = try await TestHouse()
        try await house.enqueue([WorkRequest("good", subject: "1"), WorkRequest("bad", subject: "2")])
        let failures = Mutex<[String]>([])
        let bad = WorkHandler("bad") { item, transaction in
            try house.marking().run(item, transaction)
            throw Failure()
        }
        let runner = house.runner([house.marking("good"), bad]) { item, error in
            failures.withLock { $0.append("\(item.kind): \(error)") }
        }
        #expect(try await runner.drain() == 1)
        #expect(
            try await house.database.read { try $0.rows("SELECT subject_id FROM portal_events") }.map {
                $0["subject_id"]
            } == [.text("1")]
        )
        #expect(failures.withLock { $0 } == ["bad: Failure"])
        let failed = try #require(try await house.items().first { $0.kind == "bad" })
        #expect(failed.state == .pending && failed.attempts == 1)
        #expect(failed.lastError == "Failure", "the kind of error, never its content")
        #expect(failed.leaseOwner == nil && failed.leaseUntil == nil)
        #expect(try await house.items().first { $0.kind == "good" }?.state == .done)
    }

    @Test func `a store's error is told by its rule`() async throws {
        let house = try await TestHouse()
        try await house.enqueue([WorkRequest("a", subject: "1")])
        let breaking = WorkHandler("a") { _, transaction in
            try transaction.execute("UPDATE practices SET slug = 'same'")
        }
        try await house.runner([breaking]).drain()
        #expect(try await house.onlyItem().lastError?.contains("UNIQUE constraint failed: practices.slug") == true)
    }

    @Test(arguments: [[WorkHandler("a") { _, _ in throw Failure() }], []])
    func `after each failure it waits longer, and after the eighth it is parked`(handlers: [WorkHandler]) async throws {
        let house = try await TestHouse()
        try await house.enqueue([WorkRequest("a", subject: "1")])
        let failures = Mutex(0)
        let runner = house.runner(handlers) { _, _ in failures.withLock { $0 += 1 } }
        for attempt in 1...WorkQueue.maximumAttempts {
            #expect(try await runner.drain() == 0)
            let item = try await house.onlyItem()
            #expect(item.attempts == attempt)
            #expect(item.state == (attempt < 8 ? .pending : .parked))
            let pause = WorkQueue.pause(after: attempt)
            #expect(item.runAt == house.outside.now.adding(pause))
            house.outside.advance(pause - .milliseconds(1))
            #expect(try await house.queue().claim().isEmpty, "not before its time")
            house.outside.advance(.milliseconds(1))
        }
        house.outside.advance(.seconds(86_400))
        try await runner.drain()
        #expect(failures.withLock { $0 } == 8)
        let parked = try await house.onlyItem()
        #expect(parked.state == .parked)
        #expect(parked.lastError == (handlers.isEmpty ? "UnknownWork" : "Failure"))
    }

    @Test func `what failed once is done the next time`() async throws {
        let house = try await TestHouse()
        try await house.enqueue([WorkRequest("a", subject: "1")])
        let isUp = Mutex(false)
        let handler = WorkHandler("a") { item, transaction in
            guard isUp.withLock({ $0 }) else { throw Failure() }
            try house.marking().run(item, transaction)
        }
        let runner = house.runner([handler])
        #expect(try await runner.drain() == 0)
        isUp.withLock { $0 = true }
        house.outside.advance(.seconds(2))
        #expect(try await runner.drain() == 1)
        #expect(try await house.count("portal_events") == 1)
    }

    @Test func `one item that cannot be done does not hold up the others`() async throws {
        let house = try await TestHouse()
        try await house.enqueue(
            [WorkRequest("unknown", subject: "0")] + (1...50).map { WorkRequest("test.mark", subject: "\($0)") }
        )
        #expect(try await house.runner([house.marking()]).drain() == 50)
        #expect(try await house.count("portal_events") == 50)
    }

    @Test func `runners in several processes never do an item twice`() async throws {
        let house = try await TestHouse()
        try await house.enqueue((0..<150).map { WorkRequest("test.mark", subject: "\($0)") })
        let databases = [house.database, try house.secondConnection(), try house.secondConnection()]
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for database in databases {
                group.addTask { try await house.runner([house.marking()], database: database).drain() }
            }
            return try await group.reduce(0, +)
        }
        #expect(done == 150)
        #expect(try await house.count("portal_events") == 150)
        #expect(
            Set(
                try await house.database.read { try $0.rows("SELECT subject_id FROM portal_events") }.map {
                    $0["subject_id"]
                }
            ).count == 150
        )
        #expect(try await house.items().allSatisfy { $0.state == .done && $0.attempts == 1 })
    }

    @Test func `work that asks for work is done in the same go`() async throws {
        let house = try await TestHouse()
        try await house.enqueue([WorkRequest("chain", subject: "3")])
        let chain = WorkHandler("chain") { item, transaction in
            guard let left = Int(item.subjectID), left > 0 else { return }
            try WorkRequest("chain", subject: "\(left - 1)").enqueue(
                practice: item.practiceID,
                client: item.clientID,
                now: house.outside.now,
                ids: house.surroundings,
                transaction: transaction
            )
        }
        #expect(try await house.runner([chain]).drain() == 4)
    }

    @Test func `shutting down is no failure of the work in hand`() async throws {
        let house = try await TestHouse()
        try await house.enqueue((0..<3).map { WorkRequest("a", subject: "\($0)") })
        let failures = Mutex(0)
        let (running, startedRunning) = AsyncStream.makeStream(of: Void.self)
        let shutDown = Mutex<(@Sendable () -> Void)?>(nil)
        let handler = WorkHandler("a") { _, transaction in
            shutDown.withLock { $0?() }
            try transaction.execute("UPDATE practices SET name = 'changed'")
        }
        let runner = house.runner([handler]) { _, _ in failures.withLock { $0 += 1 } }
        let task = Task {
            for await _ in running {}
            return try await runner.drain()
        }
        shutDown.withLock { $0 = { task.cancel() } }
        startedRunning.finish()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(failures.withLock { $0 } == 0)
        #expect(try await house.count("practices", where: "name = 'changed'") == 0)
        house.outside.advance(WorkQueue.lease)
        shutDown.withLock { $0 = nil }
        #expect(try await runner.drain() == 3)
    }
}
