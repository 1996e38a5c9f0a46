import HTTPTypes
import Portal
import Records
import Support
import Testing

@testable import Server

@Suite("Questionnaires over HTTP")
struct AssessmentAPITests {
    private static let base = "/api/v1/portal/assessments"

    private static func responses(_ answers: [Int]) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: answers.enumerated().map { ("\($0.offset + 1)", .integer(Int64($0.element))) }
            )
        )
    }

    @Test func `a PHQ-9 from the clinician's wish to the clinician's alert`() async throws {
        let server = try await TestServer()
        let client = server.house.people.client.id
        try await server.serve { caller in
            let cora = try await caller.asStaff("cora")
            let assigned = try await cora.post("/api/v1/clients/\(client)/assessments", ["instrument": "PHQ-9"])
            #expect(assigned.status == 201)
            try await server.house.drainWork()

            let maya = try await caller.asClient("maya")
            #expect(try await maya.get("/api/v1/portal/notifications")["unread"] == 1)
            let due = try await maya.get(Self.base)
            #expect(due["due"]?[0]?["instrument"]?.text == "PHQ-9")
            let begun = try await maya.post(Self.base, ["assignment": try #require(due["due"]?[0]?["id"])])
            #expect(begun.status == 201)
            let form = "\(Self.base)/\(try #require(begun["id"]?.text))"
            let saved = try await maya.put("\(form)/responses", ["responses": ["1": 2, "9": 1], "rev": 1])
            #expect(saved.status == 200)
            #expect(saved["safety_panel"]?["resources"]?[0] != nil)
            #expect(saved.text.contains("988"))

            // Another device of hers goes on where she stopped.
            let tablet = try await caller.asClient("maya")
            let resumed = try await tablet.get(form)
            #expect(resumed["responses"] == ["1": 2, "9": 1])
            let early = try await tablet.post("\(form)/submit", ["responses": [:]])
            #expect(early["status"]?.text == "IN_PROGRESS")
            #expect(early["missing"] == ["2", "3", "4", "5", "6", "7", "8"])
            let submitted = try await tablet.post(
                "\(form)/submit",
                ["responses": Self.responses([2, 1, 2, 1, 1, 2, 1, 0, 1])]
            )
            #expect(submitted["status"]?.text == "COMPLETED")
            #expect(submitted["result"]?["total"] == 11)
            #expect(submitted["result"]?["severity"]?.text == "Moderate")

            try await server.house.drainWork()
            let alerts = try await cora.get("/api/v1/therapist/alerts")
            #expect(alerts["alerts"]?[0]?["kind"]?.text == "SAFETY_ITEM")
            #expect(alerts["alerts"]?[1] == nil)
            let seen = try await cora.get("/api/v1/clients/\(client)/assessments/\(try #require(begun["id"]?.text))")
            #expect(seen["result"]?["flags"]?[0]?["item"]?.text == "9")
        }
    }

    @Test func `scores over time are a trend for the client and for the clinician alike`() async throws {
        let server = try await TestServer()
        let client = server.house.people.client.id
        try await server.serve { caller in
            for answers in [[3, 3, 2, 2, 2, 2, 2, 2, 0], [1, 1, 1, 1, 1, 1, 1, 0, 0]] {
                let maya = try await caller.asClient("maya")
                let begun = try await maya.post(Self.base, ["instrument": "PHQ-9"])
                let form = "\(Self.base)/\(try #require(begun["id"]?.text))"
                #expect(try await maya.post("\(form)/submit", ["responses": Self.responses(answers)]).status == 200)
                server.house.clock.advance(.days(28))
            }
            let own = try await caller.asClient("maya").get("\(Self.base)/trends?instrument=PHQ-9")
            let theirs = try await caller.asStaff("cora").get(
                "/api/v1/clients/\(client)/assessments/trends?instrument=PHQ-9"
            )
            #expect(own.status == 200)
            #expect(own.body == theirs.body)
            #expect(own.text.contains("reliable improvement"))
            #expect(try await caller.asClient("maya").get("\(Self.base)/trends").status == 422)
            #expect(try await caller.asClient("maya").get("\(Self.base)/trends?instrument=NOPE").status == 422)
        }
    }

    @Test(arguments: [
        (#"{"responses": {"1": 4}}"#, "/responses/1"), (#"{"responses": {"1": 1.5}}"#, "/responses/1"),
        (#"{"responses": {"1": "2"}}"#, "/responses/1"), (#"{"responses": {"99": 1}}"#, "/responses/99"),
        (#"{"responses": {"1": 99999999999999999999}}"#, "/responses/1"), (#"{"responses": 5}"#, "/responses"),
    ])
    func `a faulty answer names its item, and nothing is lost`(body: String, pointer: String) async throws {
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let begun = try await maya.post(Self.base, ["instrument": "PHQ-9"])
            let form = "\(Self.base)/\(try #require(begun["id"]?.text))"
            _ = try await maya.put("\(form)/responses", ["responses": ["2": 1]])
            let refused = try await maya.send(.put, "\(form)/responses", bytes: Array(body.utf8))
            #expect(refused.status == 422)
            #expect(refused["errors"]?[0]?["pointer"]?.text == pointer)
            #expect(refused["errors"]?[0]?["remedy"]?.text?.isEmpty == false)
            #expect(try await maya.get(form)["responses"] == ["2": 1])
        }
    }

    @Test func `two devices do not overwrite each other`() async throws {
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let begun = try await maya.post(Self.base, ["instrument": "GAD-7"])
            let form = "\(Self.base)/\(try #require(begun["id"]?.text))"
            #expect(try await maya.put("\(form)/responses", ["responses": ["1": 1], "rev": 1]).status == 200)
            let late = try await maya.put("\(form)/responses", ["responses": ["1": 3], "rev": 1])
            #expect(late.status == 409)
            #expect(try await maya.get(form)["responses"] == ["1": 1])
        }
    }
}
