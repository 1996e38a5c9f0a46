/// A statement, or a part of one, with its bound values.
///
///     let sql: SQL = "SELECT * FROM clients WHERE practice_id = \(practiceID) AND status = \(status)"
///
/// Every interpolated value is bound, never spliced: a string cannot become part of the statement's text by accident.
/// What may be spliced is another `SQL` and a ``Name``, which only a literal can make.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
    }

    private(set) var parts: [Part]

    public init(stringLiteral value: StaticString) { parts = [.text(value.description)] }

    public init(stringInterpolation: Interpolation) { parts = stringInterpolation.parts }

    public struct Interpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: StaticString) { parts.append(.text(literal.description)) }

        /// Binds `value`.
        public mutating func appendInterpolation(_ value: some SQLConvertible) { parts.append(.value(value.sqlValue)) }
        public mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value?) {
            parts.append(.value(value?.sqlValue ?? .null))
        }
        public mutating func appendInterpolation(_ value: SQLValue) { parts.append(.value(value)) }

        /// Splices another statement's text and values.
        public mutating func appendInterpolation(_ sql: SQL) { parts += sql.parts }

        /// Splices the name of a table or column.
        public mutating func appendInterpolation(_ name: Name) { parts.append(.text(name.text)) }

        /// Binds a list, as in `status IN (\(list: statuses))`. An empty list matches nothing.
        public mutating func appendInterpolation(list values: [some SQLConvertible]) {
            if values.isEmpty { parts.append(.text("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.text(", ")) }
                parts.append(.value(value.sqlValue))
            }
        }
    }

    /// The name of a table or column. Only a literal makes one.
    public struct Name: Sendable, Hashable, ExpressibleByStringLiteral {
        public let text: String
        public init(stringLiteral value: StaticString) { text = value.description }
        /// For names that come out of the coder: quoted, since they may be words of SQL or, in a dictionary, anything.
        init(column: String) {
            text = "\"\(column.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
        }
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.parts += right.parts
        return sum
    }

    /// Joins `parts` with `separator` between them.
    public static func joined(_ parts: [SQL], separator: SQL) -> SQL {
        var result = SQL(parts: [])
        for (index, part) in parts.enumerated() {
            if index > 0 { result.parts += separator.parts }
            result.parts += part.parts
        }
        return result
    }

    init(parts: [Part]) { self.parts = parts }

    /// Text with `?` for every value, as SQLite reads it, and the values in order.
    func rendered() -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .value(let value):
                text += "?"
                values.append(value)
            }
        }
        return (text, values)
    }
}
