import Testing

@testable import Records
@testable import Store

@Suite("The queue of work")
struct WorkQueueTests {
    @Test func `asking twice is asking once, even when it is done`() async throws {
        let house = try await TestHouse()
        try await house.enqueue([
            WorkRequest("a", subject: "1"), WorkRequest("a", subject: "1"),
            WorkRequest("a", subject: "2", dedupeKey: "1"),
        ]
        )
        #expect(try await house.items().count == 1)
        try await house.runner([house.marking("a")]).drain()
        try await house.enqueue([WorkRequest("a", subject: "1")])
        #expect(try await house.onlyItem().state == .done)
        try await house.enqueue([WorkRequest("b", subject: "1"), WorkRequest("a", subject: "1", dedupeKey: "again")])
        #expect(try await house.items().count == 3)
    }

    @Test func `work is done once it is due, oldest first`() async throws {
        let house = try await TestHouse()
        let now = house.outside.now
        try await house.enqueue([
            WorkRequest("a", subject: "later", runAt: now.adding(.seconds(10))), WorkRequest("a", subject: "now"),
            WorkRequest("a", subject: "long ago", runAt: now.adding(.seconds(-10))),
        ]
        )
        #expect(try await house.queue().claim().map(\.subjectID) == ["long ago", "now"])
        house.outside.advance(.milliseconds(9999))
        #expect(try await house.queue().claim().isEmpty)
        house.outside.advance(.milliseconds(1))
        #expect(try await house.queue().claim().map(\.subjectID) == ["later"])
    }

    @Test func `a claim takes no more than it may, and the oldest`() async throws {
        let house = try await TestHouse()
        for age in 0..<5 {
            let due = house.outside.now.adding(.seconds(-10 * age))
            try await house.enqueue([WorkRequest("a", subject: "\(age)", runAt: due)])
            house.outside.advance(.milliseconds(1))
        }
        #expect(try await house.queue().claim(limit: 3).map(\.subjectID) == ["4", "3", "2"])
        #expect(try await house.queue().claim(limit: 3).map(\.subjectID) == ["1", "0"])
        #expect(try await house.queue().claim(limit: 3).isEmpty)
    }

    @Test func `a lease that ran out is claimed again, and the first owner's work is undone`() async throws {
        let house = try await TestHouse()
        let (first, second) = (house.queue(), house.queue())
        try await house.enqueue([WorkRequest("a", subject: "1")])
        let claimed = try #require(try await first.claim().first)
        #expect(try await second.claim().isEmpty)
        house.outside.advance(WorkQueue.lease)
        let again = try #require(try await second.claim().first)
        #expect(again.id == claimed.id && again.attempts == 2 && again.leaseOwner != claimed.leaseOwner)
        // The first comes back, late: neither its completion nor its failure counts.
        #expect(try await house.database.write { try first.complete(claimed, in: $0) } == false)
        try await first.fail(claimed, error: "late")
        #expect(try await house.onlyItem().state == .leased)
        #expect(try await house.database.write { try second.complete(again, in: $0) })
        #expect(try await house.onlyItem().state == .done)
        #expect(try await house.database.write { try second.complete(again, in: $0) } == false, "once is enough")
    }

    @Test(arguments: [
        (-1, 2), (0, 2), (1, 2), (2, 4), (3, 8), (8, 256), (11, 2048), (12, 3600), (63, 3600), (64, 3600), (.max, 3600),
    ])
    func `pauses grow up to an hour`(attempts: Int, seconds: Int) {
        #expect(WorkQueue.pause(after: attempts) == .seconds(seconds))
    }

    @Test func `an idle queue writes nothing`() async throws {
        let house = try await TestHouse()
        let other = try house.secondConnection()
        let version: @Sendable () async throws -> SQLValue? = {
            try await other.write { try $0.row("PRAGMA data_version")?["data_version"] }
        }
        let before = try await version()
        for _ in 0..<10 { try await house.runner([]).drain() }
        #expect(try await version() == before)
    }
}
