import Foundation
import HTTPTypes
import Portal
import Records
import Support
import Testing

@testable import Server

@Suite("Accounts over HTTP")
struct AccountAPITests {
    private static let auth = "/api/v1/portal/auth"

    // MARK: - Who has an account does not show

    @Test(arguments: ["portal/auth", "auth"])
    func `sign-in, mailed link and reset answer the same for a name that nobody has`(door: String) async throws {
        try await TestServer().serve { caller in
            let known: JSONValue = .string(door == "auth" ? "cora" : "maya")
            let unknown: JSONValue = "nobody-here"
            func answers(_ name: JSONValue) async throws -> [(Int, String)] {
                let login = try await caller.post("/api/v1/\(door)/login", ["username": name, "password": "wrong"])
                let link = try await caller.post("/api/v1/\(door)/magic-link", ["username": name])
                let reset = try await caller.post("/api/v1/\(door)/reset-password", ["username": name])
                return [login, link, reset].map { ($0.status, Self.withoutRequest($0.text)) }
            }
            let first = try await answers(known)
            let second = try await answers(unknown)
            #expect(first.map(\.0) == [401, 202, 202])
            #expect(first.map(\.0) == second.map(\.0))
            #expect(first.map(\.1) == second.map(\.1))
        }
    }

    @Test func `a claim without an invitation answers the same whether or not there is such a client`() async throws {
        try await TestServer().serve { caller in
            func claim(_ first: String, _ email: String) async throws -> (Int, String) {
                let answer = try await caller.post(
                    "\(Self.auth)/register",
                    [
                        "first_name": .string(first), "last_name": "Example", "birth_date": "1990-05-17",
                        "email": .string(email),
                    ]
                )
                return (answer.status, answer.text)
            }
            let known = try await claim("Maya", "maya@mail.example")
            let unknown = try await claim("Nobody", "nobody@mail.example")
            #expect(known.0 == 202)
            #expect(known == unknown)
        }
    }

    private static func withoutRequest(_ text: String) -> String {
        text.replacing(/"request_id":"[^"]*"/, with: "")
    }

    // MARK: - The ways in

    @Test func `a second factor is set up and asked for, and stepping up renews the token`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            var maya = try await caller.asClient("maya")
            server.house.clock.advance(.minutes(6))
            let early = try await maya.post("\(Self.auth)/mfa/TOTP/enroll")
            #expect(early.status == 403)
            #expect(early["type"]?.text == "urn:bellwether:problem:step-up-required")
            let wrong = try await maya.post("\(Self.auth)/step-up", ["method": "PASSWORD", "code": "wrong"])
            #expect(wrong.status == 401)
            let stepped = try await maya.post(
                "\(Self.auth)/step-up",
                ["method": "PASSWORD", "code": .string(TestPortal.password)]
            )
            #expect(try await maya.get("\(Self.auth)/mfa").status == 401, "the old token")
            maya.token = try #require(stepped["token"]?.text)
            let enrolment = try await maya.post("\(Self.auth)/mfa/TOTP/enroll")
            #expect(enrolment["uri"]?.text?.hasPrefix("otpauth://totp/") == true)
            #expect(try await maya.post("\(Self.auth)/mfa/TOTP/confirm", ["code": "abc"]).status == 401)
            #expect(try await maya.get("\(Self.auth)/mfa")["factors"]?[0]?["confirmed"] == false)
            #expect(try await maya.post("\(Self.auth)/mfa/SMOKE/enroll").status == 404)
        }
    }

    @Test func `an expired or used link says so, in a kind of its own`() async throws {
        try await TestServer().serve { caller in
            for (path, body) in [
                ("verify-magic-link", ["token": "nonsense"] as JSONValue), ("verify-email", ["token": "nonsense"]),
                ("reset-password/confirm", ["token": "nonsense", "password": "nine crooked lamps"]),
                ("mfa/verify", ["challenge": "nonsense", "method": "TOTP", "code": "123456"]),
                ("register/start", ["code": "ABCD-EFGH-JKLM"]), ("register/resume", ["registration": "nonsense"]),
            ] {
                let answer = try await caller.post("\(Self.auth)/\(path)", body)
                #expect(answer.status == 410, "\(path)")
                #expect(answer["type"]?.text == "urn:bellwether:problem:link-expired", "\(path)")
            }
        }
    }

    @Test func `the strength of a password is told in plain words, and the password is not`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            func judge(_ password: String, _ more: [String: JSONValue] = [:]) async throws -> Caller.Answer {
                try await caller.post(
                    "\(Self.auth)/password-strength",
                    .object(more.merging(["password": .string(password)]) { $1 })
                )
            }
            #expect(try await judge("nine crooked lamps")["accepted"] == true)
            #expect(try await judge("crooked lamp")["accepted"] == false)
            #expect(try await judge("crooked lamp", ["second_factor": true])["accepted"] == true)
            let weak = try await judge("Passw0rd2024!", ["second_factor": true])
            #expect(weak["accepted"] == false)
            #expect(weak["faults"]?[0]?["remedy"]?.text?.isEmpty == false)
            #expect(!weak.text.contains("Passw0rd"))
            #expect(!server.log.lines.contains { $0.contains("Passw0rd") })
            let own = try await judge(
                "WrenSample1990!",
                ["second_factor": true, "details": ["Wren Sample", "wren@mail.example"]]
            )
            #expect(own["accepted"] == false)
        }
    }

    @Test func `staff invite with a code on paper, and see where the client stands`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let client = try await server.house.portal.directory.addClient(
                to: server.house.practice,
                firstName: "Wren",
                lastName: "Example",
                birthDate: "1990-05-17",
                therapist: server.house.people.clinician.id,
                portalEnabled: false,
                as: server.house.people.administrator.principal
            )
            let path = "/api/v1/clients/\(client.id)"
            let cora = try await caller.asStaff("cora")
            #expect(try await cora.get("\(path)/portal-account")["state"]?.text == "NOT_ENABLED")
            let invitation = try await cora.post("\(path)/invitations", ["channel": "PAPER"])
            #expect(invitation.status == 201)
            #expect(try await cora.get("\(path)/portal-account")["state"]?.text == "INVITED")
            let code = try #require(invitation["code"]?.text)
            let started = try await caller.post(
                "\(Self.auth)/register/start",
                ["code": .string(code), "birth_date": "1990-05-17"]
            )
            #expect(started["step"]?.text == "VERIFY")
            #expect(try await cora.post("\(path)/invitations", ["channel": "EMAIL"]).status == 422)
            #expect(try await cora.post("\(path)/invitations", ["channel": "PIGEON"]).status == 422)
            let off = try await cora.put("\(path)/portal-access", ["enabled": false])
            #expect(off["state"]?.text == "NOT_ENABLED")
        }
    }

    @Test func `new terms are asked for at sign-in until they are accepted`() async throws {
        try await TestServer().serve { caller in
            let ada = try await caller.asStaff("ada")
            let published = try await ada.post(
                "/api/v1/admin/legal-documents",
                ["kind": "TERMS", "locale": "en", "title": "Terms of use", "body": "Be kind."]
            )
            #expect(published.status == 201)
            let id = try #require(published["id"])
            func login() async throws -> Caller.Answer {
                try await caller.post(
                    "\(Self.auth)/login",
                    ["username": "maya", "password": .string(TestPortal.password)]
                )
            }
            let first = try await login()
            #expect(first["terms_required"]?[0]?["id"] == id)
            let maya = Caller(client: caller.client, token: first["token"]?.text)
            #expect(try await maya.post("/api/v1/portal/account/terms", ["documents": .array([id])]).status == 204)
            #expect(try await login()["terms_required"] == [])
            let cora = try await caller.asStaff("cora")
            let refused = try await cora.post(
                "/api/v1/admin/legal-documents",
                ["kind": "TERMS", "locale": "en", "title": "T", "body": "B"]
            )
            #expect(refused.status == 403)
        }
    }
}
