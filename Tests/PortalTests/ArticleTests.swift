import Assistant
import Foundation
import Knowledge
import Portal
import Records
import Retrieval
import Store
import Support
import Testing

@Suite("Publishing articles")
struct ArticleTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var files: [KnowledgeFile] {
        get throws { try KnowledgeFile.readAll(below: test.configuration.corpus, extensions: ["md"]) }
    }

    private func publish(_ files: [KnowledgeFile]) async throws -> [String] {
        try await test.portal.articles.publish(files, for: test.practice.id)
    }

    private func changed(_ name: String, _ change: (String) -> String) throws -> KnowledgeFile {
        var file = try #require(try files.first { $0.path.hasSuffix("\(name).md") })
        file.text = change(file.text)
        return file
    }

    private func versions(_ slug: String) async throws -> [Row] {
        try await test.rows(
            """
            SELECT v.* FROM resource_versions v JOIN resources r ON r.id = v.resource_id
            WHERE r.practice_id = \(test.practice.id) AND r.slug = \(slug) ORDER BY v.version
            """
        )
    }

    private func article(_ slug: String) -> Article? {
        test.portal.articles.articles(of: test.practice.id, audience: [.public_, .clients]).first { $0.id == slug }
    }

    private func ask(_ question: String) async throws -> [String] {
        let maya = test.people.client
        let conversation = try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: "en")
        return try await test.portal.chat.send(
            question,
            to: conversation.id,
            nonce: nil,
            of: maya.id,
            as: maya.principal
        )
        .reply.citations.map { "\($0.articleID) \($0.articleVersion)" }
    }

    @Test func `publishing the same again changes nothing`() async throws {
        let before = try await Contents(of: test)
        #expect(try await publish(files) == [])
        try await test.openAgain().close()
        #expect(try await Contents(of: test) == before)
    }

    @Test func `a changed file is a new version, and the one before it retires`() async throws {
        #expect(try await ask("What should I do during a panic attack?").first == "coping-panic 1")
        test.clock.advance(.days(1))
        let file = try changed("coping-panic") {
            $0.replacing("a sudden wave of strong fear", with: "a sudden and passing wave of fear")
        }
        #expect(try await publish([file]) == ["coping-panic"])
        let rows = try await versions("coping-panic")
        #expect(rows.map { $0["version"] } == [.integer(1), .integer(2)])
        #expect(rows.map { $0["retired_at"] } == [.integer(test.clock.now.milliseconds), .null])
        #expect(rows.last?["published_at"] == .integer(test.clock.now.milliseconds))
        #expect(article("coping-panic")?.version == 2)
        // In use at once, and after a restart.
        #expect(try await ask("What should I do during a panic attack?").first == "coping-panic 2")
        let again = try await test.openAgain()
        #expect(
            again.articles.articles(of: test.practice.id, audience: [.clients]).first { $0.id == "coping-panic" }?
                .version == 3,
            "the folder's text is published again at start-up"
        )
        try again.close()
    }

    @Test func `the text of an earlier version is kept as it was`() async throws {
        let original = try #require(try files.first { $0.path.hasSuffix("coping-panic.md") }).text
        _ = try await publish([try changed("coping-panic") { $0 + "\nOne more line.\n" }])
        _ = try await publish([try changed("coping-panic") { $0 }])
        #expect(
            try await versions("coping-panic").map { $0["source"] } == [
                .text(original), .text(original + "\nOne more line.\n"), .text(original),
            ]
        )
        #expect(article("coping-panic")?.version == 3)
    }

    @Test func `a faulty file is named, and nothing of the rest is published`() async throws {
        let before = try await Contents(of: test)
        let good = try changed("message-provider") { $0 + "\nOne more line.\n" }
        let bad = try changed("coping-panic") { $0.replacing("audience: clients", with: "audience: everyone") }
        do {
            _ = try await publish([good, bad])
            Issue.record("it was published")
        } catch let error as KnowledgeError {
            #expect(error.diagnostics.contains { $0.file.hasSuffix("coping-panic.md") })
        }
        #expect(try await Contents(of: test) == before)
        #expect(article("message-provider")?.version == 1)
    }

    @Test func `two files for one article are a fault`() async throws {
        var twin = try changed("coping-panic") { $0 + "\nOne more line.\n" }
        twin.path += ".copy.md"
        let before = try await Contents(of: test)
        await #expect(throws: KnowledgeError.self) { try await publish(files + [twin]) }
        #expect(try await Contents(of: test) == before)
    }

    @Test func `a practice's articles are its own`() async throws {
        _ = try await publish([try changed("coping-panic") { $0 + "\nOne more line.\n" }])
        let neighbors = test.portal.articles.articles(of: test.neighbors.client.client.practiceID, audience: [.clients])
        #expect(neighbors.first { $0.id == "coping-panic" }?.version == 1)
    }

    @Test func `only what is meant for the reader is shown`() async throws {
        let file = try changed("coping-panic") { $0.replacing("audience: clients", with: "audience: guardians") }
        _ = try await publish([file])
        #expect(article("coping-panic") == nil)
        #expect(
            try await ask("What should I do during a panic attack?").contains { $0.hasPrefix("coping-panic") } == false
        )
    }
}
