import HTTPTypes
import HummingbirdTesting
import Records
import Testing

@testable import Server

@Suite struct HTTPAccessTests {
    @Test(arguments: [
        (nil as String?, 401, "not-signed-in", "Bearer" as String?),
        ("Bearer expired", 401, "not-signed-in", #"Bearer error="invalid_token""#),
        ("Bearer ", 401, "not-signed-in", "Bearer"),
        ("Basic YTpi", 401, "not-signed-in", "Bearer"),
        ("Bearer account", 403, "forbidden", nil),
        ("Bearer BILLING", 403, "forbidden", nil),
        ("Bearer broken", 503, "busy", nil),
    ])
    func `who is not let in learns why`(field: String?, status: Int, problem: String, challenge: String?) async throws {
        try await Toy.application().test(.router) { client in
            var headers = HTTPFields()
            headers[.authorization] = field
            let answer = try await client.send(.get, "/api/v1/clients", headers: headers)
            #expect(answer.status == status)
            #expect(answer.problem == problem)
            #expect(answer.headers[.wwwAuthenticate] == challenge)
        }
    }

    @Test(arguments: ["bearer CLINICIAN", "Bearer ADMINISTRATOR", "BEARER  CLINICIAN"])
    func `the roles that an endpoint names are let in`(field: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/clients", headers: [.authorization: field])
            #expect(answer.status == 200)
        }
    }

    @Test func `staff have no business on a client's endpoint`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(
                .post,
                "/api/v1/portal/chat/threads/\(Toy.thread)/messages",
                as: "ADMINISTRATOR",
                json: "{}"
            )
            #expect(answer.status == 403)
        }
    }

    @Test func `a public endpoint does not look at the token`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/health/live", as: "broken")
            #expect(answer.status == 200)
        }
    }

    @Test func `nobody's body is read before they are let in`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(
                .post,
                "/api/v1/portal/chat/threads/\(Toy.thread)/messages",
                json: "not json"
            )
            #expect(answer.status == 401)
        }
    }

    @Test func `an endpoint's caller is who the token stands for`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.ask(#"{"text": "Hello", "is_anonymous": false, "score": 3}"#)
            #expect(answer.status == 201)
            #expect(answer.json["account_id"]?.text == Toy.account.text)
            #expect(answer.json["thread_id"]?.text == Toy.thread)
        }
    }
}
