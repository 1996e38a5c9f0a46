import Foundation
import Records
import Testing

@testable import Server

@Suite struct HTTPSchemaTests {
    private struct Tree: Codable {
        let label: String
        let children: [Tree]
    }
    private struct Level: RawRepresentable, Codable { let rawValue: Int }
    private enum Strict: String, Codable { case on, off }
    private struct HoldsStrict: Codable { let state: Strict }
    private struct HoldsDate: Codable { let at: Date }
    private struct Choosy: Decodable {
        let text: String
        init(from decoder: any Decoder) throws {
            text = try decoder.singleValueContainer().decode(String.self)
            if text.isEmpty { throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "empty")) }
        }
    }
    private struct Misdescribed: Codable, FieldsDescribed {
        let text: String
        static let fieldDescriptions = ["texd": "Typo"]
    }
    private struct Lenient: Decodable {
        let minutes: Int
        private enum CodingKeys: String, CodingKey { case minutes }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            minutes = try container.decodeIfPresent(Int.self, forKey: .minutes) ?? 30
        }
    }

    private static func json<Value: Decodable>(_ type: Value.Type) throws -> JSONValue {
        try SchemaBuilder().schema(of: type).openAPI
    }

    @Test func `every kind of value has its schema`() throws {
        let int64: JSONValue = ["type": "integer", "format": "int64"]
        #expect(try Self.json(Bool.self) == ["type": "boolean"])
        #expect(try Self.json(String.self) == ["type": "string"])
        #expect(try Self.json(Double.self) == ["type": "number", "format": "double"])
        #expect(try Self.json(Int.self) == int64)
        #expect(try Self.json(Int64.self) == int64)
        #expect(
            try Self.json(Int8.self) == ["type": "integer", "format": "int64", "minimum": -128, "maximum": 127]
        )
        #expect(try Self.json(UInt64.self) == ["type": "integer", "format": "int64", "minimum": 0])
        #expect(try Self.json([Int].self) == ["type": "array", "items": int64])
        #expect(try Self.json(Set<Bool>.self) == ["type": "array", "items": ["type": "boolean"]])
        #expect(try Self.json([String: Int].self) == ["type": "object", "additionalProperties": int64])
        #expect(try Self.json(String?.self) == ["type": ["string", "null"]])
        #expect(try Self.json(ID<Client>.self) == ["type": "string", "format": "uuid"])
        #expect(
            try Self.json(Timestamp.self) == [
                "type": "integer", "format": "int64", "description": "Milliseconds since 1970-01-01T00:00:00Z",
            ]
        )
        #expect(try Self.json(Mood.self) == ["type": "string", "enum": ["LOW", "FAIR", "GOOD"]])
        #expect(try Self.json(Mood?.self) == ["type": ["string", "null"], "enum": ["LOW", "FAIR", "GOOD", .null]])
        #expect(try Self.json(Level.self) == int64)
        #expect(try Self.json(JSONValue.self) == [:])
        #expect(
            try Self.json([Mood: [Bool]].self) == [
                "type": "object", "additionalProperties": ["type": "array", "items": ["type": "boolean"]],
            ]
        )
    }

    @Test func `an object has its properties by their names on the wire, and says which are required`() throws {
        let builder = SchemaBuilder()
        #expect(try builder.schema(of: AskRequest.self).openAPI == ["$ref": "#/components/schemas/AskRequest"])
        let shape = try #require(builder.definitions["AskRequest"])
        #expect(
            shape.properties.map(\.name) == [
                "text", "mood", "is_anonymous", "reply_to_id", "score", "asked_at", "places", "labels",
            ]
        )
        #expect(shape.properties.filter(\.isRequired).map(\.name) == ["text", "is_anonymous", "score"])
        #expect(shape["text"]?.schema.description == "What the client wants to know")
        #expect(shape["places"]?.schema.openAPI["items"] == ["$ref": "#/components/schemas/AskRequestPlace"])
        #expect(builder.definitions.keys.sorted() == ["AskRequest", "AskRequestPlace"])
    }

    @Test func `a type may hold itself in a list`() throws {
        let builder = SchemaBuilder()
        _ = try builder.schema(of: Tree.self)
        let name = SchemaBuilder.name(of: Tree.self)
        #expect(name == "HTTPSchemaTestsTree")
        #expect(builder.definitions[name]?["children"]?.schema == .list(Schema(.reference(name))))
    }

    @Test func `a property with a default is optional`() throws {
        let builder = SchemaBuilder()
        _ = try builder.schema(of: Lenient.self)
        #expect(builder.definitions["HTTPSchemaTestsLenient"]?["minutes"]?.isRequired == false)
    }

    @Test func `names are without module and with their arguments`() {
        #expect(SchemaBuilder.name(of: AskRequest.Place.self) == "AskRequestPlace")
        #expect(SchemaBuilder.name(of: Listing<ClientRow>.self) == "ClientRowListing")
    }

    private struct Misfit: Sendable {
        let fault: String
        let schema: @Sendable () throws -> Schema

        init<Value: Decodable & SendableMetatype>(_ type: Value.Type, _ fault: String) {
            self.fault = fault
            schema = { try SchemaBuilder().schema(of: Value.self) }
        }
    }

    private static let misfits = [
        Misfit(HoldsStrict.self, "`Strict` refuses a sample value; make it CaseIterable"),
        Misfit(HoldsDate.self, "Moments are Timestamp"),
        Misfit(Choosy.self, "refuses a sample value"),
        Misfit(Misdescribed.self, "describes a field `texd` that it does not have"),
        Misfit([ID<Client>: Int].self, "keys that are no names"),
    ]

    @Test(arguments: misfits)
    private func `a type that has no place on the wire is told so at start-up`(misfit: Misfit) {
        let error = #expect(throws: SchemaFault.self) { try misfit.schema() }
        #expect(error?.description.contains(misfit.fault) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("2026-02-28", true), ("2024-02-29", true), ("2000-02-29", true), ("2026-02-29", false), ("1900-02-29", false),
        ("2026-13-01", false), ("2026-00-10", false), ("2026-04-31", false), ("2026-4-1", false), ("+026-04-01", false),
        ("", false), ("2026-04-01T00", false),
    ])
    func `a day is a day of the calendar`(text: String, isDay: Bool) {
        #expect(TextRule.Format.date.matches(text) == isDay)
    }

    @Test(arguments: [
        ("", [" is empty"]), ("ab", [" is shorter than 3 characters"]), ("abc", []), ("🌱🌱🌱🌱🌱", []),
        ("abcdef", [" is longer than 5 characters"]),
    ])
    func `a text has its length in characters`(text: String, messages: [String]) {
        let faults = Schema.text(3...5).faults(in: .string(text), definitions: [:], at: .wholeBody)
        #expect(faults.map { " \($0.message)" } == messages)
    }

    @Test func `no more faults are told than somebody can read`() {
        let values = JSONValue.array(Array(repeating: "x", count: 10_000))
        #expect(
            Schema.list(.integer).faults(in: values, definitions: [:], at: .wholeBody).count == Schema.maximumFaults
        )
    }
}
