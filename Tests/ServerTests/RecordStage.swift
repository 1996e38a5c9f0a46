import Foundation
import Portal
import Records
import Support
import Testing

@testable import Server

/// A record of Maya's with something of every kind in it, and the ids of all that.
struct RecordStage: Sendable {
    /// By the name of a path's parameter; those of the declared kinds by their collection, such as `/journal`.
    let ids: [String: String]

    /// Fills Maya's record through the API.
    init(_ server: TestServer, _ caller: Caller) async throws {
        let maya = try await caller.asClient("maya")
        let conversation = try await maya.post("/api/v1/portal/chat/conversations")
        let chat = try #require(conversation["id"]?.text)
        let asked = try await maya.post(
            "/api/v1/portal/chat/conversations/\(chat)/messages",
            ["text": "I want to die"]
        )
        let assessment = try await maya.post("/api/v1/portal/assessments", ["instrument": "PHQ-9"])
        let records = try await server.house.keepRecords(
            of: server.house.people.client,
            by: server.house.people.clinician
        )
        let contact = try await maya.post(
            "/api/v1/portal/profile/emergency-contacts",
            ["name": "Rosa", "phone": "555 0177"]
        )
        let restriction = try await maya.post("/api/v1/portal/profile/restrictions", ["channel": "SMS"])
        try await server.house.drainWork()
        let people = server.house.people
        let link = try await server.house.portal.exports.link(
            to: try #require(records["export"].flatMap { ID($0) }),
            .json,
            of: people.client.id,
            as: people.client.principal
        ).link
        let cora = try await caller.asStaff("cora")
        let alert = try await cora.get("/api/v1/therapist/alerts")["alerts"]?[0]?["id"]?.text
        let notification = try await cora.get("/api/v1/therapist/portal-notifications")["notifications"]?[0]?["id"]?
            .text
        let consent = try await maya.post(
            "/api/v1/portal/family",
            ["kind": "FAMILY", "email": "sister@mail.example", "areas": ["PLAN"]]
        )
        let relationship = try await server.house.relate(
            server.house.addProxy("attorney"),
            to: server.house.people.client.id,
            as: .powerOfAttorney
        )
        let emergency = try await server.house.portal.emergencyAccess.open(
            server.house.people.client.id,
            reason: "x",
            as: server.house.people.supervisor.principal
        )
        let own = try await maya.get("/api/v1/portal/auth/sessions")
        var known = records
        known["message"] = try #require(asked["message_id"]?.text)
        known["language"] = "en"
        // A practice's own rule that is not there, and a version of them.
        known["rule"] = "practice.none"
        // Of a gap that is not there.
        known["gap"] = server.house.people.supervisor.id.text
        ids = known.merging([
            "consent": try #require(consent["id"]?.text), "relationship": relationship.text,
            "access": emergency.id.text,
            "client": server.house.people.client.id.text, "conversation": chat,
            "assessment": try #require(assessment["id"]?.text), "alert": try #require(alert),
            "notification": try #require(notification), "article": "message-provider", "link": link, "factor": "TOTP",
            "member": server.house.people.clinician.id.text,
            // Of a claim that is not there.
            "registration": server.house.people.supervisor.id.text,
            "session": try #require(own["sessions"]?[0]?["id"]?.text),
            "device": try #require(own["devices"]?[0]?["id"]?.text),
            "contact": try #require(contact["id"]?.text), "restriction": try #require(restriction["id"]?.text),
        ]) { first, _ in first }
    }

    /// The path with the ids of Maya's records in it.
    func fill(_ path: String) throws -> String {
        var filled = path
        for (name, id) in ids {
            // A record's id stands under its collection.
            filled = filled.replacing(
                name.contains("/") ? "\(name)/{record}" : "{\(name)}",
                with: name.contains("/") ? "\(name)/\(id)" : id
            )
        }
        try #require(!filled.contains("{"), "the test knows no id for \(path)")
        return filled
    }
}
