import HTTPTypes
import Portal
import Records
import Support
import Testing

@testable import Server

@Suite("Profile, preferences and consents over HTTP")
struct ProfileAPITests {
    private func patch(_ caller: Caller, _ path: String, _ body: JSONValue, version: String? = "*") async throws
        -> Caller.Answer
    {
        var headers: HTTPFields = [:]
        headers[.ifMatch] = version
        return try await caller.send(.patch, path, bytes: try JSONCoding.encode(body), headers: headers)
    }

    private static let edits: [(path: String, body: JSONValue, other: JSONValue, field: String)] = [
        ("/api/v1/portal/profile", ["phone": "555 0101"], ["phone": "555 0102"], "phone"),
        ("/api/v1/portal/preferences", ["contrast": "HIGH"], ["contrast": "STANDARD"], "contrast"),
    ]

    @Test(arguments: edits.indices)
    func `of two changes to one version the second is told, and changes nothing`(index: Int) async throws {
        let (path, body, other, field) = Self.edits[index]
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let version = try #require(try await maya.get(path).headers[.eTag])
            #expect(try await patch(maya, path, body, version: nil).status == 428)
            let first = try await patch(maya, path, body, version: version)
            #expect(first.status == 200 && first.headers[.eTag] != version)
            let second = try await patch(maya, path, other, version: version)
            #expect(second.status == 412 && second.headers[.eTag] == first.headers[.eTag])
            #expect(try await patch(maya, path, other, version: "\"nonsense\"").status == 412)
            let now = try await maya.get(path)
            #expect(now[field] == first[field] && now.headers[.eTag] == first.headers[.eTag])
            #expect(try await patch(maya, path, other, version: now.headers[.eTag]).status == 200)
        }
    }

    @Test func `one's profile is read and changed in part, and faults name their field`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let path = "/api/v1/portal/profile"
            let before = try await maya.get(path)
            #expect(before["first_name"]?.text == "Maya" && before["email"]?.text == "maya@mail.example")
            #expect(before["read_only"] == ["first_name", "last_name", "birth_date", "email"])
            let after = try await patch(
                maya,
                path,
                ["phone": "555 0188", "postal_address": ["line1": "1 Main St", "city": "Chicago", "country": "US"]]
            )
            #expect(after.status == 200 && after["phone"]?.text == "555 0188")
            #expect(after["postal_address"]?["city"]?.text == "Chicago")
            let refused = try await patch(maya, path, ["last_name": "Other"])
            #expect(refused.status == 422 && refused.text.contains("/last_name"))
            #expect(try await patch(maya, path, ["birth_date": "2000-01-01"]).status == 422, "no such field")
            #expect(try await patch(maya, path, ["phone": "nonsense"]).status == 422)
            let client = server.house.people.client.id
            #expect(
                try await caller.asStaff("cora").get("/api/v1/clients/\(client)/profile")["phone"]?.text == "555 0188"
            )
            #expect(try await caller.asStaff("otto").get("/api/v1/clients/\(client)/profile").status == 404)
        }
    }

    @Test func `preferences, with quiet hours as people write them`() async throws {
        try await TestServer().serve { caller in
            for (someone, path) in [
                (try await caller.asClient("maya"), "/api/v1/portal/preferences"),
                (try await caller.asStaff("cora"), "/api/v1/therapist/preferences"),
            ] {
                let changed = try await patch(
                    someone,
                    path,
                    [
                        "language": "es", "time_zone": "America/Denver", "font_size": "LARGE",
                        "quiet_hours": ["from": "22:00", "to": "07:05"],
                        "notifications": [["type": "assessment.assigned", "channel": "EMAIL", "enabled": false]],
                    ]
                )
                #expect(changed.status == 200)
                let read = try await someone.get(path)
                #expect(read["language"]?.text == "es" && read["time_zone"]?.text == "America/Denver")
                #expect(read["quiet_hours"] == ["from": "22:00", "to": "07:05"])
                #expect(read["font_size"]?.text == "LARGE" && read["contrast"]?.text == "SYSTEM")
                #expect(
                    try await patch(someone, path, ["quiet_hours": ["from": "22:00", "to": "22:00"]]).body[
                        "quiet_hours"
                    ] == nil
                )
                for body: JSONValue in [
                    ["quiet_hours": ["from": "24:00", "to": "07:00"]],
                    ["quiet_hours": ["from": "9:00", "to": "07:00"]],
                    ["time_zone": "Mars/Olympus"], ["language": "xx"], ["contrast": "LOUD"],
                ] { #expect(try await patch(someone, path, body).status == 422) }
            }
        }
    }

    @Test func `emergency contacts and restrictions`() async throws {
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let path = "/api/v1/portal/profile/emergency-contacts"
            let rosa = try await maya.post(path, ["name": "Rosa", "relation": "sister", "phone": "555 0177"])
            let tom = try await maya.post(path, ["name": "Tom", "phone": "555 0178"])
            #expect(rosa.status == 201 && tom.status == 201)
            let (first, second) = (try #require(rosa["id"]?.text), try #require(tom["id"]?.text))
            let ordered = try await maya.put(path, ["order": [.string(second), .string(first)]])
            #expect(ordered["items"]?[0]?["name"]?.text == "Tom")
            let changed: JSONValue = ["name": "Rosa Q", "phone": "555 0179"]
            #expect(try await maya.put("\(path)/\(first)", changed).status == 428)
            let version = try #require(try await maya.get("\(path)/\(first)").headers[.eTag])
            let bytes = try JSONCoding.encode(changed)
            for (status, name) in [(200, "Rosa Q"), (412, nil)] as [(Int, String?)] {
                let answer = try await maya.send(.put, "\(path)/\(first)", bytes: bytes, headers: [.ifMatch: version])
                #expect(answer.status == status && answer["name"]?.text == name)
            }
            #expect(try await maya.post(path, ["name": "Tom", "phone": "call him"]).text.contains("/phone"))
            #expect(try await maya.put(path, ["order": [.string(first), .string(first)]]).text.contains("/order"))
            #expect(try await maya.send(.delete, "\(path)/\(second)").status == 204)
            #expect(try await maya.send(.delete, "\(path)/\(second)").status == 404)
            #expect(try await maya.get(path)["items"]?[0]?["name"]?.text == "Rosa Q")
            let rules = "/api/v1/portal/profile/restrictions"
            let rule = try await maya.post(rules, ["channel": "EMAIL", "address": "shared@home.example"])
            #expect(rule.status == 201)
            #expect(try await maya.get(rules)["items"]?[0]?["address"]?.text == "shared@home.example")
            let jordan = try await caller.asClient("jordan")
            let id = try #require(rule["id"]?.text)
            #expect(try await jordan.send(.delete, "\(rules)/\(id)").status == 404)
            #expect(try await maya.send(.delete, "\(rules)/\(id)").status == 204)
        }
    }

    @Test func `consents are given, read by staff, and withdrawn`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let path = "/api/v1/portal/consents"
            #expect(try await maya.post(path, ["kind": "ROI", "recipient": "Dr. Soto"]).status == 422)
            let end = server.house.clock.now.adding(.days(30)).milliseconds
            let given = try await maya.post(
                path,
                [
                    "kind": "ROI", "recipient": "Dr. Soto", "purpose": "shared care", "areas": ["ASSESSMENTS"],
                    "expires_at": .integer(end),
                ]
            )
            #expect(given.status == 201 && given["state"]?.text == "GRANTED")
            let id = try #require(given["id"]?.text)
            let client = server.house.people.client.id
            let cora = try await caller.asStaff("cora")
            #expect(
                try await cora.get("/api/v1/clients/\(client)/consents")["items"]?[0]?["recipient"]?.text == "Dr. Soto"
            )
            #expect(try await caller.asStaff("edda").get("/api/v1/clients/\(client)/consents").status == 404)
            #expect(try await caller.asClient("jordan").post("\(path)/\(id)/withdraw").status == 404)
            #expect(try await maya.post("\(path)/\(id)/withdraw")["state"]?.text == "WITHDRAWN")
            #expect(try await maya.post("\(path)/\(id)/withdraw").status == 409)
        }
    }
}
