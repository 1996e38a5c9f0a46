/// The shape of a JSON value: what a request is checked against, and what the OpenAPI document says.
public struct Schema: Sendable, Hashable {
    public indirect enum Shape: Sendable, Hashable {
        /// Any JSON at all.
        case any
        case boolean
        case integer(ClosedRange<Int64>)
        case number
        case text(TextRule)
        case list(Schema)
        /// An object whose names are data.
        case map(Schema)
        case object(ObjectShape)
        /// An object described elsewhere, by its name.
        case reference(String)
    }

    public var shape: Shape
    /// Whether null may stand in its place.
    public var isNullable = false
    public var description: String?

    public init(_ shape: Shape, description: String? = nil) {
        self.shape = shape
        self.description = description
    }

    public static let any = Schema(.any)
    public static let boolean = Schema(.boolean)
    public static let number = Schema(.number)
    public static let integer = Schema(.integer(.min ... .max))
    public static func integer(_ range: ClosedRange<Int64>) -> Schema { Schema(.integer(range)) }
    public static let text = Schema(.text(TextRule()))
    /// - Parameter length: in Unicode scalars.
    public static func text(_ length: ClosedRange<Int>) -> Schema { Schema(.text(TextRule(length: length))) }
    public static func choice(_ choices: [String]) -> Schema { Schema(.text(TextRule(choices: choices))) }
    public static let uuid = Schema(.text(TextRule(format: .uuid)))
    /// A calendar day, `2026-03-01`.
    public static let date = Schema(.text(TextRule(format: .date)))
    public static func list(_ element: Schema) -> Schema { Schema(.list(element)) }
    public static func map(_ element: Schema) -> Schema { Schema(.map(element)) }

    public func described(_ description: String) -> Schema {
        var copy = self
        copy.description = description
        return copy
    }

    var nullable: Schema {
        var copy = self
        copy.isNullable = true
        return copy
    }
}

/// What a text must be like.
public struct TextRule: Sendable, Hashable {
    public enum Format: String, Sendable, Hashable {
        case uuid
        case date
    }

    public var format: Format?
    /// The only texts there are; empty when any text will do.
    public var choices: [String]
    /// In Unicode scalars.
    public var length: ClosedRange<Int>?

    public init(format: Format? = nil, choices: [String] = [], length: ClosedRange<Int>? = nil) {
        self.format = format
        self.choices = choices
        self.length = length
    }
}

/// The shape of an object with known names.
public struct ObjectShape: Sendable, Hashable {
    public struct Property: Sendable, Hashable {
        /// As it stands on the wire.
        public let name: String
        public var schema: Schema
        public let isRequired: Bool
    }

    public let name: String
    public var properties: [Property]
    public var description: String?

    public subscript(_ name: String) -> Property? { properties.first { $0.name == name } }
}

extension Schema {
    /// A value that satisfies the schema, for making an instance of a type that describes itself.
    var sample: JSONValue {
        switch shape {
        case .any: .null
        case .boolean: false
        case .integer(let range): .integer(range.contains(0) ? 0 : range.lowerBound)
        case .number: .number(0)
        case .text(let rule):
            switch rule.format {
            case .uuid: "00000000-0000-7000-8000-000000000000"
            case .date: "2000-01-01"
            case nil: .string(rule.choices.first ?? String(repeating: "x", count: rule.length?.lowerBound ?? 0))
            }
        case .list: []
        case .map: [:]
        case .object(let object):
            .object(
                Dictionary(
                    object.properties.filter(\.isRequired).map { ($0.name, $0.schema.sample) },
                    uniquingKeysWith: { $1 }
                )
            )
        case .reference: [:]
        }
    }
}
