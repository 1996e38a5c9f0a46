import HTTPTypes
import Portal
import Records
import Store
import Support
import Testing

@testable import Server

@Suite("Terms that were not accepted")
struct TermsTests {
    private static let terms = "/api/v1/portal/account/terms"

    /// What an account may do before it has accepted the terms, and nothing else.
    private static let open: Set<String> = [
        // The terms themselves.
        "GET /api/v1/portal/account/terms", "POST /api/v1/portal/account/terms",
        // Somebody in danger is not asked for terms first.
        "GET /api/v1/portal/chat/conversations", "POST /api/v1/portal/chat/conversations",
        "GET /api/v1/portal/chat/conversations/{conversation}",
        "POST /api/v1/portal/chat/conversations/{conversation}/messages",
        "GET /api/v1/portal/chat/messages/{message}/quoted",
        // Seeing who is signed in with one's name, and ending it. Staff use the second door.
        "POST /api/v1/portal/auth/logout", "GET /api/v1/portal/auth/session", "POST /api/v1/portal/auth/session/touch",
        "GET /api/v1/portal/auth/sessions", "POST /api/v1/portal/auth/sessions/end-others",
        "POST /api/v1/portal/auth/sessions/end-all", "DELETE /api/v1/portal/auth/sessions/{session}",
        "DELETE /api/v1/portal/auth/devices/{device}",
        "POST /api/v1/auth/logout", "GET /api/v1/auth/session", "POST /api/v1/auth/session/touch",
        "GET /api/v1/auth/sessions", "POST /api/v1/auth/sessions/end-others", "POST /api/v1/auth/sessions/end-all",
        "DELETE /api/v1/auth/sessions/{session}", "DELETE /api/v1/auth/devices/{device}",
    ]

    @discardableResult
    private func publish(_ server: TestServer, _ locale: String = "en") async throws -> ID<LegalDocument> {
        try await server.house.portal.terms.publish(
            .terms,
            locale: locale,
            title: "Terms",
            body: "Be kind.",
            as: server.house.people.administrator.principal
        ).id
    }

    private static func isRefused(_ answer: Caller.Answer) -> Bool {
        answer.status == 403 && answer["type"]?.text == "urn:bellwether:problem:terms-required"
    }

    @Test func `who has not accepted them is served nowhere but where they must be, endpoint by endpoint`() async throws
    {
        let server = try await TestServer()
        try await publish(server)
        try await server.serve { caller in
            var maya = try await caller.asClient("maya")
            var seen: Set<String> = []
            for endpoint in PortalAPI.endpoints(server.house.portal) where endpoint.facts.rule.isForAccounts {
                let name = "\(endpoint.facts.method) \(endpoint.facts.path)"
                let path = endpoint.facts.path.replacing(
                    /\{[^}]*\}/,
                    with: server.house.surroundings.newID(Client.self).text
                )
                let answer = try await maya.send(endpoint.facts.method, path, bytes: Array("{}".utf8))
                #expect(Self.isRefused(answer) != Self.open.contains(name), "\(name) \(answer.status)")
                #expect(answer.status != 401, "\(name)")
                if Self.open.contains(name) {
                    seen.insert(name)
                    #expect((endpoint.facts.reasonToServeFirst ?? "").count > 20, "\(name)")
                    // It may have ended the session.
                    maya = try await caller.asClient("maya")
                }
            }
            #expect(seen == Self.open)
        }
    }

    @Test func `somebody in danger is heard and helped before they have accepted anything`() async throws {
        let server = try await TestServer()
        try await publish(server)
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let opened = try await maya.post("/api/v1/portal/chat/conversations")
            #expect(opened.status == 201)
            let answer = try await maya.post(
                "/api/v1/portal/chat/conversations/\(opened["id"]?.text ?? "")/messages",
                ["text": "I want to kill myself tonight"]
            )
            #expect(answer.status == 200)
            #expect(answer["crisis_panel"]?["resources"]?[0] != nil)
            #expect(try await caller.get("/help-now").status == 200)
        }
        #expect(try await server.house.count("SELECT COUNT(*) AS count FROM compliance_alerts") == 1)
    }

    @Test func `the refusal leads to the terms and to help, and accepting them opens the rest`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            #expect(try await maya.get("/api/v1/portal/profile").status == 200)
            let id = try await publish(server)
            let refused = try await maya.get("/api/v1/portal/profile")
            #expect(Self.isRefused(refused), "the session that was open is asked, too")
            #expect(refused["terms"]?.text == Self.terms)
            #expect(refused.headers[named: "Link"] == "<\(Self.terms)>; rel=\"terms-of-service\"")
            #expect(refused["documents"]?[0]?["id"]?.text == id.text)
            #expect(refused["documents"]?[0]?["kind"] == "TERMS" && refused["documents"]?[0]?["version"] == 1)
            #expect(refused["crisis_resources"]?["resources"]?[0] != nil)
            #expect(try await maya.get(Self.terms)["documents"]?[0]?["body"] == "Be kind.")
            #expect(try await maya.post(Self.terms, ["documents": [.string(id.text)]]).status == 204)
            #expect(try await maya.get("/api/v1/portal/profile").status == 200)
            let jordan = try await caller.asClient("jordan")
            #expect(Self.isRefused(try await jordan.get("/api/v1/portal/profile")), "each for themselves")
            #expect(try await caller.asStaff("cora").get("/api/v1/auth/mfa").status == 200, "staff have no terms")
            let noel = try await caller.post(
                "/api/v1/portal/auth/login",
                ["username": "noel", "password": .string(TestPortal.password), "practice": "neighbor"]
            )
            let neighbor = Caller(client: caller.client, token: noel["token"]?.text)
            #expect(try await neighbor.get("/api/v1/portal/profile").status == 200, "the practice next door")
        }
    }

    @Test func `the documentation says where the terms come first`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let paths = try await caller.get("/api/openapi.json")["paths"]
            func refusals(_ path: String) -> String {
                paths?[path]?["get"]?["responses"]?["403"]?["description"]?.text ?? ""
            }
            #expect(refusals("/api/v1/portal/profile").contains("terms-required"))
            #expect(!refusals("/api/v1/portal/chat/conversations").contains("terms-required"))
            #expect(!refusals("/api/v1/admin/policy").contains("terms-required"))
        }
    }
}
