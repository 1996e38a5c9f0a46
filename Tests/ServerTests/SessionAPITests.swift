import Foundation
import HTTPTypes
import HummingbirdTesting
import Portal
import Records
import Support
import Testing

@testable import Server

/// Sessions in cookies and as bearer tokens, over a real socket.
@Suite("Sessions over HTTP")
struct SessionAPITests {
    private let session = "/api/v1/portal/auth/session"

    @Test func `a browser's session is in a cookie that no script and no other site can get at`() async throws {
        try await TestServer().serve(.live) { caller in
            let browser = Browser(caller.client)
            let answer = try await browser.signIn("maya")
            #expect(answer.status == 200)
            #expect(answer.json["token"] == nil)
            #expect(answer.json["csrf_token"]?.text != nil)
            let cookies = answer.headers[values: .setCookie]
            #expect(cookies.count == 2)
            let own = try #require(cookies.first { $0.hasPrefix("__Host-bellwether=") })
            for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] { #expect(own.contains(part)) }
            #expect(!own.contains("Domain") && !own.contains("Max-Age"))
            let device = try #require(cookies.first { $0.hasPrefix("__Host-bellwether-device=") })
            for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] { #expect(device.contains(part)) }
            #expect(try await browser.send(.get, session).status == 200)
        }
    }

    @Test func `a program's session is a token, and no cookie is set`() async throws {
        try await TestServer().serve(.live) { caller in
            let answer = try await caller.client.send(
                .post,
                "/api/v1/portal/auth/login",
                json: #"{"username": "maya", "password": "\#(TestPortal.password)"}"#
            )
            #expect(answer.json["token"]?.text?.count == 65)
            #expect(answer.headers[.setCookie] == nil)
        }
    }

    @Test func `the cookie is renewed by use, also by a request that fails`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            var seen: Set<String> = [try #require(browser.session)]
            for path in [session, "/api/v1/portal/assessments/nothing", "/api/v1/therapist/caseload", session] {
                _ = try await browser.send(.get, path)
                #expect(seen.insert(try #require(browser.session)).inserted, "\(path)")
                server.house.clock.advance(.seconds(10))
            }
            #expect(try await browser.send(.get, session).status == 200)
        }
    }

    @Test func `an old cookie ends the session, and both its holders are out`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            let thief = Browser(caller.client)
            thief.keep(SessionCookies.session, browser.session)
            #expect(try await browser.send(.get, session).status == 200)
            server.house.clock.advance(.seconds(10))
            #expect(try await thief.send(.get, session).status == 401)
            #expect(thief.session == nil, "the browser is told to forget it")
            #expect(try await browser.send(.get, session).status == 401)
        }
    }

    @Test func `a program that follows renewal finds the next token in its answers`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let signIn = try await caller.client.send(
                .post,
                "/api/v1/auth/login",
                json: #"{"username": "cora", "password": "\#(TestPortal.password)", "follows_renewal": true}"#
            )
            var token = try #require(signIn.json["token"]?.text)
            for _ in 0..<3 {
                let answer = try await caller.client.send(.get, "/api/v1/auth/session", as: token)
                #expect(answer.status == 200)
                token = try #require(answer.headers[named: "Bellwether-Session"])
                server.house.clock.advance(.minutes(1))
            }
        }
    }

    @Test func `a token from before signing in is not the one after`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let planted = Browser(caller.client)
            try await planted.signIn("jordan")
            let known = try #require(planted.session)
            let victim = Browser(caller.client)
            victim.keep(SessionCookies.session, known)
            try await victim.signIn("maya")
            #expect(victim.session != known)
            let attacker = Browser(caller.client)
            attacker.keep(SessionCookies.session, known)
            let answer = try await attacker.send(.get, session)
            #expect(answer.json["client_id"]?.text != server.house.people.client.id.text)
        }
    }

    @Test func `the session says when it ends, and asking does not put that off`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let browser = Browser(caller.client)
            let signedIn = server.house.clock.now
            try await browser.signIn("maya")
            server.house.clock.advance(.minutes(20))
            _ = try await browser.send(.get, session)
            let watched = try await browser.send(.get, session)
            #expect(watched.json["idle_ends_at"] == .integer(signedIn.adding(.minutes(30)).milliseconds))
            #expect(watched.json["ends_at"] == .integer(signedIn.adding(.hours(12)).milliseconds))
            #expect(watched.json["warning_seconds"] == .integer(120))
            #expect(watched.json["acting_client_id"]?.text == server.house.people.client.id.text)
            let touched = try await browser.send(.post, "\(session)/touch")
            #expect(touched.json["idle_ends_at"] == .integer(server.house.clock.now.adding(.minutes(30)).milliseconds))
            server.house.clock.advance(.minutes(30))
            #expect(try await browser.send(.get, session).status == 401)
        }
    }

    @Test func `signing out ends the session and has the browser forget`() async throws {
        try await TestServer().serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            let token = browser.session
            let answer = try await browser.send(.post, "/api/v1/portal/auth/logout")
            #expect(answer.status == 204)
            #expect(answer.headers[named: "Clear-Site-Data"] == #""cache", "storage""#)
            #expect(browser.session == nil)
            #expect(browser.cookies[SessionCookies.device] != nil, "the device stays known")
            browser.keep(SessionCookies.session, token)
            #expect(try await browser.send(.get, session).status == 401)
        }
    }

    @Test func `sessions and devices are listed and ended, at both doors`() async throws {
        for (name, door) in [("maya", "portal/auth"), ("cora", "auth")] {
            try await TestServer().serve(.live) { caller in
                let (here, there) = (Browser(caller.client), Browser(caller.client))
                try await here.signIn(name, at: door)
                try await there.signIn(name, at: door)
                let list = try await here.send(.get, "/api/v1/\(door)/sessions").json
                guard case .array(let sessions) = list["sessions"], case .array(let devices) = list["devices"] else {
                    Issue.record("no list")
                    return
                }
                #expect(sessions.count == 2 && devices.count == 2)
                #expect(sessions.filter { $0["current"] == .boolean(true) }.count == 1)
                let other = try #require(sessions.first { $0["current"] == .boolean(false) }?["id"]?.text)
                #expect(try await here.send(.delete, "/api/v1/\(door)/sessions/\(other)").status == 204)
                #expect(try await there.send(.get, "/api/v1/\(door)/session").status == 401)
                try await there.signIn(name, at: door)
                let ended = try await here.send(.post, "/api/v1/\(door)/sessions/end-others")
                #expect(ended.json["ended"] == .integer(1))
                let device = try #require(devices.first { $0["current"] == .boolean(true) }?["id"]?.text)
                #expect(try await here.send(.delete, "/api/v1/\(door)/devices/\(device)").status == 204)
                #expect(try await here.send(.get, "/api/v1/\(door)/session").status == 401)
            }
        }
    }

    @Test func `an administrator sees and ends sessions, others may not`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let maya = try await caller.asClient("maya")
            let ada = try await caller.asStaff("ada")
            let account = server.house.people.client.account.id.text
            let list = try await ada.get("/api/v1/admin/sessions?account_id=\(account)")
            let id = try #require(list["sessions"]?[0]?["id"]?.text)
            for other in [maya, try await caller.asStaff("cora")] {
                #expect(try await other.get("/api/v1/admin/sessions").status == 403)
                #expect(try await other.post("/api/v1/admin/sessions/\(id)/end").status == 403)
            }
            #expect(try await ada.post("/api/v1/admin/sessions/\(id)/end").status == 204)
            #expect(try await maya.get(session).status == 401)
            let again = try await caller.asClient("maya")
            let ended = try await ada.post("/api/v1/admin/sessions/end", ["account_id": .string(account)])
            #expect(ended["ended"] == .integer(1))
            #expect(try await again.get(session).status == 401)
            #expect(try await ada.post("/api/v1/admin/sessions/end", [:]).status == 422)
        }
    }

    // MARK: - Abuse

    @Test func `what is no cookie of ours opens nothing and breaks nothing`() async throws {
        try await TestServer().serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            let token = try #require(browser.session)
            let name = SessionCookies.session
            let cases: [(String, Int)] = [
                ("\(name)=\(token); \(name)=\(token)", 400), ("\(name)=x; \(name)=\(token)", 400),
                ("\(name)=", 401), ("\(name)", 401), (";;;=;\(name)=%00", 401), ("\(name)=\u{E9}\u{FF}", 401),
                ("\(name)=\"\(token)\"", 401), ("bellwether=\(token)", 401), ("\(name.lowercased())=\(token)", 401),
                ("\(name)=" + String(repeating: "A", count: 10_000), 401), ("\(name)=\(token.lowercased())", 401),
            ]
            for (cookie, status) in cases {
                let answer = try await caller.client.send(.get, session, headers: [.cookie: cookie])
                #expect(answer.status == status, "\(cookie.prefix(60))")
            }
            #expect(try await browser.send(.get, session).status == 200)
        }
    }

    @Test func `a bearer token decides alone, a cookie beside it is not looked at`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            let cora = try #require(try await caller.asStaff("cora").token)
            let both = try await browser.send(.get, session, headers: [.authorization: "Bearer \(cora)"])
            #expect(both.json["role"]?.text == "CLINICIAN")
            let wrong = try await browser.send(.get, session, headers: [.authorization: "Bearer nonsense"])
            #expect(wrong.status == 401)
            let cookie = try #require(browser.session)
            let moved = try await browser.send(.get, session, headers: [.authorization: "Bearer \(cookie)"])
            #expect(moved.status == 401, "a cookie's token is no bearer token")
        }
    }
}
