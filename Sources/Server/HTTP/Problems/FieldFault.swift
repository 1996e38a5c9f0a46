/// One thing that is wrong with a request: where, what, and what to do about it.
public struct FieldFault: Sendable, Hashable {
    public enum Place: Sendable, Hashable {
        /// In the body, at a JSON pointer (RFC 6901).
        case body(pointer: String)
        /// A query parameter.
        case query(name: String)

        /// The whole body.
        public static let wholeBody = Place.body(pointer: "")

        /// A field of the body, by its names on the wire from the outside in.
        public static func field(_ path: String...) -> Place { path.reduce(.wholeBody) { $0.child($1) } }

        func child(_ name: String) -> Place {
            switch self {
            case .body(let pointer):
                let token = name.replacing("~", with: "~0").replacing("/", with: "~1")
                return .body(pointer: "\(pointer)/\(token)")
            case .query(""): return .query(name: name)
            // An element of a repeated parameter is named by the parameter.
            case .query: return self
            }
        }
    }

    public let place: Place
    /// What is wrong, so that it can follow the field's name: `should be a whole number`. Never holds what was sent.
    public let message: String
    /// What to do, as a sentence without its full stop.
    public let remedy: String

    public init(_ place: Place, _ message: String, remedy: String) {
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["message": .string(message), "remedy": .string(remedy)]
        switch place {
        case .body(let pointer): members["pointer"] = .string(pointer)
        case .query(let name): members["parameter"] = .string(name)
        }
        return .object(members)
    }
}
