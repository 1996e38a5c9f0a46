import Foundation
import HTTPTypes
import Portal
import Support
import Testing

@testable import Server

@Suite("Rules over HTTP")
struct RuleAPITests {
    private static let base = "/api/v1/content/guardrail-rules"

    private static let source = """
        id: practice.old-mill
        tier: high
        category: suicide
        reason: People here mean a place where several died.
        patterns: ["(go|going|went) ..3 old mill"]
        hits: ["i am going to the old mill tonight"]
        misses: ["the old mill road is closed"]
        """

    private func put(_ caller: Caller, _ rule: String, _ source: String, _ match: String? = nil) async throws
        -> Caller.Answer
    {
        try await caller.send(
            .put,
            "\(Self.base)/draft/rules/\(rule)",
            bytes: try JSONCoding.encode(JSONValue.object(["screen": "CRISIS", "source": .string(source)])),
            headers: match.map { [.ifMatch: $0] } ?? [:]
        )
    }

    @Test func `staff read every rule, and put one of their own in force with a second person`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let edda = try await caller.asStaff("edda")
            let rules = try await edda.get("\(Self.base)?screen=CRISIS")
            let first = try #require(rules["items"]?[0])
            #expect(first["own"] == .boolean(false) && first["reason"]?.text?.isEmpty == false)
            #expect(
                first["file"]?.text?.hasSuffix(".yaml") == true
                    && !rules.text.contains(RepositoryRoot.appending("").path)
            )
            #expect(try await edda.get("\(Self.base)/draft").status == 404)

            let saved = try await put(edda, "practice.old-mill", Self.source, "\"0\"")
            #expect(saved.status == 200 && saved.headers[.eTag] == "\"1\"", "\(saved.text)")
            #expect(try await put(edda, "practice.old-mill", Self.source, "\"0\"").status == 412)
            let faulty = try await put(edda, "practice.other", "id: practice.other")
            #expect(faulty.status == 409 && faulty["findings"]?[0]?["remedy"] != nil, "\(faulty.text)")
            let check = try await edda.post("\(Self.base)/draft/check")
            #expect(check["blocked"] == .boolean(false) && check["needs_approval"] == .boolean(true), "\(check.text)")
            #expect(try await edda.post("\(Self.base)/draft/publish").status == 409)
            #expect(try await edda.post("\(Self.base)/draft/approve").status == 404)
            let cora = try await caller.asStaff("cora")
            #expect(try await cora.post("\(Self.base)/draft/approve")["state"]?.text == "APPROVED")
            let version = try await edda.post("\(Self.base)/draft/publish")
            #expect(version["version"] == 1, "\(version.text)")
            let live = try await edda.get(Self.base)
            #expect(live["version"] == 1 && live["rules_version"] == version["rules_version"])
            #expect(live.text.contains("practice.old-mill"))

            let maya = try await caller.asClient("maya")
            #expect(try await maya.get(Self.base).status == 403)
            let chat = try #require(try await maya.post("/api/v1/portal/chat/conversations")["id"]?.text)
            let answer = try await maya.post(
                "/api/v1/portal/chat/conversations/\(chat)/messages",
                ["text": "going to old mill"]
            )
            #expect(answer["decision"]?.text == "crisis", "\(answer.text)")
        }
    }

    @Test func `a page is sent as a file and comes back as a draft`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let edda = try await caller.asStaff("edda")
            let page = Array("<h1>Parking</h1><p onclick=x>Park behind the house. Ni".utf8) + [0xF1, 0x6F]
            let answer = try await edda.send(
                .post,
                "/api/v1/content/resources/import?file=parking.html",
                bytes: page,
                headers: [.contentType: "text/html"]
            )
            #expect(answer.status == 201 && answer["article"]?.text == "parking", "\(answer.text)")
            #expect(answer["draft"]?["source"]?.text?.contains("Niño") == true)
            #expect(answer["dropped"]?[0]?["message"]?.text?.contains("onclick") == true)
            #expect(answer["check"]?["blocked"] == .boolean(true))
            let none = try await edda.send(
                .post,
                "/api/v1/content/resources/import",
                bytes: [],
                headers: [.contentType: "text/html"]
            )
            #expect(none.status == 422, "\(none.text)")
            #expect(
                try await caller.asClient("maya").send(.post, "/api/v1/content/resources/import", bytes: page).status
                    == 403
            )
        }
    }
}
