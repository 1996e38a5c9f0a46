import HTTPTypes
import HummingbirdTesting
import Support
import Testing

@testable import Server

/// Requests that another site makes a browser send (SEC-07).
@Suite("Forged requests")
struct ForgeryTests {
    private let path = "/api/v1/portal/chat/conversations"

    @Test func `a change by cookie takes the token of this very session`() async throws {
        try await TestServer().serve(.live) { caller in
            let (browser, other) = (Browser(caller.client), Browser(caller.client))
            try await browser.signIn("maya")
            try await other.signIn("maya")
            let foreign = try #require(other.antiForgeryToken)
            let own = try #require(browser.antiForgeryToken)
            for token in ["", "x", foreign, String(own.dropLast()), own + "A", own.uppercased()] {
                let answer = try await browser.send(.post, path, token: token)
                #expect(answer.status == 403, "\(token)")
                #expect(answer.problem == "anti-forgery")
            }
            #expect(try await browser.send(.get, path).json["items"] == [], "nothing was done")
            #expect(try await browser.send(.post, path).status == 201)
            #expect(try await browser.send(.get, path, token: "").status == 200, "reading takes none")
        }
    }

    @Test func `the token outlives renewals and can be had from the session`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            for _ in 0..<3 {
                server.house.clock.advance(.minutes(1))
                let answer = try await browser.send(.get, "/api/v1/portal/auth/session")
                #expect(answer.json["csrf_token"]?.text == browser.antiForgeryToken)
            }
            #expect(try await browser.send(.post, path).status == 201)
        }
    }

    @Test(arguments: [
        ("cross-site", "http://localhost"), ("same-site", "http://localhost"), ("same-origin", "http://evil.example"),
        ("", "http://evil.example"), ("", "null"), ("", "http://localhost.evil.example"), ("", "http://localhost:81"),
        ("", "ftp://localhost"), ("cross-site", ""),
    ])
    func `a change that comes from elsewhere is refused, even with the token`(site: String, origin: String) async throws
    {
        try await TestServer().serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            var headers: HTTPFields = [.origin: origin]
            headers[named: "Sec-Fetch-Site"] = site
            let answer = try await browser.send(.post, path, headers: headers)
            #expect(answer.status == 403)
            #expect(answer.problem == "foreign-site")
            let before = browser.session
            #expect(try await browser.send(.post, path).status == 201)
            #expect(before != nil)
        }
    }

    @Test func `nobody can be signed in from another site`() async throws {
        try await TestServer().serve(.live) { caller in
            let json = #"{"username": "maya", "password": "\#(TestPortal.password)", "cookie": true}"#
            let login = "/api/v1/portal/auth/login"
            let foreign = try await caller.client.send(
                .post,
                login,
                json: json,
                headers: [.origin: "https://evil.example"]
            )
            #expect(foreign.status == 403)
            #expect(foreign.headers[.setCookie] == nil)
            let form = try await caller.client.send(
                .post,
                login,
                json: json,
                headers: [.contentType: "text/plain"]
            )
            #expect(form.status == 415, "what a form can send is not taken")
            #expect(try await caller.client.send(.post, login, json: json).status == 200, "a program says no origin")
        }
    }

    @Test func `a bearer token needs none of it`() async throws {
        try await TestServer().serve(.live) { caller in
            let token = try await caller.asClient("maya").token
            let answer = try await caller.client.send(
                .post,
                path,
                as: token,
                headers: [.origin: "https://elsewhere.example"]
            )
            #expect(answer.status == 201)
        }
    }

    @Test func `where only HTTPS is spoken, an origin in plain HTTP is another site`() throws {
        let headers: HTTPFields = [.origin: "http://portal.example"]
        #expect(throws: Problem.self) {
            try ForgeryDefence.checkSite(headers, host: "portal.example", isStrict: true)
        }
        try ForgeryDefence.checkSite([.origin: "https://Portal.example"], host: "portal.example", isStrict: true)
        try ForgeryDefence.checkSite(headers, host: "portal.example", isStrict: false)
        #expect(throws: Problem.self) { try ForgeryDefence.checkSite(headers, host: nil, isStrict: false) }
    }
}
