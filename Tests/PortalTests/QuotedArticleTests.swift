import Foundation
import Knowledge
import Portal
import Records
import Retrieval
import Store
import Support
import Testing

/// What the assistant quoted stays open to whom it was shown.
@Suite("The quoted version")
struct QuotedArticleTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var maya: TestClient { test.people.client }
    private var file: URL { test.configuration.corpus.appending(path: "en/coping-panic.md") }

    private func ask() async throws -> ChatService.Answer {
        let conversation = try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: "en")
        return try await test.portal.chat.send(
            "What should I do when I have a panic attack?",
            to: conversation.id,
            nonce: nil,
            of: maya.id,
            as: maya.principal
        )
    }

    private func quoted(_ answer: ChatService.Answer, as client: TestClient? = nil) async throws -> [QuotedArticle] {
        let client = client ?? maya
        return try await test.portal.chat.quoted(
            in: try #require(answer.messageID),
            of: client.id,
            as: client.principal
        )
    }

    private func revise() async throws {
        test.clock.advance(.hours(1))
        let text = try String(contentsOf: file, encoding: .utf8)
        try (text + "\n\nOne more line, which came later.\n").write(to: file, atomically: true, encoding: .utf8)
        try await test.portal.publishCorpus()
    }

    @Test func `it opens as it was quoted, also after it was replaced, and says what stands in its place`() async throws
    {
        let answer = try await ask()
        let before = try await quoted(answer)
        #expect(before.map(\.article.id) == ["coping-panic"])
        #expect(before.first?.outOfDateSince == nil && before.first?.current == nil)
        try await revise()
        let now = test.clock.now
        let after = try #require(try await quoted(answer).first)
        #expect(after.article == before.first?.article)
        #expect(!after.article.body.contains("which came later"))
        #expect(after.number == 1)
        #expect(after.outOfDateSince == now)
        #expect(after.current?.slug == "coping-panic" && after.current?.version == 2)
        // Who asks now is shown the new one.
        let later = try await quoted(try await ask())
        #expect(later.map(\.article.version) == [2])
        #expect(later.first?.article.body.contains("which came later") == true)
    }

    @Test func `it opens after it was taken down, with nothing in its place`() async throws {
        let answer = try await ask()
        test.clock.advance(.hours(1))
        try await test.execute("UPDATE resource_versions SET retired_at = \(test.clock.now) WHERE locale = 'en'")
        try await test.execute("UPDATE resources SET status = 'RETIRED'")
        try await test.portal.articles.refresh()
        let quoted = try #require(try await quoted(answer).first)
        #expect(quoted.outOfDateSince == test.clock.now)
        #expect(quoted.current == nil)
        #expect(test.portal.articles.articles(of: test.practice.id, audience: [.public_, .clients]).isEmpty)
    }

    @Test func `what stands in its place is named only where the client may read it`() async throws {
        let answer = try await ask()
        try await revise()
        try await test.execute("UPDATE resources SET audience = 'GUARDIANS' WHERE slug = 'coping-panic'")
        let quoted = try #require(try await quoted(answer).first)
        #expect(quoted.outOfDateSince != nil && quoted.current == nil)
    }

    @Test func `nobody else is shown it, and the refusal is on record`() async throws {
        let answer = try await ask()
        try await revise()
        await #expect(throws: RecordNotFound()) { try await quoted(answer, as: test.people.sibling) }
        await #expect(throws: AccessDenied()) {
            try await test.portal.chat.quoted(
                in: try #require(answer.messageID),
                of: maya.id,
                as: test.people.clinician.principal
            )
        }
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE action = 'CHAT.READ' AND outcome = 'DENIED'"
            ) == 2
        )
    }

    @Test func `the assistant's own message opens the same, and one that quotes nothing is empty`() async throws {
        let answer = try await ask()
        let row = try #require(try await test.rows("SELECT id FROM chat_messages WHERE role = 'ASSISTANT'").first)
        let own = try await test.portal.chat.quoted(in: try row.get("id"), of: maya.id, as: maya.principal)
        #expect(own.map(\.article) == (try await quoted(answer)).map(\.article))
        let conversation = try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: "en")
        let hello = try await test.portal.chat.send(
            "hello",
            to: conversation.id,
            nonce: nil,
            of: maya.id,
            as: maya.principal
        )
        #expect(try await quoted(hello).isEmpty)
    }

    @Test func `a citation of an older program, without language and id, opens where its number is clear`() async throws
    {
        let answer = try await ask()
        try await test.execute("UPDATE chat_citations SET locale = NULL, resource_version_id = NULL")
        try await revise()
        #expect(try await quoted(answer).map(\.article.version) == [1])
    }
}
