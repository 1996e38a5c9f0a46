import Testing

@testable import Store

@Suite("SQL that binds every value")
struct SQLTests {
    private enum Fruit: String, SQLConvertible, CaseIterable { case apple, pear = "pear'; DROP TABLE notes; --" }

    @Test func `an interpolated value becomes a placeholder`() {
        let name = "x' OR '1'='1"
        let sql: SQL = "SELECT * FROM notes WHERE body = \(name) AND rank = \(3) AND rate = \(0.5) AND seen = \(true)"
        #expect(sql.rendered().text == "SELECT * FROM notes WHERE body = ? AND rank = ? AND rate = ? AND seen = ?")
        #expect(sql.rendered().values == [.text(name), .integer(3), .real(0.5), .integer(1)])
    }

    @Test func `nil and enums are bound too`() {
        let nothing: String? = nil
        let some: Int? = 4
        let sql: SQL = "\(nothing), \(some), \(Fruit.pear), \(SQLValue.blob([1, 2]))"
        #expect(sql.rendered().text == "?, ?, ?, ?")
        #expect(sql.rendered().values == [.null, .integer(4), .text(Fruit.pear.rawValue), .blob([1, 2])])
    }

    @Test func `a fragment brings its text and its values in their order`() {
        let condition: SQL = "body = \("first")"
        let table: SQL.Name = "notes"
        let sql: SQL = "SELECT \("zero") FROM \(table) WHERE \(condition) AND id = \("last")"
        #expect(sql.rendered().text == "SELECT ? FROM notes WHERE body = ? AND id = ?")
        #expect(sql.rendered().values == [.text("zero"), .text("first"), .text("last")])
    }

    @Test func `fragments add and join`() {
        let parts: [SQL] = ["a = \(1)", "b = \(2)", "c = \(3)"]
        let sql = ("WHERE " as SQL) + SQL.joined(parts, separator: " AND ")
        #expect(sql.rendered().text == "WHERE a = ? AND b = ? AND c = ?")
        #expect(sql.rendered().values == [.integer(1), .integer(2), .integer(3)])
        #expect(SQL.joined([], separator: ", ").rendered().text.isEmpty)
    }

    @Test func `a list binds each element, and an empty one matches nothing`() async throws {
        let sql: SQL = "id IN (\(list: ["a", "b'"]))"
        #expect(sql.rendered().text == "id IN (?, ?)")
        #expect(sql.rendered().values == [.text("a"), .text("b'")])

        let folder = try TemporaryFolder()
        let database = try folder.database()
        let none: [String] = []
        let counts = try await database.read { transaction in
            [
                try transaction.count("SELECT COUNT(*) AS count WHERE 'a' IN (\(list: none))"),
                try transaction.count("SELECT COUNT(*) AS count WHERE 'a' NOT IN (\(list: none))"),
                try transaction.count("SELECT COUNT(*) AS count WHERE 'a' IN (\(list: ["a", "b"]))"),
                try transaction.count("SELECT COUNT(*) AS count WHERE 'c' IN (\(list: ["a", "b"]))"),
            ]
        }
        #expect(counts == [0, 0, 1, 0])
    }

    @Test func `hostile strings stay values`() async throws {
        let folder = try TemporaryFolder()
        let database = try folder.database()
        var generator = SeededGenerator(seed: 1)
        let pieces = [
            "'", "\"", "`", ";", "--", "/*", "*/", "?", "?1", ":a", "@a", "$a", "%", "_", "\\", "\n", "\r", "\t",
            "\u{1}",
            "DROP TABLE notes", "' OR 1=1", ") VALUES (", "NULL", "é", "e\u{301}", "ñ", "👩‍👩‍👧", "🫥", "\u{202E}",
            "\u{FEFF}",
            "\u{FFFD}", "\u{10FFFF}", "0", "1e9", "x'41'", " ", "",
        ]
        let texts = (0..<300).map { _ in
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
                .joined()
        }
        let read = try await database.write { transaction in
            try transaction.executeScript("CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL)")
            for (index, text) in texts.enumerated() {
                try transaction.execute("INSERT INTO notes (id, body) VALUES (\(index), \(text))")
                let found = try transaction.count(
                    "SELECT COUNT(*) AS count FROM notes WHERE id = \(index) AND body = \(text)"
                )
                guard found == 1 else { throw StoreError.unexpectedRow(column: "body") }
            }
            return try transaction.rows("SELECT body FROM notes ORDER BY id").map {
                try $0.get("body", as: String.self)
            }
        }
        // By bytes: Swift's == takes é and e◌́ for the same.
        #expect(read.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
    }

    @Test(arguments: ["\0", "alice\0", "\0alice", "al\0ice'"])
    func `text with a NUL is refused rather than cut off`(text: String) async throws {
        let folder = try TemporaryFolder()
        let database = try folder.database()
        try await database.write { transaction in
            try transaction.executeScript("CREATE TABLE notes (body TEXT NOT NULL)")
            try transaction.execute("INSERT INTO notes (body) VALUES (\("alice"))")
        }
        let refusal = StoreError.constraint(rule: "text holds no NUL character")
        await #expect(throws: refusal) {
            try await database.write { try $0.execute("INSERT INTO notes (body) VALUES (\(text))") }
        }
        await #expect(throws: refusal) {
            try await database.read { try $0.count("SELECT COUNT(*) AS count FROM notes WHERE body = \(text)") }
        }
        let count = try await database.read { try $0.count("SELECT COUNT(*) AS count FROM notes") }
        #expect(count == 1)
    }

    @Test func `a statement is one statement`() async throws {
        let folder = try TemporaryFolder()
        let database = try folder.database()
        await #expect(throws: StoreError.self) {
            try await database.write { try $0.execute("CREATE TABLE a (x BIGINT); CREATE TABLE b (x BIGINT)") }
        }
        let tables = try await database.read { try $0.count("SELECT COUNT(*) AS count FROM sqlite_master") }
        #expect(tables == 0)
    }

    @Test(arguments: [
        SQLValue.null, .integer(.min), .integer(.max), .real(0.1), .real(-.infinity), .real(.leastNonzeroMagnitude),
        .text(""), .text("ñ"),
        .blob([]), .blob([0, 255, 0]),
    ])
    func `every value comes back as it was bound`(value: SQLValue) async throws {
        let folder = try TemporaryFolder()
        let read = try await folder.database().read { try $0.row("SELECT \(value) AS value")?["value"] }
        #expect(read == value)
    }
}
