extension Transaction {
    /// The tables that have `column`, by name. Their names come from the database itself.
    public func tables(with column: String) throws(StoreError) -> [TableName] {
        try rows(
            """
            SELECT t.name AS name FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND c.name = \(column) ORDER BY t.name
            """
        ).map { row throws(StoreError) in TableName(text: try row.get("name")) }
    }

    /// How many rows of `table` have `value` in `column`, which is one that ``tables(with:)`` asked for.
    public func count(matching value: String, in table: TableName, column: String) throws(StoreError) -> Int {
        try count(
            "SELECT COUNT(*) AS count FROM \(SQL.Name(column: table.text)) WHERE \(SQL.Name(column: column)) = \(value)"
        )
    }

    /// Has what is deleted from now on overwritten with zeros, as long as the connection lives.
    public func overwriteDeleted() throws(StoreError) { try executeScript("PRAGMA secure_delete = ON") }
}

/// The name of a table that exists.
public struct TableName: Sendable, Hashable, ExpressibleByStringLiteral {
    public let text: String

    public init(stringLiteral value: StaticString) { text = value.description }

    init(text: String) { self.text = text }
}
