import Foundation
import Testing

@testable import Store

@Suite("The database file")
struct DatabaseTests {
    private struct Refused: Error, Equatable {}

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func notes() async throws -> Database {
        let database = try folder.database()
        try await database.write {
            try $0.executeScript("CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL UNIQUE)")
        }
        return database
    }

    private func count(_ database: Database) async throws -> Int {
        try await database.read { try $0.count("SELECT COUNT(*) AS count FROM notes") }
    }

    @Test func `survives a power cut and keeps the schema's rules`() async throws {
        let database = try folder.database()
        let (synchronous, journal, foreignKeys) = try await database.write { transaction in
            (
                try transaction.row("PRAGMA synchronous")?["synchronous"],
                try transaction.row("PRAGMA journal_mode")?["journal_mode"],
                try transaction.row("PRAGMA foreign_keys")?["foreign_keys"]
            )
        }
        #expect(synchronous == .integer(2), "FULL")
        #expect(journal == .text("wal"))
        #expect(foreignKeys == .integer(1))
    }

    @Test func `what was written is there after opening again`() async throws {
        let first = try await notes()
        try await first.write { try $0.execute("INSERT INTO notes (id, body) VALUES (1, \("a"))") }
        try first.close()
        #expect(try await count(try folder.database()) == 1)
    }

    @Test func `a transaction that throws changes nothing`() async throws {
        let database = try await notes()
        await #expect(throws: Refused()) {
            try await database.write { transaction in
                try transaction.execute("INSERT INTO notes (id, body) VALUES (1, \("a"))")
                try transaction.executeScript("CREATE TABLE more (id BIGINT)")
                throw Refused()
            }
        }
        #expect(try await count(database) == 0)
        #expect(
            try await database.read { try $0.count("SELECT COUNT(*) AS count FROM sqlite_master WHERE name = 'more'") }
                == 0
        )
    }

    @Test func `a broken rule is named without the value, and rolls back what came before it`() async throws {
        let database = try await notes()
        await #expect(throws: StoreError.constraint(rule: "UNIQUE constraint failed: notes.body")) {
            try await database.write { transaction in
                try transaction.execute("INSERT INTO notes (id, body) VALUES (1, \("secret"))")
                try transaction.execute("INSERT INTO notes (id, body) VALUES (2, \("secret"))")
            }
        }
        #expect(try await count(database) == 0)
    }

    @Test func `a statement tells how many rows it changed`() async throws {
        let database = try await notes()
        let changes = try await database.write { transaction in
            [
                try transaction.execute("INSERT INTO notes (id, body) VALUES (1, 'a'), (2, 'b')"),
                try transaction.execute("INSERT INTO notes (id, body) VALUES (2, 'c') ON CONFLICT (id) DO NOTHING"),
                try transaction.execute("UPDATE notes SET body = 'x' WHERE id = \(9)"),
                try transaction.execute("DELETE FROM notes"),
            ]
        }
        #expect(changes == [2, 0, 0, 2])
    }

    @Test func `reading cannot write`() async throws {
        let database = try await notes()
        await #expect(throws: StoreError.readOnly) {
            try await database.read { try $0.execute("INSERT INTO notes (id, body) VALUES (1, 'a')") }
        }
    }

    @Test func `a reader sees one state, whatever is written meanwhile`() async throws {
        let database = try await notes()
        let (reading, startedReading) = AsyncStream.makeStream(of: Void.self)
        let written = DispatchSemaphore(value: 0)
        let reader = Task {
            try await database.read { transaction in
                let before = try transaction.count("SELECT COUNT(*) AS count FROM notes")
                startedReading.finish()
                written.wait()
                return [before, try transaction.count("SELECT COUNT(*) AS count FROM notes")]
            }
        }
        for await _ in reading {}
        try await database.write { try $0.execute("INSERT INTO notes (id, body) VALUES (1, 'a')") }
        written.signal()
        #expect(try await reader.value == [0, 0])
        #expect(try await count(database) == 1)
    }

    @Test func `writers take turns and lose nothing`() async throws {
        let first = try await notes()
        let second = try folder.database()
        try await first.write { try $0.execute("INSERT INTO notes (id, body) VALUES (0, '0')") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for turn in 0..<40 {
                group.addTask {
                    try await (turn.isMultiple(of: 2) ? first : second).write { transaction in
                        let old: String = try transaction.row("SELECT body FROM notes")?.get("body") ?? ""
                        try transaction.execute("UPDATE notes SET body = \(String((Int(old) ?? 0) + 1))")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await first.read { try $0.row("SELECT body FROM notes")?["body"] } == .text("40"))
    }

    @Test func `a writer that does not get its turn is told that the database is busy`() async throws {
        let first = try await notes()
        let second = try folder.database()
        try await second.write { try $0.executeScript("PRAGMA busy_timeout = 0") }
        let (holding, startedHolding) = AsyncStream.makeStream(of: Void.self)
        let tried = DispatchSemaphore(value: 0)
        let holder = Task {
            try await first.write { transaction in
                try transaction.execute("INSERT INTO notes (id, body) VALUES (1, 'a')")
                startedHolding.finish()
                tried.wait()
            }
        }
        for await _ in holding {}
        await #expect(throws: StoreError.busy) {
            try await second.write { try $0.execute("INSERT INTO notes (id, body) VALUES (2, 'b')") }
        }
        tried.signal()
        try await holder.value
        #expect(try await count(second) == 1)
        #expect(StoreError.busy.isUnavailable)
    }

    @Test func `a full disk is told as such, and what was there stays`() async throws {
        let database = try await notes()
        try await database.write { transaction in
            try transaction.execute("INSERT INTO notes (id, body) VALUES (1, 'kept')")
            try transaction.executeScript("PRAGMA max_page_count = 10")
        }
        let large = String(repeating: "x", count: 100_000)
        await #expect(throws: StoreError.full) {
            try await database.write { transaction in
                try transaction.execute("INSERT INTO notes (id, body) VALUES (2, 'with it')")
                try transaction.execute("INSERT INTO notes (id, body) VALUES (3, \(large))")
            }
        }
        #expect(StoreError.full.isUnavailable)
        #expect(try await count(database) == 1)
        #expect(try await database.integrityFindings() == [])
        try await database.write { transaction in
            try transaction.executeScript("PRAGMA max_page_count = 1000")
            try transaction.execute("INSERT INTO notes (id, body) VALUES (3, \(large))")
        }
        #expect(try await count(database) == 2)
    }

    @Test func `a database that cannot be written says so`() async throws {
        let database = try await notes()
        try await database.write { try $0.executeScript("PRAGMA query_only = ON") }
        await #expect(throws: StoreError.readOnly) {
            try await database.write { try $0.execute("INSERT INTO notes (id, body) VALUES (1, 'a')") }
        }
        #expect(try await count(database) == 0)
    }

    @Test func `a folder that does not exist cannot be opened`() {
        let url = folder.file("missing/test.sqlite")
        #expect(throws: StoreError.cannotOpen(path: url.path)) { try Database(url: url) }
    }

    @Test func `a folder in place of the file cannot be opened`() {
        #expect(throws: StoreError.cannotOpen(path: folder.url.path)) { try Database(url: folder.url) }
    }

    @Test func `a file of another kind is no database, and is left alone`() throws {
        let url = folder.file("letter.txt")
        let letter = Data(String(repeating: "Dear Sir or Madam, ", count: 100).utf8)
        try letter.write(to: url)
        #expect(throws: StoreError.corrupt) { try Database(url: url) }
        #expect(try Data(contentsOf: url) == letter)
    }

    @Test func `a closed database refuses everything`() async throws {
        let database = try await notes()
        try database.close()
        await #expect(throws: StoreError.self) { try await count(database) }
    }

    @Test func `an error carries neither statement nor value`() async throws {
        let database = try await notes()
        for sql: SQL in [
            "SELECT nothing FROM notes WHERE body = \("secret")", "SELEC \("secret")",
            "INSERT INTO notes (id, body) VALUES (1, \("secret")), (1, 'x')",
        ] {
            let error = await #expect(throws: StoreError.self) { try await database.write { try $0.execute(sql) } }
            let printed = "\(String(describing: error)) \(String(reflecting: error))"
            #expect(!printed.contains("secret") && !printed.contains("SELE"))
        }
    }

    @Test func `a copy is whole while others write, and never overwrites`() async throws {
        let database = try await notes()
        try await database.write { try $0.execute("INSERT INTO notes (id, body) VALUES (1, 'a')") }
        let url = folder.file("copy.sqlite")
        try await database.copy(to: url)
        try await database.write { try $0.execute("INSERT INTO notes (id, body) VALUES (2, 'b')") }
        await #expect(throws: StoreError.self) { try await database.copy(to: url) }
        let copy = try Database(url: url)
        #expect(try await count(copy) == 1)
        #expect(try await copy.integrityFindings() == [])
    }
}
