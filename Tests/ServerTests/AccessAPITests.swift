import Foundation
import HTTPTypes
import Portal
import Records
import Support
import Testing

@testable import Server

/// Who may call what, over every operation that the API describes.
@Suite("Access over HTTP")
struct AccessAPITests {
    private struct Operation: Sendable {
        let method: String
        let path: String
        let isPublic: Bool
    }

    private static func operations(_ document: JSONValue) -> [Operation] {
        guard case .object(let paths)? = document["paths"] else { return [] }
        return paths.flatMap { path, item -> [Operation] in
            guard case .object(let methods) = item else { return [] }
            return methods.map { method, operation in
                Operation(method: method, path: path, isPublic: operation["security"] == .array([]))
            }
        }.sorted { ($0.path, $0.method) < ($1.path, $1.method) }
    }

    @Test func `nobody gets anything but the public pages, and every described route exists`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let stage = try await RecordStage(server, caller)
            let operations = Self.operations(try await caller.get("/api/openapi.json").body)
            #expect(operations.count > 25)
            for operation in operations {
                let method = try #require(HTTPRequest.Method(operation.method.uppercased()))
                let answer = try await caller.send(method, try stage.fill(operation.path))
                if operation.isPublic {
                    #expect(![401, 403, 404, 405].contains(answer.status), "\(operation)")
                } else {
                    #expect(answer.status == 401, "\(operation)")
                }
            }
            #expect(try await caller.get("/api/v1/portal/nothing").status == 404)
        }
    }

    @Test(arguments: [
        ("jordan", "portal/auth"), ("priya", "portal/auth"), ("otto", "auth"), ("edda", "auth"),
    ])
    func `a stranger reaches no record of Maya's by its id`(name: String, door: String) async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let stage = try await RecordStage(server, caller)
            let stranger = try await caller.signedIn(name, at: door)
            #expect(stranger.token != nil)
            let operations = Self.operations(try await caller.get("/api/openapi.json").body)
            for operation in operations
            where operation.path.contains("{") && !operation.path.contains("{article}")
                && !operation.path.contains("{link}")
            {
                // One's own second factor, whatever Maya's are.
                if operation.path.contains("{factor}") { continue }
                // The front desk looks after everybody's accounts, which hold nothing of the record.
                if name == "finn", operation.path.contains("portal-a") || operation.path.hasSuffix("invitations") {
                    continue
                }
                let method = try #require(HTTPRequest.Method(operation.method.uppercased()))
                let bodies: [JSONValue?] =
                    method == .get
                    ? [nil] : [nil, ["text": "hello"], ["responses": [:]], ["instrument": "PHQ-9"]]
                for body in bodies {
                    let path =
                        try stage.fill(operation.path) + (operation.path.hasSuffix("trends") ? "?instrument=PHQ-9" : "")
                    let answer = try await stranger.send(
                        method,
                        path,
                        bytes: try body.map { try JSONCoding.encode($0) }
                    )
                    #expect([403, 404, 415, 422].contains(answer.status), "\(name) \(operation) \(answer.status)")
                    #expect(!answer.text.contains("Maya"))
                }
            }
        }
    }

    @Test func `the practice next door meets nobody here`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let stage = try await RecordStage(server, caller)
            let session = try await caller.post(
                "/api/v1/auth/login",
                ["username": "nora", "password": .string(TestPortal.password), "practice": "neighbor"]
            )
            let nora = Caller(client: caller.client, token: session["token"]?.text)
            #expect(session["role"]?.text == "ADMINISTRATOR")
            #expect(try await nora.get("/api/v1/therapist/caseload").text.contains("Noel"))
            #expect(!(try await nora.get("/api/v1/therapist/caseload").text.contains("Maya")))
            #expect(try await nora.get("/api/v1/therapist/alerts")["alerts"] == [])
            #expect(try await nora.get("/api/v1/clients/\(stage.ids["client"] ?? "")/assessments").status == 404)
            #expect(
                try await nora.post("/api/v1/therapist/alerts/\(stage.ids["alert"] ?? "")/acknowledge").status == 404
            )
        }
    }

    @Test func `portal access switched off ends the session with the next request`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            #expect(try await maya.get("/api/v1/portal/auth/session").status == 200)
            try await server.house.portal.accounts.setPortalEnabled(
                false,
                for: server.house.people.client.id,
                as: server.house.people.frontDesk.principal
            )
            #expect(try await maya.get("/api/v1/portal/auth/session").status == 401)
        }
    }

    @Test func `five failures lock a name, known or not, and signing out ends the session`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            for name in ["maya", "nobody"] {
                for _ in 0..<5 {
                    let answer = try await caller.post(
                        "/api/v1/portal/auth/login",
                        ["username": .string(name), "password": "wrong"]
                    )
                    #expect(answer.status == 401)
                }
                let locked = try await caller.post(
                    "/api/v1/portal/auth/login",
                    ["username": .string(name), "password": .string(TestPortal.password)]
                )
                #expect(locked.status == 423)
            }
            let jordan = try await caller.asClient("jordan")
            #expect(try await jordan.post("/api/v1/portal/auth/logout").status == 204)
            #expect(try await jordan.get("/api/v1/portal/auth/session").status == 401)
        }
    }

    @Test func `the description of the API is valid OpenAPI`() async throws {
        let document = try await TestServer().serve { caller in try await caller.get("/api/openapi.json").text }
        let file = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(document.utf8).write(to: file)
        let validator = Process()
        validator.executableURL = URL(filePath: "/usr/bin/env")
        validator.arguments = ["python3", "-m", "openapi_spec_validator", file.path]
        validator.standardOutput = FileHandle.nullDevice
        try validator.run()
        validator.waitUntilExit()
        #expect(validator.terminationStatus == 0)
    }

    @Test func `help is a page that anybody can open`() async throws {
        try await TestServer().serve { caller in
            for path in ["/", "/help-now"] {
                let page = try await caller.get(path)
                #expect(page.status == 200)
                #expect(page.text.contains("/help-now"))
            }
            #expect(try await caller.get("/help-now").text.contains("tel:988"))
        }
    }
}
