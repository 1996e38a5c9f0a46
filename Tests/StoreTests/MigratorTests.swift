import Testing

@testable import Store

@Suite("Migrations")
struct MigratorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let one = Migration(version: 1, name: "notes", script: "CREATE TABLE notes (id BIGINT);")
    private let two = Migration(
        version: 2,
        name: "more",
        script: "ALTER TABLE notes ADD COLUMN body TEXT; INSERT INTO notes VALUES (1, 'a');"
    )

    private func tables(_ database: Database) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map {
                try $0.get("name")
            }
        }
    }

    private func versions(_ database: Database) async throws -> [Int] {
        try await database.read { transaction in
            try transaction.rows("SELECT version FROM schema_migrations ORDER BY version").map { try $0.get("version") }
        }
    }

    @Test func `a fresh database gets every step in the order of their numbers`() async throws {
        let database = try folder.database()
        let migrator = Migrator([two, one])
        #expect(try await migrator.pending(database).map(\.version) == [1, 2])
        #expect(try await tables(database) == [], "looking changes nothing")
        #expect(try await migrator.migrate(database, now: 1_700_000_000_000).map(\.version) == [1, 2])
        #expect(try await tables(database) == ["notes", "schema_migrations"])
        let applied = try await database.read { try $0.row("SELECT * FROM schema_migrations WHERE version = 2") }
        #expect(applied?["name"] == .text("more"))
        #expect(applied?["applied_at"] == .integer(1_700_000_000_000))
    }

    @Test func `a second run does nothing`() async throws {
        let database = try folder.database()
        let migrator = Migrator([one, two])
        try await migrator.migrate(database, now: 1)
        #expect(try await migrator.pending(database).isEmpty)
        #expect(try await migrator.migrate(database, now: 2).isEmpty)
        #expect(try await database.read { try $0.count("SELECT COUNT(*) AS count FROM notes") } == 1)
    }

    @Test func `an older database gets what it lacks`() async throws {
        let database = try folder.database()
        try await Migrator([one]).migrate(database, now: 1)
        #expect(try await Migrator([one, two]).migrate(database, now: 2).map(\.version) == [2])
    }

    @Test func `a step that was changed after it was applied is refused, and nothing is done`() async throws {
        let database = try folder.database()
        try await Migrator([one]).migrate(database, now: 1)
        let changed = Migration(version: 1, name: "notes", script: one.script + " ")
        await #expect(throws: StoreError.changedMigration(version: 1, name: "notes")) {
            try await Migrator([changed, two]).migrate(database, now: 2)
        }
        #expect(try await versions(database) == [1])
    }

    @Test func `two steps of one number are refused`() async throws {
        let database = try folder.database()
        let twin = Migration(version: 1, name: "twin", script: "CREATE TABLE twins (id BIGINT);")
        await #expect(throws: StoreError.changedMigration(version: 1, name: "twin")) {
            try await Migrator([one, twin]).migrate(database, now: 1)
        }
        #expect(try await tables(database) == ["notes", "schema_migrations"])
    }

    @Test func `a newer database is refused, and nothing is done`() async throws {
        let database = try folder.database()
        try await Migrator([one, two]).migrate(database, now: 1)
        await #expect(throws: StoreError.newerSchema(found: 2, known: 1)) {
            try await Migrator([one]).migrate(database, now: 2)
        }
        await #expect(throws: StoreError.newerSchema(found: 2, known: 0)) { try await Migrator([]).pending(database) }
    }

    @Test(arguments: [
        "CREATE TABLE half (id BIGINT); INSERT INTO half VALUES (1); SELECT nothing;",
        "CREATE TABLE half (id BIGINT); CREATE TABLE half (id BIGINT);",
        "DROP TABLE notes; CREATE TABLE half (id BIGINT CHECK (id > 0)); INSERT INTO half VALUES (0);",
        "CREATE TABLE half (id BIGINT); this is no SQL",
    ])
    func `a failing script leaves nothing half-applied, and the next run starts from there`(script: String) async throws
    {
        let database = try folder.database()
        let failing = Migration(version: 2, name: "failing", script: script)
        await #expect(throws: StoreError.self) { try await Migrator([one, failing]).migrate(database, now: 1) }
        #expect(try await tables(database) == ["notes", "schema_migrations"])
        #expect(try await versions(database) == [1])
        #expect(try await Migrator([one, two]).migrate(database, now: 2).map(\.version) == [2])
    }

    @Test func `many at once apply each step once`() async throws {
        let databases = try (0..<4).map { _ in try folder.database() }
        let steps = (1...6).map { number in
            Migration(
                version: number,
                name: "step \(number)",
                script: "CREATE TABLE step\(number) (id BIGINT); INSERT INTO step\(number) VALUES (1);"
            )
        }
        let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
            for database in databases {
                group.addTask { try await Migrator(steps).migrate(database, now: 1).map(\.version) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == Array(1...6))
        #expect(try await versions(databases[0]) == Array(1...6))
    }
}
