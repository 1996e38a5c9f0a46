import HTTPTypes
import HummingbirdTesting
import Records
import Support
import Testing

@testable import Server

/// How many requests are taken (SEC-08).
@Suite("Limits of requests")
struct RateLimitTests {
    private func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_000_000 + seconds * 1000) }

    @Test func `so many at once, then so many a minute`() {
        let limiter = RateLimiter()
        let rate = RateLimits.Rate(burst: 3, perMinute: 6)
        let take = { (second: Int64) in
            limiter.take(.general, by: .person("maya"), rate, at: moment(second))
        }
        #expect([take(0), take(0), take(0)].map(\.remaining) == [2, 1, 0])
        let refused = take(0)
        #expect(!refused.isTaken && refused.retryAfter == 10)
        #expect(!take(9).isTaken)
        #expect(take(10).isTaken)
        #expect(!take(10).isTaken)
        #expect([take(100), take(100), take(100), take(100)].map(\.isTaken) == [true, true, true, false])
        #expect(!take(50).isTaken, "a clock that was set back fills nothing")
    }

    @Test func `what one does is counted for nobody else, and one thing not for another`() {
        let limiter = RateLimiter()
        let rate = RateLimits.Rate(burst: 1, perMinute: 1)
        #expect(limiter.take(.chat, by: .person("maya"), rate, at: moment(0)).isTaken)
        #expect(!limiter.take(.chat, by: .person("maya"), rate, at: moment(0)).isTaken)
        #expect(limiter.take(.chat, by: .person("jordan"), rate, at: moment(0)).isTaken)
        #expect(limiter.take(.general, by: .person("maya"), rate, at: moment(0)).isTaken)
    }

    @Test func `however many strangers come, no more is kept, and who was refused stays refused`() {
        let limiter = RateLimiter(capacity: 100)
        let rate = RateLimits.Rate(burst: 2, perMinute: 1)
        for _ in 0..<3 { _ = limiter.take(.signIn, by: .person("guesser"), rate, at: moment(0)) }
        for number in 0..<10_000 {
            _ = limiter.take(.signIn, by: .person("stranger \(number)"), rate, at: moment(1))
            #expect(limiter.count <= 100)
        }
        #expect(!limiter.take(.signIn, by: .person("guesser"), rate, at: moment(1)).isTaken)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.2", false), ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", false), ("::ffff:192.0.2.1", "192.0.2.1", true),
    ])
    func `an IPv6 connection is one place, whatever address it chooses`(one: String, other: String, isSame: Bool) throws
    {
        let (one, other) = (try #require(NetworkAddress(one)), try #require(NetworkAddress(other)))
        #expect((one.place == other.place) == isSame)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.128/25", "10.1.2.200", true),
        ("10.1.2.128/25", "10.1.2.100", false), ("0.0.0.0/0", "203.0.113.1", true), ("0.0.0.0/0", "::1", false),
        ("::1", "::1", true), ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
        ("127.0.0.1", "127.0.0.2", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
    ])
    func `a block holds the addresses that begin as it does`(block: String, address: String, isIn: Bool) throws {
        let block = try #require(AddressBlock(block))
        #expect(block.contains(try #require(NetworkAddress(address))) == isIn)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "proxy", "::/129", "1.2.3.4/8/8"])
    func `what is no block is none`(text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test(arguments: [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"), ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.0.0.7"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"), ("10.0.0.1", ["1.1.1.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, nonsense, 10.0.0.7"], "10.0.0.7"), ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1,"], "10.0.0.1"),
    ])
    func `the client is the last one that no proxy of one's own put there`(
        peer: String,
        forwarded: [String],
        client: String
    ) throws {
        let found = Exchange.clientAddress(
            peer: NetworkAddress(peer),
            forwarded: forwarded,
            trusting: [try #require(AddressBlock("10.0.0.0/8"))]
        )
        #expect(found?.description == client)
    }

    // MARK: - Over HTTP

    private func limits(_ change: (inout RateLimits) -> Void) -> RateLimits {
        var limits = RateLimits()
        change(&limits)
        return limits
    }

    @Test func `guessing is slowed down by address, whatever names and headers are tried`() async throws {
        let server = try await TestServer(rateLimits: limits { $0.signIn = .init(burst: 4, perMinute: 4) })
        try await server.serve(.live) { caller in
            func guess(_ number: Int) async throws -> ToyAnswer {
                var headers: HTTPFields = [:]
                headers[named: "X-Forwarded-For"] = "203.0.113.\(number)"
                return try await caller.client.send(
                    .post,
                    "/api/v1/portal/auth/login",
                    json: #"{"username": "name \#(number)", "password": "x"}"#,
                    headers: headers
                )
            }
            for number in 0..<4 {
                let answer = try await guess(number)
                #expect(answer.status == 401)
            }
            let refused = try await guess(5)
            #expect(refused.status == 429)
            #expect(refused.problem == "too-many-requests")
            #expect(refused.headers[.retryAfter] == "15")
            #expect(refused.headers[named: "RateLimit-Policy"] == #""sign-in";q=4;w=60"#)
            #expect(refused.headers[named: "RateLimit"] == #""sign-in";r=0;t=15"#)
            #expect(try await caller.get("/health/live").status == 200, "reading is counted apart")
            server.house.clock.advance(.seconds(15))
            #expect(try await guess(6).status == 401)
        }
    }

    @Test func `a person's requests are counted wherever they come from`() async throws {
        let server = try await TestServer(rateLimits: limits { $0.general = .init(burst: 3, perMinute: 60) })
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let again = try await caller.asClient("maya")
            let path = "/api/v1/portal/auth/session"
            for one in [maya, again, maya] {
                let answer = try await one.get(path)
                #expect(answer.status == 200)
            }
            #expect(try await maya.get(path).status == 429)
            #expect(try await again.get(path).status == 429)
            #expect(try await caller.asClient("jordan").get(path).status == 200)
            server.house.clock.advance(.seconds(1))
            #expect(try await maya.get(path).status == 200)
        }
    }

    @Test func `a chat message that is one too many is answered with where help is`() async throws {
        let server = try await TestServer(rateLimits: limits { $0.chat = .init(burst: 2, perMinute: 1) })
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let chat = try #require(try await maya.post("/api/v1/portal/chat/conversations")["id"]?.text)
            let path = "/api/v1/portal/chat/conversations/\(chat)/messages"
            #expect(try await maya.post(path, ["text": "Where is my bill?"]).status == 200)
            let refused = try await maya.post(path, ["text": "I want to die"])
            #expect(refused.status == 429)
            #expect(refused["crisis_resources"]?["resources"] != nil)
            #expect(refused.text.contains("988"))
            #expect(refused.headers[.retryAfter] == "60")
        }
    }

    @Test func `every endpoint is of the class that fits it`() async throws {
        let server = try await TestServer()
        let classes = Dictionary(
            grouping: PortalAPI.endpoints(server.house.portal).map(\.facts),
            by: \.rateClass
        ).mapValues { $0.map(\.path) }
        #expect(classes[.signIn]?.contains("/api/v1/portal/auth/login") == true)
        #expect(classes[.signIn]?.contains("/api/v1/auth/login") == true)
        #expect(classes[.chat]?.contains("/api/v1/portal/chat/conversations/{conversation}/messages") == true)
        #expect(classes[.public]?.contains("/health/ready") == true)
        #expect(classes[.general]?.contains("/api/v1/portal/auth/sessions") == true)
    }
}
