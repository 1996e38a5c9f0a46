import Foundation
import Testing

@testable import Store

@Suite("Findings on a damaged database")
struct IntegrityTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A closed database of about a hundred pages, with one row that refers to another.
    private func build() async throws {
        let database = try folder.database()
        try await database.write { transaction in
            try transaction.executeScript(
                """
                CREATE TABLE parents (id BIGINT PRIMARY KEY, body TEXT NOT NULL);
                CREATE TABLE children (id BIGINT PRIMARY KEY, parent_id BIGINT REFERENCES parents (id));
                """
            )
            for id in 0..<200 {
                try transaction.execute(
                    "INSERT INTO parents (id, body) VALUES (\(id), \(String(repeating: "text \(id) ", count: 200)))"
                )
                try transaction.execute("INSERT INTO children (id, parent_id) VALUES (\(id), \(id))")
            }
        }
        try database.close()
    }

    @Test func `a sound database has none`() async throws {
        try await build()
        #expect(try await folder.database().integrityFindings() == [])
    }

    @Test func `overwritten pages are found`() async throws {
        try await build()
        let url = folder.file("test.sqlite")
        var bytes = try Data(contentsOf: url)
        let page = 4096
        try #require(bytes.count > 60 * page)
        for number in stride(from: 10, to: 60, by: 5) {
            bytes.replaceSubrange(number * page..<number * page + 200, with: Data(repeating: 0xA5, count: 200))
        }
        try bytes.write(to: url)
        let findings = try await folder.database().integrityFindings()
        #expect(!findings.isEmpty)
    }

    @Test func `a file that lost its end is not opened`() async throws {
        try await build()
        let url = folder.file("test.sqlite")
        let bytes = try Data(contentsOf: url)
        try bytes.prefix(bytes.count / 2).write(to: url)
        #expect(throws: StoreError.corrupt) { try folder.database() }
    }

    @Test func `a row that refers to a missing row is found`() async throws {
        try await build()
        let database = try folder.database()
        try await database.write { transaction in
            try transaction.executeScript(
                "CREATE TABLE orphans (parent_id BIGINT); INSERT INTO orphans VALUES (1), (999)"
            )
            // The rule comes after the rows: what a faulty restore could leave behind.
            try transaction.executeScript(
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_master SET sql = 'CREATE TABLE orphans (parent_id BIGINT REFERENCES parents (id))'
                WHERE name = 'orphans';
                """
            )
        }
        try database.close()
        #expect(
            try await folder.database().integrityFindings() == ["a row of orphans refers to a missing row of parents"]
        )
    }
}
