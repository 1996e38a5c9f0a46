/// One row of a result: values by column name.
public struct Row: Sendable {
    /// The values by the columns' names.
    public let columns: [String: SQLValue]

    init(columns: [String: SQLValue]) { self.columns = columns }

    /// The value of `column`. Throws ``StoreError/unexpectedRow(column:)`` when it is missing or of another kind.
    public func get<Value: SQLConvertible>(_ column: String, as type: Value.Type = Value.self) throws(StoreError)
        -> Value
    {
        guard let stored = columns[column], let value = Value(sqlValue: stored) else {
            throw .unexpectedRow(column: column)
        }
        return value
    }

    public subscript(_ column: String) -> SQLValue { columns[column] ?? .null }
}
