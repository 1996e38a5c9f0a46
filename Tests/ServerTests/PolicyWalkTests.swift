import Foundation
import HTTPTypes
import Portal
import Records
import Store
import Support
import Testing

@testable import Server

/// Every endpoint by everybody: allowed or refused as the policy says, over HTTP.
@Suite("The policy over HTTP")
struct PolicyWalkTests {
    /// Somebody who calls, and what they are to Maya.
    private struct Person: Sendable {
        let name: String
        /// Nil for somebody who is not signed in.
        let door: String?
        var rows: [PolicyTable.Row] = []
        var role: StaffMember.Role?
        /// A client with a record of their own, who reaches that where the path names none.
        var hasOwnRecord = false
        var practice: String?

        /// What the role is to the clients that are given to it.
        var roleRow: PolicyTable.Row? {
            switch role {
            case .clinician: .init(.assignedClinician)
            case .supervisor: .init(.supervisor)
            case .administrator: .init(.administrator)
            case .frontDesk: .init(.frontDesk)
            case .billing: .init(.billing)
            case .healthCoach: .init(.healthCoach)
            case .contentEditor: .init(.contentEditor)
            case nil: nil
            }
        }
    }

    private static func people(_ tier: AgeTier) -> [Person] {
        [
            Person(name: "nobody", door: nil),
            Person(name: "maya", door: "portal/auth", rows: [.init(.`self`)], hasOwnRecord: true),
            Person(name: "priya", door: "portal/auth", hasOwnRecord: true),
            Person(name: "gwen", door: "portal/auth", rows: tier.isMinor ? [.init(.guardian, tier: tier)] : []),
            Person(name: "sam", door: "portal/auth"),
            Person(name: "cora", door: "auth", rows: [.init(.assignedClinician)], role: .clinician),
            Person(name: "otto", door: "auth", role: .clinician),
            Person(name: "sybil", door: "auth", rows: [.init(.supervisor)], role: .supervisor),
            Person(name: "finn", door: "auth", rows: [.init(.frontDesk)], role: .frontDesk),
            Person(name: "bill", door: "auth", rows: [.init(.billing)], role: .billing),
            Person(name: "cole", door: "auth", rows: [.init(.healthCoach)], role: .healthCoach),
            Person(name: "edda", door: "auth", rows: [.init(.contentEditor)], role: .contentEditor),
            Person(name: "ada", door: "auth", rows: [.init(.administrator)], role: .administrator),
            Person(name: "nora", door: "auth", role: .administrator, practice: "neighbor"),
        ]
    }

    /// What the records of ``TestPortal/keepRecords(of:by:)`` show of themselves: a mood is shared, a page is not, a review
    /// is anonymous, an appointment is not confidential, homework and a mood with a note are.
    private static let sights: [String: Set<Sight>] = [
        "appointments": [.all, .shared, .nonconfidential], "hand-overs": [.all, .shared], "homework": [.all, .shared],
        "journal": [.all],
        "mood-entries": [.all, .shared], "session-reviews": [.all],
        "emergency-contacts": [.all, .shared, .nonconfidential],
    ]
    /// Kinds of which something may not be confidential.
    private static let open: Set<String> = ["appointments", "homework", "mood-entries", "emergency-contacts"]

    /// Which sights of an area answer a reading of this path. The kinds that are programmed are seen whole or not at all.
    private static func sights(of endpoint: Endpoint) -> Set<Sight> {
        let parts = endpoint.facts.path.split(separator: "/").map(String.init)
        guard let collection = parts.first(where: { sights[$0] != nil }), let single = sights[collection] else {
            return [.all]
        }
        if parts.contains("{record}") { return single }
        let further: Set<Sight> =
            collection == "session-reviews" ? [.masked] : open.contains(collection) ? [.nonconfidential] : []
        return further.union([.all, .shared])
    }

    // MARK: - What is expected

    /// Whether the access rule of the endpoint lets this kind of caller in at all: nil for nobody signed in.
    private static func isAdmitted(_ person: Person, by rule: AccessRule) -> Bool {
        switch rule {
        case .anyone: true
        case .signedIn: person.door != nil
        case .account: person.door == "portal/auth"
        case .staff(let roles): person.role.map { roles.isEmpty || roles.contains($0) } ?? false
        }
    }

    /// Whether the policy opens this to somebody who stands in one of `rows`.
    private static func isOpen(
        _ rows: [PolicyTable.Row],
        _ area: DataArea,
        _ action: AccessAction,
        _ endpoint: Endpoint
    ) -> Bool {
        let enough = action == .read ? sights(of: endpoint) : [.all]
        return rows.contains { row in
            guard let cell = PolicyTable.shipped.cell(row, in: area), let sight = cell.sights[action] else {
                return false
            }
            return switch cell.unlessRuled ?? .full {
            case .full: enough.contains(sight)
            // A partial rule narrows what is read, not what is sent in.
            case .partial: action == .create ? enough.contains(sight) : enough.contains(.nonconfidential)
            case .summary, .none: false
            }
        }
    }

    private static func isAllowed(_ person: Person, _ endpoint: Endpoint) -> Bool {
        switch endpoint.facts.recordUse {
        case .undeclared, .none: return true
        case .area(let area, let action):
            // On the client's side, a path without an id is about one's own record.
            let path = endpoint.facts.path.replacing("{article}", with: "article")
            let isOwn = endpoint.facts.rule == .account && !path.contains("{") && person.hasOwnRecord
            return isOpen(isOwn ? [.init(.`self`)] : person.rows, area, action, endpoint)
        case .list(let area):
            // One's own list is open to a role, whether or not Maya is on it.
            return isOpen(person.roleRow.map { [$0] } ?? [], area, .read, endpoint)
        case .practice(let area, let action):
            // Only who stands to every client in one way speaks for the whole practice, and nobody for the one next door.
            let isWhole =
                [.administrator, .frontDesk, .billing].contains(person.role)
                && (person.practice == nil || !endpoint.facts.path.contains("{"))
            return isWhole && isOpen(person.roleRow.map { [$0] } ?? [], area, action, endpoint)
        }
    }

    // MARK: - The walk

    @Test func `every endpoint says what it does with a client's record`() async throws {
        let server = try await TestServer()
        let endpoints = PortalAPI.endpoints(server.house.portal)
        for endpoint in endpoints {
            let name = "\(endpoint.facts.method) \(endpoint.facts.path)"
            switch endpoint.facts.recordUse {
            case .undeclared:
                Issue.record("\(name) declares nothing: add .touches(…), .lists(…) or .touchesNoRecord(…)")
            case .none(let reason): #expect(reason.count > 5, "\(name)")
            case .area(let area, let action), .practice(let area, let action):
                #expect(
                    PolicyTable.Row.all.contains { PolicyTable.shipped.sight($0, action, in: area) != nil },
                    "\(name): the policy opens this to nobody"
                )
            case .list(let area):
                #expect(
                    PolicyTable.Row.all.contains { PolicyTable.shipped.sight($0, .read, in: area) != nil },
                    "\(name): the policy opens this to nobody"
                )
            }
            // Whatever is named in a path on the staff's side is somebody's record.
            if endpoint.facts.path.contains("{client}"), case .none(let reason) = endpoint.facts.recordUse {
                #expect(reason.contains("glass"), "\(name) opens a client's record")
            }
        }
        #expect(endpoints.count > 40)
    }

    @Test(arguments: [(9, AgeTier.under12), (13, .from12To13), (16, .from14To17), (30, .adult)])
    func `every endpoint lets in whom the table lets in, and nobody else`(age: Int, tier: AgeTier) async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let ids = try await prepare(server, caller, age: age)
            // Maya is deleted at last.
            let deletion = "/api/v1/admin/clients/{client}"
            let endpoints =
                PortalAPI.endpoints(server.house.portal).filter { $0.facts.path != deletion }
                + PortalAPI.endpoints(server.house.portal).filter { $0.facts.path == deletion }
            var callers: [(Person, Caller)] = []
            for person in Self.people(tier) {
                callers.append((person, try await self.caller(for: person, caller, maya: ids["client"])))
            }
            // The birthday comes when Gwen's session is open already.
            try await server.house.setBirthDate(try #require(ids["born"]), of: server.house.people.client.id)
            // Those who are refused first, so that they meet everything as it was.
            for isAllowed in [false, true] {
                for endpoint in endpoints {
                    for (person, caller) in callers {
                        try await check(person, caller, endpoint, ids, expecting: isAllowed)
                    }
                }
            }
        }
    }

    private func check(
        _ person: Person,
        _ caller: Caller,
        _ endpoint: Endpoint,
        _ ids: [String: String],
        expecting isAllowed: Bool
    ) async throws {
        let (method, template) = (endpoint.facts.method, endpoint.facts.path)
        let isAdmitted = Self.isAdmitted(person, by: endpoint.facts.rule)
        guard (isAdmitted && Self.isAllowed(person, endpoint)) == isAllowed else { return }
        var path = template
        for (name, id) in ids {
            // A record's id stands under its collection.
            path =
                name.hasPrefix("/")
                ? path.replacing("\(name)/{record}", with: "\(name)/\(id)") : path.replacing("{\(name)}", with: id)
        }
        let what = "\(person.name): \(method) \(template)"
        switch endpoint.facts.recordUse {
        case .undeclared: return
        case .none:
            // Who is admitted is the endpoint's own matter; who is not is refused before anything is read.
            guard !isAllowed else { return }
        case .area, .list, .practice: try #require(!path.contains("{"), "the test knows no id for \(template)")
        }
        if template.hasSuffix("trends") { path += "?instrument=PHQ-9" }
        if template == "/api/v1/admin/clients/{client}" { path += "?reason=CLIENT_REQUEST" }
        let body = try EndpointBodies.accepted["\(method) \(template)"].map {
            String(decoding: try JSONCoding.encode($0), as: UTF8.self)
        }
        let answer = try await caller.send(
            method,
            path,
            bytes: body.map { body in
                Array(
                    body.replacing("{appointment}", with: ids["/appointments"] ?? "")
                        .replacing("{client}", with: ids["client"] ?? "").utf8
                )
            },
            headers: [.ifMatch: "*"]
        )
        if isAllowed {
            #expect(
                // A review of somebody else's session is let in, and refused for what it says.
                [200, 201, 202, 204, 409].contains(answer.status)
                    || (answer.status == 422 && template == "/api/v1/portal/session-reviews" && person.name != "maya")
                    // The desk rejected the claim before.
                    || (answer.status == 404 && template.hasSuffix("{registration}/reject") && person.name == "ada"),
                "\(what) \(answer.status) \(answer.text.prefix(200))"
            )
        } else if !isAdmitted {
            #expect(answer.status == (person.door == nil ? 401 : 403), "\(what) \(answer.status)")
        } else {
            #expect(answer.status == 404, "\(what) \(answer.status) \(answer.text.prefix(200))")
            #expect(!answer.text.contains("Maya"), "\(what)")
        }
    }

    // MARK: - The stage

    /// Fills Maya's record, lets Gwen act for her, and returns an id for every parameter of a path.
    private func prepare(_ server: TestServer, _ caller: Caller, age: Int) async throws -> [String: String] {
        let house = server.house
        let maya = house.people.client
        let coach = try await house.addStaff("cole", .healthCoach)
        _ = try await house.addStaff("bill", .billing)
        try await house.execute("UPDATE clients SET health_coach_id = \(coach.staffID) WHERE id = \(maya.id)")
        let (gwen, second) = (try await house.addProxy("gwen"), try await house.addProxy("second"))
        _ = try await house.addProxy("sam")
        let year = try #require(Int(house.clock.now.day(in: house.practice.zone).prefix(4)))
        try await house.setBirthDate("\(year - 9)-01-01", of: maya.id)
        try await house.relate(gwen, to: maya.id, as: .parent)
        let relationship = try await house.relate(
            second,
            to: maya.id,
            as: .emergency,
            until: house.clock.now.adding(.days(9))
        )

        let client = try await caller.asClient("maya")
        let conversation = try #require(try await client.post("/api/v1/portal/chat/conversations")["id"]?.text)
        let messages = "/api/v1/portal/chat/conversations/\(conversation)/messages"
        let message = try await client.post(messages, ["text": "I want to die"])["message_id"]?.text
        let assessment = try await client.post("/api/v1/portal/assessments", ["instrument": "PHQ-9"])
        let consent = try await client.post(
            "/api/v1/portal/family",
            ["kind": "FAMILY", "email": "sister@mail.example", "areas": ["PLAN"]]
        )
        let restriction = try await client.post("/api/v1/portal/profile/restrictions", ["channel": "VOICE"])
        try await house.portal.selfRegistration.claim(
            ClaimedDetails(firstName: "Wren", lastName: "Walker", birthDate: "1990-05-17", email: "wren@mail.example"),
            practice: nil,
            origin: .init()
        )
        let claim = try await house.rows("SELECT id FROM registration_requests").first
        let records = try await house.keepRecords(of: maya, by: house.people.clinician)
        try await house.drainWork()
        let cora = try await caller.asStaff("cora")
        let alert = try await cora.get("/api/v1/therapist/alerts")["alerts"]?[0]?["id"]?.text
        let reason = try await house.portal.emergencyAccess.open(
            maya.id,
            reason: "x",
            as: house.people.otherClinician.principal
        )
        // Otto's emergency is over when the walk begins.
        house.clock.advance(.hours(1))
        return records.merging([
            "client": maya.id.text, "conversation": conversation, "assessment": try #require(assessment["id"]?.text),
            "alert": try #require(alert), "relationship": relationship.text,
            "consent": try #require(consent["id"]?.text), "access": reason.id.text,
            "message": try #require(message), "article": "message-provider",
            "born": "\(year - age)-01-01",
            "restriction": try #require(restriction["id"]?.text),
            "registration": try #require(try claim?.get("id", as: String.self)),
        ]) { first, _ in first }
    }

    private func caller(for person: Person, _ caller: Caller, maya: String?) async throws -> Caller {
        guard let door = person.door else { return caller }
        var credentials: JSONValue = ["username": .string(person.name), "password": .string(TestPortal.password)]
        if let practice = person.practice {
            credentials = [
                "username": .string(person.name), "password": .string(TestPortal.password),
                "practice": .string(practice),
            ]
        }
        let session = try await caller.post("/api/v1/\(door)/login", credentials)
        let signedIn = Caller(client: caller.client, token: try #require(session["token"]?.text, "\(person.name)"))
        if person.name == "gwen", let maya {
            let turned = try await signedIn.post(
                "/api/v1/portal/auth/session/acting-client",
                ["client_id": .string(maya)]
            )
            #expect(turned.status == 200)
            #expect(turned["acting_client_id"]?.text == maya)
        }
        return signedIn
    }
}
