import Foundation
import Portal
import Records
import Support
import Testing

@testable import Store

@Suite("The schema")
struct SchemaTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    @Test func `every foreign key has an index that begins with its columns`() async throws {
        let keys = try await grouped(
            """
            SELECT t.name || '.' || f.id AS place, t.name AS owner, f."from" AS col
            FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq
            """
        )
        let indexes = try await grouped(
            """
            SELECT i.name AS place, t.name AS owner, c.name AS col
            FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
            WHERE t.type = 'table' AND i.partial = 0 ORDER BY i.name, c.seqno
            """
        )
        let bare = keys.filter { key in
            !indexes.contains { $0.table == key.table && Set($0.columns.prefix(key.columns.count)) == Set(key.columns) }
        }.map { "\($0.table) (\($0.columns.joined(separator: ", ")))" }
        #expect(bare == [])
    }

    @Test func `a deleted client takes along every row about them, but the audit's`() async throws {
        try await test.busyDay()
        let (gone, stays) = (test.people.client.id, test.people.stranger.id)
        let owned = try await test.portal.database.read { transaction in
            try transaction.rows(
                "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = 'client_id'"
            ).map { try $0.get("name", as: String.self) }
        }
        #expect(owned.count >= 15)
        func count(_ table: String, _ client: ID<Client>) async throws -> Int {
            try await test.count("SELECT COUNT(*) AS count FROM \(SQL.Name(column: table)) WHERE client_id = \(client)")
        }
        var before: [String: Int] = [:]
        for table in owned {
            before[table] = try await count(table, stays)
            #expect(try await count(table, gone) > 0, "\(table) was filled")
        }
        try await test.execute("DELETE FROM clients WHERE id = \(gone)")
        for table in owned {
            let left = try await count(table, gone)
            #expect(table == "audit_log" ? left > 0 : left == 0, "\(table)")
            #expect(try await count(table, stays) == before[table], "\(table)")
        }
        let contents = try await Contents(of: test, except: ["audit_log"])
        #expect(contents.holds(gone.text) == false)
        #expect(contents.holds(test.people.client.account.id.text) == false)
        for one in try await test.portal.examine() { #expect(one.verdict == .sound, "\(one.subject): \(one.detail)") }
    }

    private struct Columns {
        let place: String
        let table: String
        var columns: [String]
    }

    private func grouped(_ sql: SQL) async throws -> [Columns] {
        try await test.rows(sql).reduce(into: []) { groups, row in
            let place: String = try row.get("place")
            if groups.last?.place != place {
                groups.append(Columns(place: place, table: try row.get("owner"), columns: []))
            }
            groups[groups.count - 1].columns.append(try row.get("col"))
        }
    }
}
