import Foundation
import GRDB

/// A running transaction. Lives only inside the closure of ``Database/read(_:)`` or ``Database/write(_:)``.
public struct Transaction {
    private let db: GRDB.Database

    init(_ db: GRDB.Database) { self.db = db }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: SQL) throws(StoreError) -> Int {
        let (text, values) = sql.rendered()
        do {
            let statement = try db.cachedStatement(sql: text)
            try statement.execute(arguments: StatementArguments(values.map { try $0.databaseValue() }))
            return db.changesCount
        } catch {
            throw Database.translate(error)
        }
    }

    /// Runs several statements of a script without values, such as a migration.
    public func executeScript(_ script: String) throws(StoreError) {
        do {
            try db.execute(sql: script)
        } catch {
            throw Database.translate(error)
        }
    }

    /// All rows of a query.
    public func rows(_ sql: SQL) throws(StoreError) -> [Row] {
        let (text, values) = sql.rendered()
        do {
            let statement = try db.cachedStatement(sql: text)
            let arguments = StatementArguments(try values.map { try $0.databaseValue() })
            return try GRDB.Row.fetchAll(statement, arguments: arguments).map { row in
                var columns = [String: SQLValue](minimumCapacity: row.count)
                for (name, value) in row { columns[name] = SQLValue(value) }
                return Row(columns: columns)
            }
        } catch {
            throw Database.translate(error)
        }
    }

    /// The first row of a query, if there is one.
    public func row(_ sql: SQL) throws(StoreError) -> Row? { try rows(sql).first }

    /// The number in the first row's column `count`, as in `SELECT COUNT(*) AS count …`.
    public func count(_ sql: SQL) throws(StoreError) -> Int { try row(sql)?.get("count") ?? 0 }

    /// All rows of a query as records.
    public func fetch<Record: Decodable>(_ type: Record.Type, _ sql: SQL, sealing: (any ColumnSealing)? = nil)
        throws(StoreError) -> [Record]
    {
        try rows(sql).map { row throws(StoreError) in try RowDecoder(sealing: sealing).decode(Record.self, from: row) }
    }

    /// The first row of a query as a record, if there is one.
    public func fetchOne<Record: Decodable>(_ type: Record.Type, _ sql: SQL, sealing: (any ColumnSealing)? = nil)
        throws(StoreError) -> Record?
    {
        try row(sql).map { row throws(StoreError) in try RowDecoder(sealing: sealing).decode(Record.self, from: row) }
    }

    /// Reads a record out of a row that was fetched before.
    public func decode<Record: Decodable>(_ type: Record.Type, from row: Row, sealing: (any ColumnSealing)? = nil)
        throws(StoreError) -> Record
    {
        try RowDecoder(sealing: sealing).decode(Record.self, from: row)
    }

    /// Inserts `record` into `table`. Its property names, in snake case, are the columns.
    public func insert(_ record: some Encodable, into table: SQL.Name, sealing: (any ColumnSealing)? = nil)
        throws(StoreError)
    {
        let columns = try RowEncoder(sealing: sealing).encode(record)
        let names = SQL.joined(columns.map { "\(SQL.Name(column: $0.name))" }, separator: ", ")
        let values = SQL.joined(columns.map { "\($0.value)" }, separator: ", ")
        try execute("INSERT INTO \(table) (\(names)) VALUES (\(values))")
    }

    /// Writes every column of `record` to the row with its id, where `condition` holds. Returns whether there was one.
    @discardableResult
    public func update(
        _ record: some Encodable,
        in table: SQL.Name,
        where condition: SQL,
        sealing: (any ColumnSealing)? = nil
    ) throws(StoreError) -> Bool {
        let columns = try RowEncoder(sealing: sealing).encode(record)
        let assignments = SQL.joined(
            columns.filter { $0.name != "id" }.map { "\(SQL.Name(column: $0.name)) = \($0.value)" },
            separator: ", "
        )
        return try execute("UPDATE \(table) SET \(assignments) WHERE \(condition)") > 0
    }
}

extension SQLValue {
    /// Text with a NUL is refused: SQLite would cut it off there, and PostgreSQL has no such text.
    fileprivate func databaseValue() throws(StoreError) -> DatabaseValue {
        switch self {
        case .text(let value) where value.utf8.contains(0): throw .constraint(rule: "text holds no NUL character")
        case .null: return .null
        case .integer(let value): return value.databaseValue
        case .real(let value): return value.databaseValue
        case .text(let value): return value.databaseValue
        case .blob(let value): return Data(value).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let real): self = .real(real)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob(Array(data))
        }
    }
}
