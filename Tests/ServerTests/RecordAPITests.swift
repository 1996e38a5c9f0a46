import HTTPTypes
import Portal
import Records
import Support
import Testing

@testable import Server

@Suite("Records over HTTP")
struct RecordAPITests {
    private static let moods = "/api/v1/portal/mood-entries"

    private func entry(_ house: TestPortal, mood: Int64, note: String = "Slept badly.") -> JSONValue {
        ["mood": .integer(mood), "note": .string(note), "entry_at": .integer(house.clock.now.milliseconds)]
    }

    @Test func `a mood is noted, read, corrected, hidden and deleted`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let cora = try await caller.asStaff("cora")
            let client = server.house.people.client.id
            let noted = try await maya.post(Self.moods, entry(server.house, mood: 4))
            #expect(noted.status == 201)
            #expect(noted["shared"] == true)
            #expect(noted["author"]?.text == "CLIENT")
            #expect(noted.headers[.eTag] == "\"1\"")
            let path = "\(Self.moods)/\(try #require(noted["id"]?.text))"

            let list = try await cora.get("/api/v1/clients/\(client)/mood-entries")
            #expect(list["items"]?[0]?["mood"] == 4)
            #expect(list["items"]?[0]?["note"]?.text == "Slept badly.")

            let bytes = try JSONCoding.encode(entry(server.house, mood: 6))
            #expect(try await maya.send(.put, path, bytes: bytes).status == 428)
            let changed = try await maya.send(.put, path, bytes: bytes, headers: [.ifMatch: "\"1\""])
            #expect(changed.status == 200)
            #expect(changed["mood"] == 6)
            let stale = try await maya.send(.put, path, bytes: bytes, headers: [.ifMatch: "\"1\""])
            #expect(stale.status == 412)
            #expect(stale.headers[.eTag] == "\"2\"")

            #expect(try await maya.put("\(path)/sharing", ["shared": false])["shared"] == false)
            #expect(try await cora.get("/api/v1/clients/\(client)/mood-entries")["items"] == [])
            #expect(try await maya.send(.delete, path).status == 204)
            #expect(try await maya.get(path).status == 404)
        }
    }

    @Test func `faults name their fields, those of the kind's own rules too`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let range = try await maya.post(Self.moods, entry(server.house, mood: 11))
            #expect(range.status == 422)
            #expect(range["errors"]?[0]?["pointer"]?.text == "/mood")
            let future = try await maya.post(Self.moods, ["mood": 5, "entry_at": .integer(9_999_999_999_999)])
            #expect(future.status == 422)
            #expect(future["errors"]?[0]?["pointer"]?.text == "/entry_at")
            let unknown = try await maya.post(Self.moods, ["mood": 5, "entry_at": 0, "moood": 1])
            #expect(unknown["errors"]?[0]?["pointer"]?.text == "/moood")
            #expect(try await maya.get("\(Self.moods)?cursor=nonsense").status == 422)
            #expect(try await maya.get(Self.moods)["items"] == [])
        }
    }

    @Test func `words of danger in a note bring the panel with the answer`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let noted = try await maya.post(
                Self.moods,
                entry(server.house, mood: 1, note: "I want to kill myself tonight")
            )
            #expect(noted.status == 201)
            #expect(noted["crisis_panel"]?["resources"]?[0]?["call"]?.text == "911")
        }
    }

    @Test func `a key given twice makes one record`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let key = try #require(HTTPField.Name("Idempotency-Key"))
            let bytes = try JSONCoding.encode(entry(server.house, mood: 5))
            let first = try await maya.send(.post, Self.moods, bytes: bytes, headers: [key: "k-1"])
            let second = try await maya.send(.post, Self.moods, bytes: bytes, headers: [key: "k-1"])
            #expect(first["id"] == second["id"])
            #expect(first["id"] != nil)
        }
    }

    @Test func `homework is assigned, handed in and answered, each by who may`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let cora = try await caller.asStaff("cora")
            let staffPath = "/api/v1/clients/\(server.house.people.client.id)/homework"
            let given = try await cora.post(
                staffPath,
                ["title": "Breathing", "homework_type": "MINDFULNESS", "due_at": 1_900_000_000_000]
            )
            #expect(given.status == 201)
            let id = try #require(given["id"]?.text)
            #expect(try await maya.post(staffPath, ["title": "x", "homework_type": "CUSTOM"]).status == 403)
            #expect(try await cora.post("\(staffPath)/\(id)/feedback", ["feedback": "Good"]).status == 409)
            let done = try await maya.post("/api/v1/portal/homework/\(id)/complete", ["response": "Every day."])
            #expect(done["status"]?.text == "COMPLETED")
            #expect(try await cora.get("\(staffPath)/\(id)")["response"]?.text == "Every day.")
            #expect(
                try await cora.post("\(staffPath)/\(id)/feedback", ["feedback": "Good"])["status"]?.text == "REVIEWED"
            )
        }
    }

    @Test func `an anonymous review names nobody until it is revealed`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let people = server.house.people
            let ids = try await server.house.keepRecords(of: people.client, by: people.clinician)
            let ada = try await caller.asStaff("ada")
            let list = try await ada.get("/api/v1/admin/portal/session-reviews")
            #expect(list["items"]?[0]?["rating"] == 4)
            #expect(!list.text.contains(people.client.id.text))
            #expect(!list.text.contains(try #require(ids["/appointments"])))
            let path = "/api/v1/admin/portal/session-reviews/\(try #require(ids["/session-reviews"]))/reveal"
            #expect(try await ada.post(path, ["reason": "BORED", "note": "x"]).status == 422)
            #expect(try await ada.post(path, ["reason": "SAFETY", "note": " "]).status == 422)
            let revealed = try await ada.post(path, ["reason": "SAFETY", "note": "A threat was reported"])
            #expect(revealed["client_id"]?.text == people.client.id.text)
            let cora = try await caller.asStaff("cora")
            #expect(try await cora.get("/api/v1/admin/portal/session-reviews").status == 403)
            #expect(try await cora.post(path, ["reason": "SAFETY", "note": "x"]).status == 403)
        }
    }

    @Test func `a copy of the record is fetched by a link that asks one to show anew who one is`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            #expect(try await maya.post("/api/v1/portal/exports").status == 202)
            try await server.house.drainWork()
            let export = try #require(try await maya.get("/api/v1/portal/exports")["items"]?[0]?["id"]?.text)
            let path = "/api/v1/portal/exports/\(export)/link"
            let link = try await maya.post(path, ["format": "html"])
            let file = try await caller.get(try #require(link["path"]?.text))
            #expect(file.status == 200)
            #expect(file.headers[.contentDisposition]?.contains("record.html") == true)
            #expect(file.text.contains("A copy of your record"))
            server.house.clock.advance(.seconds(301))
            let late = try await maya.post(path, ["format": "json"])
            #expect(late.status == 403)
            #expect(late["type"]?.text?.hasSuffix("step-up-required") == true)
        }
    }
}
