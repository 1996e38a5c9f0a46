public import Records

/// A type that says itself how it looks on the wire, since reading a sample of it would not tell.
public protocol SchemaDescribing: Decodable {
    static var schema: Schema { get }
    /// A value on the wire that the type reads without complaint. Unless given, it is made from the schema.
    static var sample: JSONValue { get }
}

extension SchemaDescribing {
    public static var sample: JSONValue { schema.sample }
}

/// A request, query or answer that explains its fields, by their names on the wire.
public protocol FieldsDescribed {
    static var fieldDescriptions: [String: String] { get }
}

/// A type that is called otherwise in the OpenAPI document than in the program.
protocol SchemaNamed {
    static var schemaName: String { get }
}

/// A request whose fields are limited beyond their types: the narrower schemas by the fields' names on the wire. A name that
/// the request does not have is passed over.
protocol FieldsLimited {
    static var fieldLimits: [String: Schema] { get }
}

extension ID: SchemaDescribing {
    public static var schema: Schema { .uuid }
}

extension Timestamp: SchemaDescribing {
    public static var schema: Schema { .integer.described("Milliseconds since 1970-01-01T00:00:00Z") }
}

extension JSONValue: SchemaDescribing {
    public static var schema: Schema { .any }
}
