import Foundation
import Hummingbird

extension Exchange {
    /// Reads the parameters after the question mark as the properties of a type.
    func readQuery<Query: Decodable>(_ type: Query.Type, by shape: ObjectShape?) throws -> Query {
        let shape = shape ?? ObjectShape(name: "", properties: [])
        var given: [String: [String]] = [:]
        var faults: [FieldFault] = []
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                let name = Self.decoded(parts[0]) ?? ""
                faults.append(
                    FieldFault(.query(name: name), "is not UTF-8", remedy: "Encode it as %XX of its UTF-8 bytes")
                )
                continue
            }
            given[name, default: []].append(value)
        }
        var members: [String: JSONValue] = [:]
        for (name, texts) in given.sorted(by: { $0.key < $1.key }) {
            guard let text = texts.first else { continue }
            guard let property = shape[name] else {
                members[name] = .string(text)
                continue
            }
            if case .list(let element) = property.schema.shape {
                members[name] = .array(texts.map { Self.value($0, of: element) })
            } else if texts.count == 1 {
                members[name] = Self.value(text, of: property.schema)
            } else {
                members[name] = Self.value(text, of: property.schema)
                faults.append(FieldFault(.query(name: name), "is given more than once", remedy: "Give it once"))
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        return try read(type, from: .object(members), by: Schema(.object(shape)), at: .query(name: ""))
    }

    /// As forms write it: a plus is a blank, the rest is percent-encoded. Nil when the bytes are not UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    /// Numbers and truth values are written as in JSON; anything else is a text.
    private static func value(_ text: String, of schema: Schema) -> JSONValue {
        switch schema.shape {
        case .integer, .number, .boolean: (try? JSONCoding.parse(text.utf8)) ?? .string(text)
        default: .string(text)
        }
    }
}
