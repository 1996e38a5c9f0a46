/// Hands out samples and writes down what was asked for.
struct SchemaProbe: Decoder {
    /// What a type turned out to be made of.
    enum Finding {
        case nothing
        case single(Schema)
        case object([ObjectShape.Property])
    }

    final class Notes {
        private(set) var finding = Finding.nothing
        /// The name whose presence was asked for: a reader that asks first can do without it.
        private var asked: String?

        func note(_ schema: Schema) { finding = .single(schema) }

        func ask(for name: String) { asked = name }

        func note(_ name: String, _ schema: Schema) {
            var properties: [ObjectShape.Property] =
                if case .object(let properties) = finding { properties } else { [] }
            let isOptional = asked == name || schema.isNullable
            asked = nil
            guard !properties.contains(where: { $0.name == name }) else { return }
            properties.append(
                .init(name: name, schema: isOptional ? schema.nullable : schema, isRequired: !isOptional)
            )
            finding = .object(properties)
        }

        func openObject() {
            if case .object = finding { return }
            finding = .object([])
        }
    }

    let builder: SchemaBuilder
    let notes: Notes
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        notes.openObject()
        return KeyedDecodingContainer(KeyedProbe<Key>(builder: builder, notes: notes))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw SchemaFault("a type that reads a list by itself conforms to SchemaDescribing")
    }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension SchemaProbe: SingleValueDecodingContainer {
    func decodeNil() -> Bool { false }

    private func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer {
        notes.note(.whole(type))
        return 0
    }

    func decode(_ type: Bool.Type) -> Bool {
        notes.note(.boolean)
        return false
    }
    func decode(_ type: String.Type) -> String {
        notes.note(.text)
        return ""
    }
    func decode(_ type: Double.Type) -> Double {
        notes.note(.number)
        return 0
    }
    func decode(_ type: Float.Type) -> Float {
        notes.note(.number)
        return 0
    }
    func decode(_ type: Int.Type) -> Int { integer(type) }
    func decode(_ type: Int8.Type) -> Int8 { integer(type) }
    func decode(_ type: Int16.Type) -> Int16 { integer(type) }
    func decode(_ type: Int32.Type) -> Int32 { integer(type) }
    func decode(_ type: Int64.Type) -> Int64 { integer(type) }
    func decode(_ type: UInt.Type) -> UInt { integer(type) }
    func decode(_ type: UInt8.Type) -> UInt8 { integer(type) }
    func decode(_ type: UInt16.Type) -> UInt16 { integer(type) }
    func decode(_ type: UInt32.Type) -> UInt32 { integer(type) }
    func decode(_ type: UInt64.Type) -> UInt64 { integer(type) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, instance) = try builder.visit(type)
        notes.note(schema)
        return instance
    }
}

private struct KeyedProbe<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let builder: SchemaBuilder
    let notes: SchemaProbe.Notes
    let codingPath: [any CodingKey] = []
    var allKeys: [Key] { [] }

    private func name(_ key: Key) -> String { WireNaming.name(for: key.stringValue) }

    func contains(_ key: Key) -> Bool {
        notes.ask(for: name(key))
        return true
    }
    func decodeNil(forKey key: Key) -> Bool {
        notes.ask(for: name(key))
        return false
    }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (schema, instance) = try builder.visit(type)
        notes.note(name(key), schema)
        return instance
    }

    private func unsupported() -> SchemaFault {
        SchemaFault("a type that opens nested containers by itself conforms to SchemaDescribing")
    }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
        -> KeyedDecodingContainer<Nested>
    { throw unsupported() }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw unsupported() }
    func superDecoder() throws -> any Decoder { throw unsupported() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw unsupported() }
}

extension Schema {
    /// The whole numbers that a Swift type holds, as far as JSON's readers agree on them: 64 bits with a sign.
    fileprivate static func whole<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Schema {
        .integer(Int64(clamping: Integer.min)...Int64(clamping: Integer.max))
    }
}
