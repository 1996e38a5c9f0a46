/// Reads a `Decodable` record out of a row, opening its sealed columns.
struct RowDecoder {
    let sealing: (any ColumnSealing)?

    func decode<Record: Decodable>(_ type: Record.Type, from row: Row) throws(StoreError) -> Record {
        do {
            return try Record(from: RecordDecoder(row: row, sealing: sealing))
        } catch {
            if let error = error as? StoreError { throw error }
            let path: String? =
                switch error as? DecodingError {
                case .keyNotFound(let key, _): key.stringValue
                case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                    context.codingPath.last?.stringValue
                default: nil
                }
            throw .unexpectedRow(column: path ?? "?")
        }
    }
}

private struct RecordDecoder: Decoder {
    let row: Row
    let sealing: (any ColumnSealing)?
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(ColumnContainer<Key>(row: row, sealing: sealing))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw StoreError.unexpectedRow(column: "?") }
    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        throw StoreError.unexpectedRow(column: "?")
    }
}

private struct ColumnContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let row: Row
    let sealing: (any ColumnSealing)?
    let codingPath: [any CodingKey] = []
    var allKeys: [Key] { [] }

    private func name(_ key: Key) -> String { ColumnNaming.column(for: key.stringValue) }

    func contains(_ key: Key) -> Bool { row.columns[name(key)] != nil }
    func decodeNil(forKey key: Key) -> Bool { row[name(key)] == .null }

    private func get<Value: SQLConvertible>(_ key: Key) throws -> Value { try row.get(name(key)) }
    private func integer<Value: FixedWidthInteger>(_ key: Key) throws -> Value {
        guard let value = Value(exactly: try get(key) as Int64) else {
            throw StoreError.unexpectedRow(column: name(key))
        }
        return value
    }

    func decode(_: Bool.Type, forKey key: Key) throws -> Bool { try get(key) }
    func decode(_: String.Type, forKey key: Key) throws -> String { try get(key) }
    func decode(_: Double.Type, forKey key: Key) throws -> Double { try get(key) }
    func decode(_: Float.Type, forKey key: Key) throws -> Float { Float(try get(key) as Double) }
    func decode(_: Int.Type, forKey key: Key) throws -> Int { try integer(key) }
    func decode(_: Int8.Type, forKey key: Key) throws -> Int8 { try integer(key) }
    func decode(_: Int16.Type, forKey key: Key) throws -> Int16 { try integer(key) }
    func decode(_: Int32.Type, forKey key: Key) throws -> Int32 { try integer(key) }
    func decode(_: Int64.Type, forKey key: Key) throws -> Int64 { try integer(key) }
    func decode(_: UInt.Type, forKey key: Key) throws -> UInt { try integer(key) }
    func decode(_: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(key) }
    func decode(_: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(key) }
    func decode(_: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(key) }
    func decode(_: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(key) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let column = name(key)
        if type == SealedText.self {
            guard let sealing else { throw StoreError.unsealable(column: column) }
            let opened = SealedText(try sealing.open(try get(key), column: column, row: try row.get("id")))
            if let value = opened as? Value { return value }
        }
        if let convertible = type as? any SQLConvertible.Type {
            // In two steps, since a failed reading would cast to an optional's nil.
            if let read = convertible.init(sqlValue: row[column]), let value = read as? Value { return value }
            throw StoreError.unexpectedRow(column: column)
        }
        return try JSONText.decode(type, from: try get(key), column: column)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<
        Nested
    > {
        throw StoreError.unexpectedRow(column: name(key))
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw StoreError.unexpectedRow(column: name(key))
    }
    func superDecoder() throws -> any Decoder { throw StoreError.unexpectedRow(column: "?") }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw StoreError.unexpectedRow(column: name(key)) }
}
