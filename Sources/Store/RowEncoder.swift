/// Turns a flat `Encodable` record into columns. A nested value that is not ``SQLConvertible`` or ``SealedText`` becomes
/// JSON text.
struct RowEncoder {
    let sealing: (any ColumnSealing)?

    func encode(_ record: some Encodable) throws(StoreError) -> [(name: String, value: SQLValue)] {
        let encoder = RecordEncoder()
        do {
            try record.encode(to: encoder)
        } catch {
            throw error as? StoreError ?? .unexpectedRow(column: "?")
        }
        let row = encoder.sink.plain.first { $0.name == "id" }.flatMap { String(sqlValue: $0.value) }
        var columns = encoder.sink.plain
        for (name, text) in encoder.sink.sealed {
            guard let text else {
                columns.append((name, .null))
                continue
            }
            guard let sealing else { throw .unsealable(column: name) }
            guard let row else { throw .unexpectedRow(column: "id") }
            columns.append((name, .text(try sealing.seal(text, column: name, row: row))))
        }
        return columns
    }
}

private final class ColumnSink {
    var plain: [(name: String, value: SQLValue)] = []
    var sealed: [(name: String, text: String?)] = []
}

private struct RecordEncoder: Encoder {
    let sink = ColumnSink()
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(ColumnContainer<Key>(sink: sink))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { UnsupportedContainer() }
    func singleValueContainer() -> any SingleValueEncodingContainer { UnsupportedContainer() }
}

private struct ColumnContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let sink: ColumnSink
    let codingPath: [any CodingKey] = []

    private func put(_ value: SQLValue, _ key: Key) {
        sink.plain.append((ColumnNaming.column(for: key.stringValue), value))
    }

    mutating func encodeNil(forKey key: Key) { put(.null, key) }
    mutating func encode(_ value: Bool, forKey key: Key) { put(value.sqlValue, key) }
    mutating func encode(_ value: String, forKey key: Key) { put(.text(value), key) }
    mutating func encode(_ value: Double, forKey key: Key) { put(.real(value), key) }
    mutating func encode(_ value: Float, forKey key: Key) { put(.real(Double(value)), key) }
    mutating func encode(_ value: Int, forKey key: Key) { put(.integer(Int64(value)), key) }
    mutating func encode(_ value: Int8, forKey key: Key) { put(.integer(Int64(value)), key) }
    mutating func encode(_ value: Int16, forKey key: Key) { put(.integer(Int64(value)), key) }
    mutating func encode(_ value: Int32, forKey key: Key) { put(.integer(Int64(value)), key) }
    mutating func encode(_ value: Int64, forKey key: Key) { put(.integer(value), key) }
    mutating func encode(_ value: UInt8, forKey key: Key) { put(.integer(Int64(value)), key) }
    mutating func encode(_ value: UInt16, forKey key: Key) { put(.integer(Int64(value)), key) }
    mutating func encode(_ value: UInt32, forKey key: Key) { put(.integer(Int64(value)), key) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { try encode(UInt64(value), forKey: key) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws {
        guard let integer = Int64(exactly: value) else { throw StoreError.unexpectedRow(column: key.stringValue) }
        put(.integer(integer), key)
    }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        switch value {
        case let value as SealedText: sink.sealed.append((ColumnNaming.column(for: key.stringValue), value.plaintext))
        case let value as any SQLConvertible: put(value.sqlValue, key)
        default: put(.text(try JSONText.encode(value)), key)
        }
    }

    // A nil property writes NULL, so that an update can clear a column.
    mutating func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        if let value {
            try encode(value, forKey: key)
        } else if Value.self == SealedText.self {
            sink.sealed.append((ColumnNaming.column(for: key.stringValue), nil))
        } else {
            put(.null, key)
        }
    }
    mutating func encodeIfPresent(_ value: Bool?, forKey key: Key) { put(value.sqlValue, key) }
    mutating func encodeIfPresent(_ value: String?, forKey key: Key) { put(value.sqlValue, key) }
    mutating func encodeIfPresent(_ value: Double?, forKey key: Key) { put(value.sqlValue, key) }
    mutating func encodeIfPresent(_ value: Float?, forKey key: Key) { put(value.map(Double.init).sqlValue, key) }
    mutating func encodeIfPresent(_ value: Int?, forKey key: Key) { put(value.sqlValue, key) }
    mutating func encodeIfPresent(_ value: Int8?, forKey key: Key) { put(value.map(Int64.init).sqlValue, key) }
    mutating func encodeIfPresent(_ value: Int16?, forKey key: Key) { put(value.map(Int64.init).sqlValue, key) }
    mutating func encodeIfPresent(_ value: Int32?, forKey key: Key) { put(value.map(Int64.init).sqlValue, key) }
    mutating func encodeIfPresent(_ value: Int64?, forKey key: Key) { put(value.sqlValue, key) }
    mutating func encodeIfPresent(_ value: UInt8?, forKey key: Key) { put(value.map(Int64.init).sqlValue, key) }
    mutating func encodeIfPresent(_ value: UInt16?, forKey key: Key) { put(value.map(Int64.init).sqlValue, key) }
    mutating func encodeIfPresent(_ value: UInt32?, forKey key: Key) { put(value.map(Int64.init).sqlValue, key) }
    mutating func encodeIfPresent(_ value: UInt?, forKey key: Key) throws {
        try encodeIfPresent(value.map(UInt64.init), forKey: key)
    }
    mutating func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { put(.null, key) }
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<
        Nested
    > {
        KeyedEncodingContainer(ColumnContainer<Nested>(sink: sink))
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { UnsupportedContainer() }
    mutating func superEncoder() -> any Encoder { RecordEncoder() }
    mutating func superEncoder(forKey key: Key) -> any Encoder { RecordEncoder() }
}

/// A record is a flat struct; anything else is a programming error that the first insert of a test shows.
private struct UnsupportedContainer: UnkeyedEncodingContainer, SingleValueEncodingContainer {
    let codingPath: [any CodingKey] = []
    let count = 0
    mutating func encodeNil() throws { throw StoreError.unexpectedRow(column: "?") }
    mutating func encode<Value: Encodable>(_ value: Value) throws { throw StoreError.unexpectedRow(column: "?") }
    mutating func nestedContainer<Key: CodingKey>(keyedBy: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(ColumnContainer<Key>(sink: ColumnSink()))
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
    mutating func superEncoder() -> any Encoder { RecordEncoder() }
}
