import Foundation
import Portal
import Support

@testable import Store

/// Everything that is in the database, as text, to see what is in it and what a call changed.
struct Contents: Equatable {
    /// Rows as text, sorted, by table.
    let tables: [String: [String]]

    init(of test: TestPortal, except left: Set<String> = []) async throws {
        tables = try await test.portal.database.read { transaction in
            let names = try transaction.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
                .map { try $0.get("name", as: String.self) }
            return try Dictionary(
                uniqueKeysWithValues: names.filter { !left.contains($0) }.map { name in
                    let rows = try transaction.rows("SELECT * FROM \(SQL.Name(column: name))")
                    return (name, rows.map { "\($0.columns.sorted { $0.key < $1.key })" }.sorted())
                }
            )
        }
    }

    func holds(_ text: String) -> Bool { tables.values.joined().contains { $0.contains(text) } }

    /// Names of the tables that differ.
    func differences(to other: Contents) -> [String] { tables.keys.filter { tables[$0] != other.tables[$0] }.sorted() }
}
