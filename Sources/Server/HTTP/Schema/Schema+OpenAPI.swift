extension Schema {
    /// The schema in JSON Schema 2020-12, the dialect of OpenAPI 3.1.
    var openAPI: JSONValue {
        var members: [String: JSONValue]
        switch shape {
        case .any: members = [:]
        case .boolean: members = ["type": "boolean"]
        case .number: members = ["type": "number", "format": "double"]
        case .integer(let range):
            members = ["type": "integer", "format": "int64"]
            if range.lowerBound != .min { members["minimum"] = .integer(range.lowerBound) }
            if range.upperBound != .max { members["maximum"] = .integer(range.upperBound) }
        case .text(let rule):
            members = ["type": "string"]
            if let format = rule.format { members["format"] = .string(format.rawValue) }
            if let length = rule.length {
                members["minLength"] = .integer(Int64(length.lowerBound))
                if length.upperBound != .max { members["maxLength"] = .integer(Int64(length.upperBound)) }
            }
            if !rule.choices.isEmpty {
                // JSON Schema wants null among the choices too.
                members["enum"] = .array(rule.choices.map { .string($0) } + (isNullable ? [.null] : []))
            }
        case .list(let element): members = ["type": "array", "items": element.openAPI]
        case .map(let element): members = ["type": "object", "additionalProperties": element.openAPI]
        case .object(let object): members = object.openAPI(isClosed: true)
        case .reference(let name): members = ["$ref": .string("#/components/schemas/\(name)")]
        }
        if isNullable {
            if let type = members["type"] {
                members["type"] = [type, "null"]
            } else if case .reference = shape {
                members = ["anyOf": [.object(members), ["type": "null"]]]
            }
        }
        if let description { members["description"] = .string(description) }
        return .object(members)
    }
}

extension ObjectShape {
    /// - Parameter isClosed: whether other names are refused, as in requests. What the service answers may grow.
    func openAPI(isClosed: Bool) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "type": "object",
            "properties": .object(
                Dictionary(properties.map { ($0.name, $0.schema.openAPI) }, uniquingKeysWith: { $1 })
            ),
        ]
        if isClosed { members["additionalProperties"] = false }
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { members["required"] = .array(required) }
        if let description { members["description"] = .string(description) }
        return members
    }
}

extension Schema {
    /// The names of the objects that a value holds, directly or inside others.
    func references(among definitions: [String: ObjectShape], into names: inout Set<String>) {
        switch shape {
        case .any, .boolean, .integer, .number, .text: break
        case .list(let element), .map(let element): element.references(among: definitions, into: &names)
        case .object(let object):
            for property in object.properties { property.schema.references(among: definitions, into: &names) }
        case .reference(let name):
            guard names.insert(name).inserted else { return }
            for property in definitions[name]?.properties ?? [] {
                property.schema.references(among: definitions, into: &names)
            }
        }
    }
}
