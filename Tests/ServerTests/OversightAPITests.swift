import Foundation
import HTTPTypes
import Portal
import Records
import Support
import Testing

@testable import Server

/// The audit, the client's own view of it, and deletion, over HTTP.
@Suite("Oversight over HTTP")
struct OversightAPITests {
    @Test func `an administrator looks through the audit in pages, and what they looked for is on record`() async throws
    {
        let server = try await TestServer()
        let client = server.house.people.client
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            for _ in 0..<3 { _ = try await maya.get("/api/v1/portal/assessments") }
            let ada = try await caller.asStaff("ada")
            let path = "/api/v1/admin/audit?client=\(client.id)&action=ASSESSMENTS.&limit=2"
            let first = try await ada.get(path)
            #expect(first.status == 200)
            #expect(first["items"]?[0]?["action"]?.text == "ASSESSMENTS.READ")
            #expect(first["items"]?[0]?["actor_id"]?.text == client.account.id.text)
            let cursor = try #require(first["next_cursor"]?.text)
            let second = try await ada.get("\(path)&cursor=\(cursor)")
            #expect(second["items"]?[0] != nil && second["items"]?[1] == nil)
            #expect(second["next_cursor"]?.text == nil)
            #expect(try await ada.get("/api/v1/admin/audit?cursor=WyJ4Il0").status == 422)
            #expect(try await ada.get("/api/v1/admin/audit?outcome=MAYBE").status == 422)
            let own = try await ada.get("/api/v1/admin/audit?action=AUDIT.SEARCH")
            #expect(own["items"]?[2] != nil)
            for name in ["cora", "finn"] {
                #expect(try await caller.asStaff(name).get("/api/v1/admin/audit").status == 404)
            }
            #expect(try await maya.get("/api/v1/admin/audit").status == 403)
        }
    }

    @Test func `the audit is exported, signed and held against its checkpoints`() async throws {
        try await TestServer().serve { caller in
            let ada = try await caller.asStaff("ada")
            let signed = try await ada.post("/api/v1/admin/audit/checkpoints")
            #expect(signed.status == 201 && signed["signature"]?.text != nil)
            let report = try await ada.get("/api/v1/admin/audit/verify")
            #expect(report["findings"] == [] && report["checkpoints"] == 1)
            let lines = try await ada.get("/api/v1/admin/audit/export.jsonl")
            #expect(lines.headers[.contentDisposition]?.contains("audit.jsonl") == true)
            #expect(lines.text.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"action\":") })
            let table = try await ada.get("/api/v1/admin/audit/export.csv?action=SESSION.START")
            #expect(table.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(table.text.split(separator: "\n").count == 2)
            #expect(try await caller.asStaff("cora").get("/api/v1/admin/audit/export.csv").status == 404)
        }
    }

    @Test func `a client reads who has seen their record, in their language`() async throws {
        let server = try await TestServer()
        let client = server.house.people.client.id
        try await server.serve { caller in
            _ = try await caller.asStaff("cora").get("/api/v1/clients/\(client)/assessments")
            let maya = try await caller.asClient("maya")
            let log = try await maya.get("/api/v1/portal/privacy/access-log")
            #expect(log.status == 200)
            #expect(log.text.contains(#""who":"YOU""#))
            #expect(log.text.contains(#""name":"Cora""#) && log.text.contains(#""role":"clinician""#))
            #expect(log.text.contains(#""area":"Questionnaires""#) && log.text.contains(#""purpose":"treatment""#))
            let activity = try await maya.get("/api/v1/portal/activity")
            #expect(activity["items"]?[0]?["description"]?.text == "Signed in")
            for name in ["access-log", "disclosures"] {
                #expect(try await caller.asStaff("cora").get("/api/v1/portal/privacy/\(name)").status == 403)
            }
        }
    }

    @Test(arguments: [("ACCOUNT", true), ("ADMINISTRATOR", false), ("FRONT_DESK", false)])
    func `an account's owner is not told where a member of staff sits`(kind: String, isShown: Bool) throws {
        let row = try JSONCoding.decode(
            AuditRow.self,
            from: Data(
                """
                {"seq": 1, "at": 0, "practice_id": "p", "actor_kind": "\(kind)", "action": "ACCOUNT.CREATE",
                 "entity": "portal_accounts", "outcome": "OK", "ip": "192.0.2.1", "previous_hash": "", "row_hash": ""}
                """.utf8
            )
        )
        #expect(ActivityDocument(row, words: AuditWords(language: "es")).ip == (isShown ? "192.0.2.1" : nil))
        #expect(ActivityDocument(row, words: AuditWords(language: "es")).description == "Se creó la cuenta")
    }

    @Test func `a disclosure that staff put on record is read by the client`() async throws {
        let server = try await TestServer()
        let client = server.house.people.client.id
        try await server.serve { caller in
            let cora = try await caller.asStaff("cora")
            let path = "/api/v1/clients/\(client)/disclosures"
            let body: JSONValue = [
                "disclosed_on": "2025-02-01", "basis": "PUBLIC_HEALTH", "recipient": "County Health Department",
                "description": "Name", "purpose": "Required report",
            ]
            #expect(try await cora.post(path, body).status == 201)
            #expect(try await cora.get(path)["items"]?[0]?["recipient"]?.text == "County Health Department")
            #expect(try await caller.asStaff("otto").post(path, body).status == 404)
            let maya = try await caller.asClient("maya")
            let own = try await maya.get("/api/v1/portal/privacy/disclosures")
            #expect(own["items"]?[0]?["purpose"]?.text == "Required report")
        }
    }

    @Test func `an administrator deletes a client, who is out at once`() async throws {
        let server = try await TestServer()
        let client = server.house.people.client.id
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let path = "/api/v1/admin/clients/\(client)?reason=CLIENT_REQUEST"
            #expect(try await caller.asStaff("cora").send(.delete, path).status == 404)
            let ada = try await caller.asStaff("ada")
            #expect(try await ada.send(.delete, "/api/v1/admin/clients/\(client)").status == 422)
            #expect(try await maya.get("/api/v1/portal/auth/session").status == 200)
            let report = try await ada.send(.delete, path)
            #expect(report.status == 200 && report["completed_at"] != .null)
            #expect(report.text.contains(#""table":"auth_sessions""#))
            #expect(try await maya.get("/api/v1/portal/auth/session").status == 401)
            #expect(try await ada.send(.delete, path).status == 404)
            #expect(try await ada.get("/api/v1/admin/erasures")["items"]?[0]?["client"]?.text == client.text)
        }
    }
}
