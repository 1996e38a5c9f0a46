import Foundation
import HTTPTypes
import HummingbirdTesting
import Portal
import Records
import Store
import Support
import Testing

@testable import Server

/// What is on record of those who were not let in, and of where requests came from (SEC-04).
@Suite("Refusals and origins in the audit")
struct RefusalAuditTests {
    @Test func `whoever is signed in and refused by an endpoint is on record with the operation`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let cora = try await caller.asStaff("cora")
            let maya = try await caller.asClient("maya")
            for _ in 0..<3 { #expect(try await cora.get("/api/v1/admin/portal/registrations").status == 403) }
            #expect(try await maya.get("/api/v1/admin/portal/registrations").status == 403)
            #expect(try await caller.get("/api/v1/admin/portal/registrations").status == 401)
            var rows = try await server.refusals()
            #expect(rows.count == 2, "a stranger is nobody to be put on record; repeats are counted")
            for (row, person) in zip(
                rows,
                [server.house.people.clinician.id.text, server.house.people.client.account.id.text]
            ) {
                #expect(row["actor_id"] == .text(person))
                #expect(row["entity_id"] == .text("getAdminPortalRegistrations") && row["reason"] == .text("ROLE"))
                #expect(row["outcome"] == .text("DENIED") && row["practice_id"] == .text(server.house.practice.id.text))
            }
            server.house.clock.advance(.minutes(2))
            #expect(try await cora.get("/api/v1/portal/assessments").status == 403)
            rows = try await server.refusals()
            #expect(rows.count == 4)
            #expect(rows.contains { $0["times"] == .integer(2) })
            #expect(rows.last?["entity_id"] == .text("getPortalAssessments"))
        }
    }

    @Test func `a change without the page's token is on record as not shown to be one's own`() async throws {
        let server = try await TestServer()
        try await server.serve(.live) { caller in
            let browser = Browser(caller.client)
            try await browser.signIn("maya")
            #expect(try await browser.send(.post, "/api/v1/portal/chat/conversations", token: "x").status == 403)
            let row = try #require(try await server.refusals().first)
            #expect(row["reason"] == .text("FORGERY"))
            #expect(row["entity_id"] == .text("postPortalChatConversations"))
        }
    }

    @Test func `every access says in which session and from what kind of program, in codes`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let maya = try await caller.asClient("maya")
            let field = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 I am so sad"
            let answer = try await maya.send(.get, "/api/v1/portal/assessments", headers: [.userAgent: field])
            #expect(answer.status == 200)
            let row = try #require(
                try await server.house.rows("SELECT * FROM audit_log WHERE action = 'ASSESSMENTS.READ'").first
            )
            #expect(row["agent"] == .text("firefox-128.linux"))
            let session = try #require(try await server.house.rows("SELECT id FROM auth_sessions").first)
            #expect(row["session_id"] == session["id"])
            let ada = try await caller.asStaff("ada")
            let log = try await ada.get("/api/v1/admin/audit?action=ASSESSMENTS.READ")
            #expect(log["items"]?[0]?["agent"]?.text == "firefox-128.linux")
            #expect(!log.text.contains("sad"))
            let table = try await ada.get("/api/v1/admin/audit/export.csv?action=ASSESSMENTS.READ")
            #expect(table.text.contains("session_id,agent,times"))
            #expect(table.text.contains("firefox-128.linux"))
        }
    }

    @Test func `every operation's name fits the audit`() async throws {
        let server = try await TestServer()
        for endpoint in PortalAPI.endpoints(server.house.portal) {
            let name = endpoint.facts.operationID
            #expect(name.utf8.count <= 64, "\(name)")
            #expect(
                name.utf8.allSatisfy { UInt8(ascii: "A") <= $0 && $0 <= UInt8(ascii: "z") || $0 == UInt8(ascii: ".") },
                "\(name)"
            )
        }
    }
}

extension TestServer {
    fileprivate func refusals() async throws -> [Row] {
        try await house.rows("SELECT * FROM audit_log WHERE action = 'REQUEST.REFUSED' ORDER BY seq")
    }
}
