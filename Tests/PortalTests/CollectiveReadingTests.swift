import Records
import Store
import Support
import Testing

@testable import Portal

/// Clients' questions are read together through one door, which writes down who had it done, and what for.
@Suite("Reading across clients")
struct CollectiveReadingTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var edda: TestStaff { test.people.editor }

    private func ask(_ question: String, as person: TestClient) async throws {
        let chat = try await test.portal.chat.open(for: person.id, as: person.principal, locale: "en")
        _ = try await test.portal.chat.send(question, to: chat.id, nonce: nil, of: person.id, as: person.principal)
        try await test.drainWork()
    }

    /// Use, number of clients, who, of the rows that were written since.
    private func rows(since seq: Int) async throws -> [String] {
        try await test.rows(
            "SELECT * FROM audit_log WHERE action = 'CHAT.COLLECT' AND seq > \(seq) ORDER BY seq"
        ).map { row in
            #expect(row["client_id"] == .null && row["entity_id"] == .null)
            #expect(row["purpose"] == .text("OPERATIONS"))
            let times: Int = try row.get("times")
            return "\(try row.get("reason", as: String.self)) \(times) \(try row.get("actor_id", as: String.self))"
        }
    }

    private func seq() async throws -> Int { try await test.count("SELECT MAX(seq) AS count FROM audit_log") }

    @Test func `every reading is on record with its use and the number of clients`() async throws {
        try await ask("Can I bring my dog to my session?", as: test.people.client)
        #expect(try await rows(since: 0) == ["CONTENT_GAPS 1 content.gather"])
        try await ask("is it ok to bring my dog along to the session", as: test.people.sibling)
        var before = try await seq()
        _ = try await test.portal.gaps.list([.open], as: edda.principal)
        #expect(try await rows(since: before) == ["CONTENT_GAPS 2 \(edda.id)"])
        before = try await seq()
        _ = try await test.portal.editing.create(DraftArticle.source(), as: edda.principal)
        _ = try await test.portal.editing.submit(DraftArticle.slug, "en", seen: nil, as: edda.principal)
        #expect(try await rows(since: before).contains("CONTENT_CHECK 2 content.check"))
        before = try await seq()
        _ = try await test.portal.gaps.prove(
            try #require(try await test.portal.gaps.list([.open], as: edda.principal).first).gap.id,
            as: edda.principal
        )
        #expect(try await rows(since: before).contains("CONTENT_PROOF 2 content.prove"))
    }

    @Test func `where nobody's rows were read, nobody's record was opened`() async throws {
        let before = try await seq()
        _ = try await test.portal.gaps.list([.open], as: edda.principal)
        _ = try await test.portal.contentReporting.comments(as: edda.principal)
        #expect(try await rows(since: before).isEmpty)
    }

    @Test func `another practice's clients are not read`() async throws {
        let noel = test.neighbors.client
        try await ask("Can I bring my dog to my session?", as: noel)
        let before = try await seq()
        #expect(try await test.portal.gaps.list([.open], as: edda.principal).isEmpty)
        #expect(try await rows(since: before).isEmpty)
    }

    @Test func `accounts, and staff whom the use is not for, are refused`() async throws {
        let policy = test.portal.chat.gate.policy
        for principal in [
            test.people.client.principal, test.people.clinician.principal, test.people.frontDesk.principal,
        ] {
            await #expect(throws: AccessDenied()) {
                try await test.portal.database.write { transaction in
                    try policy.readCollectively(
                        .chat,
                        for: .contentGaps,
                        as: principal,
                        entity: "chat_outcomes",
                        in: transaction
                    ) { _ in }
                }
            }
        }
    }
}
