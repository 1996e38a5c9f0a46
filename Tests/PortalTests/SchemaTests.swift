import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("The schema")
struct SchemaTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    @Test func `every foreign key has an index that begins with its columns`() async throws {
        let keys = try await grouped(
            """
            SELECT t.name || '.' || f.id AS place, t.name AS owner, f."from" AS col
            FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq
            """)
        let indexes = try await grouped(
            """
            SELECT i.name AS place, t.name AS owner, c.name AS col
            FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
            WHERE t.type = 'table' AND i.partial = 0 ORDER BY i.name, c.seqno
            """)
        let bare = keys.filter { key in
            !indexes.contains { $0.table == key.table && Set($0.columns.prefix(key.columns.count)) == Set(key.columns) }
        }.map { "\($0.table) (\($0.columns.joined(separator: ", ")))" }
        #expect(bare == [])
    }

    private struct Columns {
        let place: String
        let table: String
        var columns: [String]
    }

    private func grouped(_ sql: SQL) async throws -> [Columns] {
        try await test.rows(sql).reduce(into: []) { groups, row in
            let place: String = try row.get("place")
            if groups.last?.place != place { groups.append(Columns(place: place, table: try row.get("owner"), columns: [])) }
            groups[groups.count - 1].columns.append(try row.get("col"))
        }
    }
}
