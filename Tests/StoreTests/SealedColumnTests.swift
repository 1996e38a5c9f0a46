import Foundation
import Testing

@testable import Store

@Suite("Sealed columns")
struct SealedColumnTests {
    private struct Note: Codable, Hashable {
        var id: String
        var title: String
        var body: SealedText
        var reply: SealedText?
    }

    private struct Store {
        let database: Database
        let vault: KeyVault
        let sealer: ColumnSealer

        init(_ folder: TemporaryFolder) async throws {
            database = try folder.database()
            let master = try #require(MasterKey(bytes: Array(repeating: 7, count: 32)))
            vault = try KeyVault(
                url: folder.file("keys.sqlite"),
                master: master,
                random: SeededGenerator.source(seed: 3)
            )
            sealer = try vault.sealer(for: "client:1")
            try await database.write {
                try $0.executeScript(
                    "CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, reply TEXT)"
                )
            }
        }
    }

    @Test(arguments: ["Nobody would miss me", "", "\0 NUL \0", "é🫥", String(repeating: "long ", count: 20_000)])
    func `are opened as they were written, and nil stays nil`(text: String) async throws {
        let folder = try TemporaryFolder()
        let store = try await Store(folder)
        let notes = [
            Note(id: "1", title: "a", body: SealedText(text), reply: nil),
            Note(id: "2", title: "b", body: "x", reply: SealedText(text)),
        ]
        let sealer = store.sealer
        let (read, stored) = try await store.database.write { transaction in
            for note in notes { try transaction.insert(note, into: "notes", sealing: sealer) }
            return (
                try transaction.fetch(Note.self, "SELECT * FROM notes ORDER BY id", sealing: sealer),
                try transaction.rows("SELECT body, reply FROM notes ORDER BY id")
            )
        }
        #expect(read == notes)
        #expect(stored.first?["reply"] == .null)
        for row in stored { #expect(try row.get("body", as: String.self).hasPrefix("1.1.")) }
    }

    @Test func `nil clears a sealed column on update`() async throws {
        let folder = try TemporaryFolder()
        let store = try await Store(folder)
        let sealer = store.sealer
        let read = try await store.database.write { transaction in
            try transaction.insert(Note(id: "1", title: "a", body: "b", reply: "c"), into: "notes", sealing: sealer)
            try transaction.update(
                Note(id: "1", title: "a", body: "b", reply: nil),
                in: "notes",
                where: "id = \("1")",
                sealing: sealer
            )
            return try transaction.row("SELECT reply FROM notes")
        }
        #expect(read?["reply"] == .null)
    }

    @Test func `the files hold no plaintext`() async throws {
        let folder = try TemporaryFolder()
        let store = try await Store(folder)
        let sealer = store.sealer
        try await store.database.write { transaction in
            try transaction.insert(
                Note(id: "1", title: "visible-title", body: "unspeakable-body"),
                into: "notes",
                sealing: sealer
            )
        }
        let files = try FileManager.default.contentsOfDirectory(at: folder.url, includingPropertiesForKeys: nil)
        let bytes = try files.map { try Data(contentsOf: $0) }
        #expect(bytes.contains { $0.range(of: Data("visible-title".utf8)) != nil })
        #expect(!bytes.contains { $0.range(of: Data("unspeakable-body".utf8)) != nil })
    }

    @Test func `a value moved to another row or column does not open`() async throws {
        let folder = try TemporaryFolder()
        let store = try await Store(folder)
        let sealer = store.sealer
        try await store.database.write { transaction in
            try transaction.insert(
                Note(id: "1", title: "a", body: "first", reply: "answer"),
                into: "notes",
                sealing: sealer
            )
            try transaction.insert(Note(id: "2", title: "b", body: "second"), into: "notes", sealing: sealer)
        }
        let moves: [(SQL, String)] = [
            ("UPDATE notes SET body = (SELECT body FROM notes WHERE id = '1') WHERE id = '2'", "body"),
            ("UPDATE notes SET body = reply WHERE id = '1'", "body"),
            ("UPDATE notes SET reply = body WHERE id = '1'", "reply"),
            ("UPDATE notes SET body = 'in plain'", "body"),
        ]
        for (move, column) in moves {
            await #expect(throws: StoreError.unsealable(column: column)) {
                try await store.database.write { transaction in
                    try transaction.execute(move)
                    _ = try transaction.fetch(Note.self, "SELECT * FROM notes", sealing: sealer)
                }
            }
        }
    }

    @Test func `without a sealer nothing is written or read`() async throws {
        let folder = try TemporaryFolder()
        let store = try await Store(folder)
        let sealer = store.sealer
        let note = Note(id: "1", title: "a", body: "b")
        await #expect(throws: StoreError.unsealable(column: "body")) {
            try await store.database.write { try $0.insert(note, into: "notes") }
        }
        await #expect(throws: StoreError.unsealable(column: "body")) {
            try await store.database.write { transaction in
                try transaction.insert(note, into: "notes", sealing: sealer)
                _ = try transaction.fetch(Note.self, "SELECT * FROM notes")
            }
        }
        let count = try await store.database.read { try $0.count("SELECT COUNT(*) AS count FROM notes") }
        #expect(count == 0)
    }

    @Test func `a row without an id has nothing to be bound to, and is refused`() async throws {
        struct Loose: Codable { var body: SealedText }
        let folder = try TemporaryFolder()
        let store = try await Store(folder)
        #expect(throws: StoreError.unexpectedRow(column: "id")) {
            try RowEncoder(sealing: store.sealer).encode(Loose(body: "b"))
        }
    }
}
