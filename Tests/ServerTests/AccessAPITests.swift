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

    /// Real ids of Maya's records, for every parameter that a path may have.
    private func ids(_ server: TestServer, _ caller: Caller) async throws -> [String: String] {
        let maya = try await caller.asClient("maya")
        let conversation = try await maya.post("/api/v1/portal/chat/conversations")
        let chat = try #require(conversation["id"]?.text)
        _ = try await maya.post("/api/v1/portal/chat/conversations/\(chat)/messages", ["text": "I want to die"])
        let assessment = try await maya.post("/api/v1/portal/assessments", ["instrument": "PHQ-9"])
        let records = try await server.house.keepRecords(
            of: server.house.people.client,
            by: server.house.people.clinician
        )
        let contact = try await maya.post(
            "/api/v1/portal/profile/emergency-contacts",
            ["name": "Rosa", "phone": "555 0177"]
        )
        let restriction = try await maya.post("/api/v1/portal/profile/restrictions", ["channel": "SMS"])
        try await server.house.drainWork()
        let people = server.house.people
        let link = try await server.house.portal.exports.link(
            to: try #require(records["export"].flatMap { ID($0) }),
            .json,
            of: people.client.id,
            as: people.client.principal
        ).link
        let cora = try await caller.asStaff("cora")
        let alert = try await cora.get("/api/v1/therapist/alerts")["alerts"]?[0]?["id"]?.text
        let notification = try await cora.get("/api/v1/therapist/portal-notifications")["notifications"]?[0]?["id"]?
            .text
        let consent = try await maya.post(
            "/api/v1/portal/family",
            ["kind": "FAMILY", "email": "sister@mail.example", "areas": ["PLAN"]]
        )
        let relationship = try await server.house.relate(
            server.house.addProxy("attorney"),
            to: server.house.people.client.id,
            as: .powerOfAttorney
        )
        let emergency = try await server.house.portal.emergencyAccess.open(
            server.house.people.client.id,
            reason: "x",
            as: server.house.people.supervisor.principal
        )
        let own = try await maya.get("/api/v1/portal/auth/sessions")
        return records.merging([
            "consent": try #require(consent["id"]?.text), "relationship": relationship.text,
            "access": emergency.id.text,
            "client": server.house.people.client.id.text, "conversation": chat,
            "assessment": try #require(assessment["id"]?.text), "alert": try #require(alert),
            "notification": try #require(notification), "article": "message-provider", "link": link, "factor": "TOTP",
            "member": server.house.people.clinician.id.text,
            // Of a claim that is not there.
            "registration": server.house.people.supervisor.id.text,
            "session": try #require(own["sessions"]?[0]?["id"]?.text),
            "device": try #require(own["devices"]?[0]?["id"]?.text),
            "contact": try #require(contact["id"]?.text), "restriction": try #require(restriction["id"]?.text),
        ]) { first, _ in first }
    }

    private func fill(_ path: String, _ ids: [String: String]) throws -> String {
        var filled = path
        for (name, id) in ids {
            // A record's id stands under its collection.
            filled = filled.replacing(
                name.contains("/") ? "\(name)/{record}" : "{\(name)}",
                with: name.contains("/") ? "\(name)/\(id)" : id
            )
        }
        try #require(!filled.contains("{"), "the test knows no id for \(path)")
        return filled
    }

    @Test func `nobody gets anything but the public pages, and every described route exists`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let ids = try await ids(server, caller)
            let operations = Self.operations(try await caller.get("/api/openapi.json").body)
            #expect(operations.count > 25)
            for operation in operations {
                let method = try #require(HTTPRequest.Method(operation.method.uppercased()))
                let answer = try await caller.send(method, try fill(operation.path, ids))
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
            let ids = try await ids(server, caller)
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
                        try fill(operation.path, ids) + (operation.path.hasSuffix("trends") ? "?instrument=PHQ-9" : "")
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
            let ids = try await ids(server, caller)
            let session = try await caller.post(
                "/api/v1/auth/login",
                ["username": "nora", "password": .string(TestPortal.password), "practice": "neighbor"]
            )
            let nora = Caller(client: caller.client, token: session["token"]?.text)
            #expect(session["role"]?.text == "ADMINISTRATOR")
            #expect(try await nora.get("/api/v1/therapist/caseload").text.contains("Noel"))
            #expect(!(try await nora.get("/api/v1/therapist/caseload").text.contains("Maya")))
            #expect(try await nora.get("/api/v1/therapist/alerts")["alerts"] == [])
            #expect(try await nora.get("/api/v1/clients/\(ids["client"] ?? "")/assessments").status == 404)
            #expect(try await nora.post("/api/v1/therapist/alerts/\(ids["alert"] ?? "")/acknowledge").status == 404)
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
