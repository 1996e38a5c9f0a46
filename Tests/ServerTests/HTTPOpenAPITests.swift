import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Server

@Suite struct HTTPOpenAPITests {
    private static func document() throws -> JSONValue { try API(toyEndpoints).openAPI() }

    @Test func `the document holds exactly the routes`() throws {
        let router = try buildRouter(endpoints: toyEndpoints, authenticate: Toy.authenticate)
        let served = Set(router.routes.map { "\($0.method) \($0.path)" })
        guard case .object(let paths) = try Self.document()["paths"] else { throw CancellationError() }
        let described = Set(
            paths.flatMap { path, operations -> [String] in
                guard case .object(let operations) = operations else { return [] }
                return operations.keys.map { "\($0.uppercased()) \(path)" }
            }
        )
        #expect(described == served)
    }

    @Test func `an operation says what goes in, what comes out, and who may call`() throws {
        let operation = try #require(
            try Self.document()["paths"]?["/api/v1/portal/chat/threads/{thread}/messages"]?["post"]
        )
        #expect(operation["operationId"] == "postPortalChatThreadsByThreadMessages")
        #expect(operation["tags"] == ["portal/chat"])
        #expect(operation["security"] == [["bearer": []], ["cookie": []]])
        #expect(operation["x-requirements"] == ["AI-01"])
        #expect(
            operation["parameters"] == [
                ["name": "thread", "in": "path", "required": true, "schema": ["type": "string"]]
            ]
        )
        #expect(
            operation["requestBody"]?["content"]?["application/json"]?["schema"]
                == ["$ref": "#/components/schemas/AskRequest"]
        )
        #expect(
            operation["responses"]?["201"]?["content"]?["application/json"]?["schema"]
                == ["$ref": "#/components/schemas/AskReply"]
        )
        #expect(operation["responses"]?["200"]?["content"]?["text/event-stream"] != nil)
        for status in ["400", "401", "403", "404", "409", "413", "415", "422", "500", "503"] {
            #expect(operation["responses"]?[status]?["content"]?["application/problem+json"] != nil, "\(status)")
        }
    }

    @Test func `query parameters are described with their rules`() throws {
        let operation = try #require(try Self.document()["paths"]?["/api/v1/clients"]?["get"])
        guard case .array(let parameters) = operation["parameters"] else { throw CancellationError() }
        #expect(
            parameters.compactMap { $0["name"]?.text } == ["search", "mood", "is_active", "tag", "limit", "cursor"]
        )
        #expect(parameters.allSatisfy { $0["in"] == "query" && $0["required"] == false })
        #expect(
            parameters[4]["schema"] == ["type": "integer", "format": "int64", "minimum": 1, "maximum": 100]
        )
        #expect(parameters[4]["description"]?.text?.isEmpty == false)
        #expect(parameters[3]["schema"] == ["type": "array", "items": ["type": "string"]])
    }

    @Test func `a public operation needs no token and gives no 401`() throws {
        let operation = try #require(try Self.document()["paths"]?["/health/live"]?["get"])
        #expect(operation["security"] == [])
        #expect(operation["responses"]?["401"] == nil)
        #expect(operation["tags"] == ["system"])
    }

    @Test func `requests are closed to unknown names, and answers free to grow`() throws {
        let schemas = try #require(try Self.document()["components"]?["schemas"])
        #expect(schemas["AskRequest"]?["additionalProperties"] == false)
        #expect(schemas["AskRequestPlace"]?["additionalProperties"] == false)
        #expect(schemas["AskReply"]?["additionalProperties"] == nil)
    }

    @Test func `the service describes itself`() async throws {
        let endpoints = toyEndpoints + [try Endpoint.openAPI(describing: toyEndpoints, version: "2.1.0")]
        try await Toy.application(endpoints).test(.router) { client in
            let answer = try await client.send(.get, "/api/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.json["info"]?["version"] == "2.1.0")
            #expect(answer.json["paths"]?["/api/openapi.json"]?["get"] != nil)
            #expect(answer.json == (try API(endpoints).openAPI(version: "2.1.0")))
        }
    }

    @Test func `openapi-spec-validator finds the document sound`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "openapi.json")
        try Data(JSONCoding.encode(Self.document())).write(to: file)
        let complaints = folder.appending(path: "complaints.txt")
        try Data().write(to: complaints)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-m", "openapi_spec_validator", file.path]
        process.standardOutput = try FileHandle(forWritingTo: complaints)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOf: complaints, encoding: .utf8)
        #expect(process.terminationStatus == 0, "\(text)")
    }
}
