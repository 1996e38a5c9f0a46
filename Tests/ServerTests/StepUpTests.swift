import HTTPTypes
import Portal
import Records
import Store
import Support
import Testing

@testable import Server

/// Who may be sitting at an open session is asked again before what cannot be taken back, or lets somebody in for good.
@Suite("Showing anew who one is")
struct StepUpTests {
    /// What takes it, and why. Left out on purpose: a change of password, which takes the present one; emergency access,
    /// where a life may hang on the minute, and which is told and reviewed; asking for a copy, which nobody gets without
    /// the link.
    private static let table: [String: String] = [
        "POST {door}/email": "the address opens the account by mailed links",
        "POST {door}/mfa/{factor}/enroll": "a factor of somebody else's lets them in",
        "POST {door}/mfa/{factor}/confirm": "a factor of somebody else's lets them in",
        "DELETE {door}/mfa/{factor}": "one lock less",
        "POST {door}/recovery-codes": "each opens the account",
        "POST /api/v1/portal/exports/{export}/link": "all of the record at once",
        "POST /api/v1/portal/family": "lets somebody into the record who need not hold the phone again",
        "DELETE /api/v1/admin/clients/{client}": "cannot be taken back",
        "GET /api/v1/admin/audit/export.jsonl": "the whole practice at once",
        "GET /api/v1/admin/audit/export.csv": "the whole practice at once",
    ]

    private static func name(_ endpoint: Endpoint) -> String {
        var path = endpoint.facts.path
        for door in SignInService.Door.allCases where path.hasPrefix("\(door.path)/") {
            path = "{door}" + path.dropFirst(door.path.count)
        }
        return "\(endpoint.facts.method) \(path)"
    }

    private static func isRefused(_ answer: Caller.Answer) -> Bool {
        answer.status == 403 && answer["type"]?.text == "urn:bellwether:problem:step-up-required"
    }

    @Test func `the sensitive acts are those of the table, and no endpoint forgets`() async throws {
        let endpoints = PortalAPI.endpoints(try await TestServer().house.portal)
        let declared = Set(endpoints.filter(\.facts.needsStepUp).map(Self.name))
        #expect(declared == Set(Self.table.keys))
        for door in SignInService.Door.allCases {
            #expect(endpoints.filter { $0.facts.needsStepUp && $0.facts.path.hasPrefix("\(door.path)/") }.count == 5)
        }
    }

    @Test func `each is refused five minutes after signing in, and open again once one has shown who one is`()
        async throws
    {
        let server = try await TestServer()
        try await server.serve { caller in
            let (maya, ada) = (try await caller.asClient("maya"), try await caller.asStaff("ada"))
            server.house.clock.advance(.minutes(5))
            let sensitive = PortalAPI.endpoints(server.house.portal).filter(\.facts.needsStepUp)
            func send(_ endpoint: Endpoint, _ person: Caller) async throws -> Caller.Answer {
                let id = server.house.surroundings.newID(Client.self).text
                let path = endpoint.facts.path.replacing(/\{[^}]*\}/, with: id)
                return try await person.send(endpoint.facts.method, path, bytes: Array("{}".utf8))
            }
            for endpoint in sensitive {
                for person in endpoint.facts.rule == .account
                    ? [maya] : endpoint.facts.rule.isForAccounts ? [maya, ada] : [ada]
                {
                    let answer = try await send(endpoint, person)
                    #expect(Self.isRefused(answer), "\(Self.name(endpoint)) \(answer.status)")
                }
            }
            func shown(_ person: Caller, _ door: SignInService.Door) async throws -> Caller {
                let answer = try await person.post(
                    "\(door.path)/step-up",
                    ["method": "PASSWORD", "code": .string(TestPortal.password)]
                )
                return Caller(client: caller.client, token: try #require(answer["token"]?.text))
            }
            let (mayaAgain, adaAgain) = (try await shown(maya, .portal), try await shown(ada, .staff))
            for endpoint in sensitive {
                let answer = try await send(endpoint, endpoint.facts.rule.isForAccounts ? mayaAgain : adaAgain)
                #expect(!Self.isRefused(answer), "\(Self.name(endpoint)) \(answer.status)")
            }
        }
    }

    @Test func `a client is not deleted from a session that somebody left open`() async throws {
        let server = try await TestServer()
        let gone = server.house.people.client.id
        @Sendable func count() async throws -> Int {
            try await server.house.count("SELECT COUNT(*) AS count FROM clients WHERE id = \(gone)")
        }
        try await server.serve { caller in
            let path = "/api/v1/admin/clients/\(gone)?reason=CLIENT_REQUEST"
            let ada = try await caller.asStaff("ada")
            server.house.clock.advance(.minutes(6))
            #expect(Self.isRefused(try await ada.send(.delete, path)))
            #expect(try await count() == 1)
            let wrong = try await ada.post("/api/v1/auth/step-up", ["method": "PASSWORD", "code": "wrong"])
            #expect(wrong.status == 401)
            #expect(Self.isRefused(try await ada.send(.delete, path)))
            let shown = try await ada.post(
                "/api/v1/auth/step-up",
                ["method": "PASSWORD", "code": .string(TestPortal.password)]
            )
            let again = Caller(client: caller.client, token: shown["token"]?.text)
            #expect(try await again.send(.delete, path).status == 200)
            #expect(try await count() == 0)
        }
    }
}
