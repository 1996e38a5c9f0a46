import Foundation

/// JSON as the whole API writes and reads it: UTF-8, names in snake case, keys sorted so that equal values are equal texts,
/// absent and null alike for what is optional.
public enum JSONCoding {
    /// One line of JSON.
    public static func encode(_ value: some Encodable) throws -> [UInt8] { [UInt8](try data(value)) }

    static func data(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .custom { path in
            WireKey(WireNaming.name(for: path.last?.stringValue ?? ""))
        }
        return try encoder.encode(value)
    }

    public static func parse(_ bytes: some Sequence<UInt8>) throws(JSONFault) -> JSONValue {
        try JSONParser.parse(Array(bytes))
    }

    /// Throws ``JSONFault`` for text that is not JSON, and `DecodingError` with paths as they stand on the wire.
    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: some Sequence<UInt8>)
        throws
        -> Value
    {
        try decode(type, from: parse(bytes))
    }

    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from value: JSONValue) throws -> Value
    {
        try Value(from: JSONValueDecoder(value))
    }
}
