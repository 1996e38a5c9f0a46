import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Server

@Suite struct HTTPRoutingTests {
    @Test func `a path that nothing answers is a 404 problem`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/nothing/here")
            #expect(answer.status == 404)
            #expect(answer.problem == "not-found")
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.json["status"] == 404)
        }
    }

    @Test(arguments: [
        ("/api/v1/clients/\(Toy.thread)", "GET", "DELETE, PUT"),
        ("/api/v1/clients/all", "DELETE", "GET, HEAD"),
        ("/api/v1/clients", "POST", "GET, HEAD"),
        ("/api/v1/clients/", "PATCH", "GET, HEAD"),
        ("/health/live", "BREW", "GET, HEAD"),
        ("/api/v1/portal/calendar/abc.ics", "OPTIONS", "GET, HEAD"),
    ])
    func `a method that the path has not is a 405 problem that says which it has`(
        path: String,
        method: String,
        allowed: String
    ) async throws {
        let method = try #require(HTTPRequest.Method(rawValue: method))
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(method, path)
            #expect(answer.status == 405)
            #expect(answer.problem == "method-not-allowed")
            #expect(answer.headers[.allow] == allowed)
        }
    }

    @Test func `a trailing slash changes nothing`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/health/live/")
            #expect(answer.status == 200)
            #expect(answer.json == ["state": "ok"])
        }
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await Toy.application().test(.live) { client in
            let get = try await client.send(.get, "/health/live")
            let head = try await client.send(.head, "/health/live")
            #expect(head.status == 200)
            #expect(head.text.isEmpty)
            #expect(head.headers[.contentLength] == get.headers[.contentLength])
            #expect(head.headers[.contentType] == "application/json")
        }
    }

    @Test func `a literal goes before a parameter`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/clients/all", as: "BILLING")
            #expect(answer.json == "BILLING")
        }
    }

    @Test func `a malformed id is as unknown as an unknown one`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.delete, "/api/v1/clients/nobody", as: "BILLING")
            #expect(answer.status == 404)
            #expect(answer.problem == "not-found")
            #expect(try await client.send(.delete, "/api/v1/clients/\(Toy.thread)", as: "BILLING").status == 204)
        }
    }

    @Test func `a parameter is decoded, and one that is no text names nothing`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/faults/a%20b%C3%A9")
            #expect(answer.json == "a bé")
            for nameless in ["%FF", "%00"] {
                let answer = try await client.send(.get, "/api/v1/faults/\(nameless)")
                #expect(answer.status == 404)
            }
        }
    }

    @Test func `media go out under their own type and a safe name`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/portal/calendar/t0ken.ics")
            #expect(answer.text == "BEGIN:VCALENDAR t0ken")
            #expect(answer.headers[.contentType] == "text/calendar; charset=utf-8")
            #expect(
                answer.headers[.contentDisposition] == "attachment; filename*=UTF-8''my%20%22calendar%22.ics"
            )
        }
    }

    @Test func `a reply carries its own status and fields`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(
                .put,
                "/api/v1/clients/\(Toy.thread)",
                as: "account",
                json: #"{"value": [1, "b"]}"#
            )
            #expect(answer.status == 202)
            #expect(answer.headers[.eTag] == "\"7\"")
            #expect(answer.json == ["value": [1, "b"]])
        }
    }

    private static func endpoint(_ method: HTTPRequest.Method, _ path: String) -> Endpoint {
        Route(method, path, "x", access: .anyone).returnsNothing { _ in }
    }

    @Test(arguments: [
        (["/a/b", "/a/b"], "declared 2 times"),
        (["/a/{x}", "/a/{y}"], "stand at the same place"),
        (["/a/{x}", "/a/{y}/c"], "stand at the same place"),
        (["a/b"], "no path template"),
        (["/a/b/"], "no path template"),
        (["/a/{b"], "no path template"),
        (["/a/x{b}"], "no path template"),
        (["/a/{b}/{b}"], "no path template"),
        (["/a/*"], "no path template"),
        (["/a-b/c", "/a/b/c"], "would both be the operation getABC"),
    ])
    func `declarations that contradict each other are an error at start-up`(paths: [String], fault: String) {
        let error = #expect(throws: DeclarationFaults.self) {
            try buildRouter(endpoints: paths.map { Self.endpoint(.get, $0) }, authenticate: { _, _, _ in nil })
        }
        #expect(error?.description.contains(fault) == true, "\(String(describing: error))")
    }

    @Test func `two types cannot share a name in the documentation`() throws {
        let error = #expect(throws: DeclarationFaults.self) { try API(namesakes()) }
        #expect(error?.descriptions.count == 2)
        #expect(error?.description.contains("would both be called AskRequest") == true)
        #expect(error?.description.contains("Problem is the name of what errors look like") == true)
    }

    @Test func `all faults of the declarations are told at once`() throws {
        let error = #expect(throws: DeclarationFaults.self) {
            try API([Self.endpoint(.get, "a"), Self.endpoint(.get, "/b"), Self.endpoint(.get, "/b")])
        }
        #expect(error?.descriptions.count == 2)
    }
}

/// Endpoints whose types bear names that are taken.
private func namesakes() -> [Endpoint] {
    struct AskRequest: Codable { let other: Int }
    struct Problem: Codable { let other: Int }
    func endpoint<Body: Codable & Sendable>(_ path: String, _ body: Body.Type) -> Endpoint {
        Route(.post, path, "x", access: .anyone).body(body).returnsNothing { _ in }
    }
    return [
        endpoint("/a", AskRequest.self), endpoint("/b", ServerTests.AskRequest.self), endpoint("/c", Problem.self),
    ]
}
