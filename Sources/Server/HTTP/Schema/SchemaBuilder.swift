import Foundation

/// A type that has no place on the wire as it is declared.
struct SchemaFault: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Finds the schema of any `Decodable` by letting it read from a decoder that writes down what it is asked for.
///
/// A type must be able to read samples: empty texts, zeros, empty lists. One that refuses them conforms to ``SchemaDescribing``.
/// Lives only while an API is put together; not for sharing.
final class SchemaBuilder {
    /// The objects met so far, by name.
    private(set) var definitions: [String: ObjectShape] = [:]

    private var types: [String: any Any.Type] = [:]
    private var unfinished: Set<ObjectIdentifier> = []

    func schema<Value: Decodable>(of type: Value.Type) throws -> Schema {
        if unfinished.contains(ObjectIdentifier(type)) { return Schema(.reference(Self.name(of: type))) }
        if let container = type as? any SchemaContainer.Type { return try container.schema(with: self) }
        return try visit(type).schema
    }

    /// The schema of a type, and an instance of it, so that whoever asked can go on reading.
    func visit<Value: Decodable>(_ type: Value.Type) throws -> (schema: Schema, instance: Value) {
        if let container = type as? any SchemaContainer.Type {
            let schema = try container.schema(with: self)
            guard let empty = container.empty as? Value else { throw unreadable(type) }
            return (schema, empty)
        }
        if let described = type as? any SchemaDescribing.Type {
            return (described.schema, try read(type, from: described.sample))
        }
        if let choices = Self.choices(of: type), let first = choices.first {
            return (.choice(choices), try read(type, from: .string(first)))
        }
        // They read samples, and look on the wire like nothing that a client expects.
        if [Date.self, Data.self, URL.self, Decimal.self].contains(where: { $0 == type }) {
            throw SchemaFault("`\(type)` has no place on the wire. Moments are Timestamp, addresses String")
        }
        return try probe(type)
    }

    private func probe<Value: Decodable>(_ type: Value.Type) throws -> (schema: Schema, instance: Value) {
        let identifier = ObjectIdentifier(type)
        guard unfinished.insert(identifier).inserted else {
            throw SchemaFault("`\(type)` holds itself; let it conform to SchemaDescribing")
        }
        defer { unfinished.remove(identifier) }
        let notes = SchemaProbe.Notes()
        let instance: Value
        do {
            instance = try Value(from: SchemaProbe(builder: self, notes: notes))
        } catch let fault as SchemaFault {
            throw fault
        } catch {
            throw unreadable(type)
        }
        switch notes.finding {
        case .object(let properties): return (try define(type, properties), instance)
        case .single(let schema): return (schema, instance)
        case .nothing: return (try define(type, []), instance)
        }
    }

    private func define(_ type: any Any.Type, _ properties: [ObjectShape.Property]) throws -> Schema {
        let name = Self.name(of: type)
        if let other = types[name], other != type {
            throw SchemaFault(
                "`\(reflecting: type)` and `\(reflecting: other)` would both be called \(name); rename one"
            )
        }
        types[name] = type
        var shape = ObjectShape(name: name, properties: properties)
        let descriptions = (type as? any FieldsDescribed.Type)?.fieldDescriptions ?? [:]
        for (field, description) in descriptions {
            guard let index = properties.firstIndex(where: { $0.name == field }) else {
                throw SchemaFault("`\(type)` describes a field `\(field)` that it does not have")
            }
            shape.properties[index].schema.description = description
        }
        let limits = (type as? any FieldsLimited.Type)?.fieldLimits ?? [:]
        for index in shape.properties.indices {
            guard let limit = limits[shape.properties[index].name] else { continue }
            shape.properties[index].schema.shape = limit.shape
        }
        definitions[name] = shape
        return Schema(.reference(name))
    }

    private func read<Value: Decodable>(_ type: Value.Type, from sample: JSONValue) throws -> Value {
        do {
            return try JSONCoding.decode(type, from: sample)
        } catch {
            throw SchemaFault("`\(type)` does not read its own sample; check its schema and sample")
        }
    }

    private func unreadable(_ type: any Any.Type) -> SchemaFault {
        SchemaFault(
            "`\(type)` refuses a sample value; make it CaseIterable if it is an enumeration, or SchemaDescribing"
        )
    }

    /// The texts of an enumeration, in the order of its cases.
    private static func choices(of type: any Any.Type) -> [String]? {
        func choices<Choice: CaseIterable & RawRepresentable>(_ type: Choice.Type) -> [String]? {
            let texts = Choice.allCases.compactMap { $0.rawValue as? String }
            return texts.isEmpty ? nil : texts
        }
        return (type as? any (CaseIterable & RawRepresentable).Type).flatMap { choices($0) }
    }

    /// The name of a type in the OpenAPI document: without its module, nested names joined, `Listing<Client>` as
    /// `ClientListing`.
    static func name(of type: any Any.Type) -> String {
        if let named = type as? any SchemaNamed.Type { return named.schemaName }
        var words: [Substring] = []
        // From the innermost argument outwards: `Module.Listing<Module.Client>`.
        for part in withoutContexts(String(reflecting: type)).split(whereSeparator: { "<>, ".contains($0) }).reversed()
        {
            let names = part.split(separator: ".")
            words += names.count > 1 ? names.dropFirst() : names[...]
        }
        return words.joined()
    }

    /// Without the `(unknown context at $1f3a)` that stands for a function or file which a type is private to.
    private static func withoutContexts(_ name: String) -> String {
        var depth = 0
        return String(
            name.filter { character in
                if character == "(" { depth += 1 }
                defer { if character == ")" { depth -= 1 } }
                return depth == 0
            }
        )
    }
}

extension String.StringInterpolation {
    fileprivate mutating func appendInterpolation(reflecting type: any Any.Type) {
        appendLiteral(String(reflecting: type))
    }
}

/// A container whose schema follows from that of its elements, and which has an empty instance.
private protocol SchemaContainer {
    static func schema(with builder: SchemaBuilder) throws -> Schema
    static var empty: Self { get }
}

extension Array: SchemaContainer where Element: Decodable {
    fileprivate static func schema(with builder: SchemaBuilder) throws -> Schema {
        .list(try builder.schema(of: Element.self))
    }
    fileprivate static var empty: Self { [] }
}

extension Set: SchemaContainer where Element: Decodable {
    fileprivate static func schema(with builder: SchemaBuilder) throws -> Schema {
        .list(try builder.schema(of: Element.self))
    }
    fileprivate static var empty: Self { [] }
}

extension Dictionary: SchemaContainer where Key: Decodable, Value: Decodable {
    fileprivate static func schema(with builder: SchemaBuilder) throws -> Schema {
        // Anything else becomes a list of keys and values in turn.
        guard Key.self == String.self || Key.self is any CodingKeyRepresentable.Type else {
            throw SchemaFault("`\(Self.self)` has keys that are no names; let `\(Key.self)` be CodingKeyRepresentable")
        }
        return .map(try builder.schema(of: Value.self))
    }
    fileprivate static var empty: Self { [:] }
}

extension Optional: SchemaContainer where Wrapped: Decodable {
    fileprivate static func schema(with builder: SchemaBuilder) throws -> Schema {
        try builder.schema(of: Wrapped.self).nullable
    }
    fileprivate static var empty: Self { nil }
}
