import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Server

@Suite struct HTTPBodyTests {
    @Test(arguments: [
        (
            #"{"text": 5, "is_anonymous": "no", "score": "3"}"#,
            ["/text should be a text", "/is_anonymous should be true or false", "/score should be a whole number"]
        ),
        (#"{}"#, ["/text is missing", "/is_anonymous is missing", "/score is missing"]),
        (#"{"text": null, "is_anonymous": false, "score": 1}"#, ["/text should be a text"]),
        (#"{"text": "a", "is_anonymous": false, "score": 1.5}"#, ["/score should be a whole number"]),
        (#"{"text": "a", "is_anonymous": false, "score": 9223372036854775808}"#, ["/score should be a whole number"]),
        (#"{"text": "a", "is_anonymous": false, "score": 1e400}"#, ["/score should be a whole number"]),
        (#"{"text": "a", "is_anonymous": false, "score": 1, "mood": "GODO"}"#, ["/mood is none of the choices"]),
        (
            #"{"text": "a", "is_anonymous": false, "score": 1, "reply_to_id": "7"}"#,
            ["/reply_to_id should be an id: a UUID of 36 characters"]
        ),
        (
            #"{"text": "a", "is_anonymous": false, "score": 1, "asked_at": "2026-01-01"}"#,
            ["/asked_at should be a whole number"]
        ),
        (
            #"{"text": "a", "is_anonymous": false, "score": 1, "places": [{"latitude": 1}, {"latitude": "x"}, {}]}"#,
            ["/places/1/latitude should be a number", "/places/2/latitude is missing"]
        ),
        (
            #"{"text": "a", "is_anonymous": false, "score": 1, "places": [{"latitude": 1e999}]}"#,
            ["/places/0/latitude is a number too large to hold"]
        ),
        (
            #"{"text": "a", "is_anonymous": false, "score": 1, "labels": {"a/b~c": "x"}}"#,
            ["/labels/a~1b~0c should be a whole number"]
        ),
        (#"{"text": "a\u0000b", "is_anonymous": false, "score": 1}"#, ["/text holds the character U+0000"]),
        (
            #"{"text": "a", "isAnonymous": false, "score": 1}"#,
            ["/is_anonymous is missing", "/isAnonymous `isAnonymous` is not known here"]
        ),
        (#"[]"#, [" should be an object"]),
        (#""text""#, [" should be an object"]),
    ])
    func `every field that is wrong is named`(body: String, errors: [String]) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.ask(body)
            #expect(answer.status == 422)
            #expect(answer.problem == "invalid")
            #expect(answer.errors == errors)
            #expect(answer.remedies.count == errors.count)
        }
    }

    @Test(arguments: [
        (#"{"text": "a", "is_anonymous": false, "score": 1, "mod": "LOW"}"#, "Did you mean `mood`?"),
        (#"{"text": "a", "is_anonymous": false, "score": 1, "mood": "LOV"}"#, "Did you mean `LOW`?"),
        (#"{"text": "a", "is_anonymous": false, "score": 1, "mood": "great"}"#, "Choose one of: LOW, FAIR, GOOD"),
        (#"{"text": "a", "is_anonymous": false}"#, "Add `score`: a whole number"),
        (#"{"text": "a", "is_anonymous": false, "score": "1"}"#, "Write digits without quotes, such as 2"),
    ])
    func `what is wrong comes with a remedy`(body: String, remedy: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.ask(body)
            #expect(answer.remedies == [remedy])
        }
    }

    @Test func `what was sent is never sent back`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.ask(
                #"{"text": 1, "mood": "I-AM-SAD", "is_anonymous": "SECRET", "score": "SECRET"}"#
            )
            #expect(answer.status == 422)
            #expect(!answer.text.contains("SAD") && !answer.text.contains("SECRET"))
        }
    }

    @Test(arguments: [
        (#"{"text": }"#, "line 1, column 10"),
        ("{\n  \"text\": \"a\",\n  oops\n}", "line 3, column 3"),
        (#"{"text": "a"} trailing"#, "line 1, column 15"),
        (#"{"value": NaN}"#, "line 1, column 11"),
        (#"{"value": 01}"#, "line 1, column 12"),
        (#"{"value": 1, "value": 2}"#, "appears twice in one object, at line 1, column 14"),
        (#"{"value": "\ud800"}"#, "Half a surrogate pair, at line 1, column 12"),
        (#"{"value": "\udc00\ud800"}"#, "Half a surrogate pair"),
        ("", "The text ends"),
    ])
    func `what is no JSON is a 400 problem that says where`(body: String, place: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.post, "/api/v1/echo", json: body)
            #expect(answer.status == 400)
            #expect(answer.problem == "malformed-json")
            #expect(answer.json["detail"]?.text?.contains(place) == true, "\(answer.text)")
        }
    }

    @Test func `bytes that are not UTF-8 are a 400 problem`() async throws {
        try await Toy.application().test(.router) { client in
            let bytes = Array(#"{"value": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
            let answer = try await client.send(
                .post,
                "/api/v1/echo",
                bytes: bytes,
                headers: [.contentType: "application/json"]
            )
            #expect(answer.status == 400)
            #expect(answer.problem == "malformed-json")
        }
    }

    @Test(arguments: ["[", "{\"value\":"])
    func `a hundred thousand brackets are refused, not crashed on`(bracket: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.post, "/api/v1/echo", json: String(repeating: bracket, count: 20_000))
            #expect(answer.status == 400)
            #expect(answer.json["detail"]?.text?.contains("deeper than 64 levels") == true)
            let huge = try await client.send(
                .put,
                "/api/v1/clients/x",
                as: "account",
                json: String(repeating: bracket, count: 100_000)
            )
            #expect(huge.status == 413)
        }
        #expect(throws: JSONFault.self) { try JSONCoding.parse(String(repeating: bracket, count: 100_000).utf8) }
    }

    @Test(arguments: [
        (nil as String?, 415), ("text/plain", 415), ("application/json; charset=iso-8859-1", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json", 200), ("Application/JSON; charset=UTF-8", 200),
        (#"application/json;charset="utf-8""#, 200),
    ])
    func `a body has to say that it is JSON`(type: String?, status: Int) async throws {
        try await Toy.application().test(.router) { client in
            var headers = HTTPFields()
            headers[.contentType] = type
            let answer = try await client.send(
                .post,
                "/api/v1/echo",
                bytes: Array(#"{"value": 1}"#.utf8),
                headers: headers
            )
            #expect(answer.status == status)
            #expect(answer.problem == (status == 415 ? "unsupported-media-type" : nil))
        }
    }

    @Test func `a body at the limit is read, and one beyond it refused`() async throws {
        @Sendable func body(_ length: Int) -> String {
            #"{"value":""# + String(repeating: "x", count: length - 12) + #""}"#
        }
        try await Toy.application().test(.router) { client in
            for (limit, path, token) in [
                (256 * 1024, "/api/v1/echo", "account"), (1024, "/api/v1/clients/\(Toy.thread)", "account"),
            ] {
                let method: HTTPRequest.Method = path.hasSuffix("echo") ? .post : .put
                #expect(try await client.send(method, path, as: token, json: body(limit)).status < 300)
                let refused = try await client.send(method, path, as: token, json: body(limit + 1))
                #expect(refused.status == 413)
                #expect(refused.problem == "too-large")
            }
        }
    }

    @Test func `ten megabytes are refused over a real connection, which goes on working`() async throws {
        try await Toy.application().test(.live) { client in
            let body = #"{"value":""# + String(repeating: "x", count: 10 * 1024 * 1024) + #""}"#
            let refused = try await client.send(.post, "/api/v1/echo", json: body)
            #expect(refused.status == 413)
            let next = try await client.send(.post, "/api/v1/echo", json: #"{"value": 1}"#)
            #expect(next.status == 200)
        }
    }

    @Test func `an upload comes as it is, up to its limit`() async throws {
        try await Toy.application().test(.router) { client in
            let bytes = [UInt8](repeating: 0xFF, count: 64)
            let answer = try await client.send(
                .post,
                "/api/v1/uploads",
                bytes: bytes,
                headers: [.contentType: "image/png"]
            )
            #expect(answer.status == 201)
            #expect(answer.json == 64)
            #expect(try await client.send(.post, "/api/v1/uploads", bytes: bytes + [0]).status == 413)
        }
    }

    @Test(arguments: [
        (nil as String?, "en"), ("es", "es"), ("es-MX,es;q=0.9,en;q=0.5", "es"), ("en;q=0.2, es;q=0.7", "es"),
        ("fr, de", "en"), ("es;q=0, en", "en"), ("en, es", "en"), ("*", "en"), (";;,,q=", "en"),
    ])
    func `the language is the best of ours for the client`(accepted: String?, language: String) async throws {
        try await Toy.application().test(.router) { client in
            var headers = HTTPFields()
            headers[.acceptLanguage] = accepted
            let answer = try await client.ask(#"{"text": "a", "is_anonymous": false, "score": 1}"#, headers: headers)
            #expect(answer.json["language"]?.text == language)
        }
    }

    @Test(arguments: [
        (["127.0.0.1", "::1"], "10.0.0.1, 203.0.113.9", "203.0.113.9" as String?),
        (["127.0.0.0/8", "::1"], "1.2.3.4, nonsense", "127.0.0.1"),
        (["192.0.2.1"], "203.0.113.9", "127.0.0.1"), ([], "203.0.113.9", "127.0.0.1"),
    ])
    func `the client's address is believed from a proxy of one's own only`(
        proxies: [String],
        forwarded: String,
        address: String?
    ) async throws {
        var options = HTTPServerOptions()
        options.trustedProxies = proxies.compactMap { AddressBlock($0) }
        try await Toy.application(options: options).test(.live) { client in
            var headers = HTTPFields()
            headers[named: "X-Forwarded-For"] = forwarded
            let answer = try await client.ask(#"{"text": "a", "is_anonymous": false, "score": 1}"#, headers: headers)
            let ip = answer.json["ip"]?.text
            // The machine may call itself by either family.
            #expect(ip == address || (address == "127.0.0.1" && ip == "::1"))
        }
    }
}
