import Foundation
import Knowledge
import Portal
import Records
import Retrieval
import Support
import Testing

@Suite("The corpus folder and the practice's articles")
struct CorpusExchangeTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var edda: Principal { test.people.editor.principal }
    private var ada: Principal { test.people.administrator.principal }
    private var corpus: URL { test.configuration.corpus }

    private func file(_ slug: String) -> URL { corpus.appending(path: "en/\(slug).md") }
    private func text(_ slug: String) throws -> String { try String(contentsOf: file(slug), encoding: .utf8) }

    private func take(_ rule: CorpusImport = .init()) async throws -> [String: CorpusAgreement.State] {
        let files = try KnowledgeFile.readAll(below: corpus, extensions: ["md"])
        let agreements = try await test.portal.corpus.take(files, as: rule, by: ada)
        return Dictionary(uniqueKeysWithValues: agreements.map { ($0.slug, $0.state) })
    }

    private func publish(_ source: String, _ slug: String) async throws {
        if try await test.portal.desk.list(as: edda).contains(where: { $0.slug == slug }) {
            _ = try await test.portal.editing.save(source, to: slug, "en", seen: nil, as: edda)
        } else {
            _ = try await test.portal.editing.create(source, as: edda)
        }
        _ = try await test.portal.editing.submit(slug, "en", seen: nil, as: edda)
        _ = try await test.portal.editing.approve(slug, "en", note: nil, seen: nil, as: ada)
        _ = try await test.portal.editing.publish(slug, "en", seen: nil, as: ada)
    }

    private func live(_ slug: String, in portal: Portal? = nil) -> String? {
        (portal ?? test.portal).articles.articles(of: test.practice.id, audience: [.clients]).first { $0.id == slug }?
            .body
    }

    @Test func `what an editor published outlives a restart, and the folder gets it by export`() async throws {
        let own = try text("coping-panic") + "\nOne more line.\n"
        try await publish(own, "coping-panic")
        let again = try await test.openAgain()
        #expect(live("coping-panic", in: again)?.contains("One more line.") == true)
        try again.close()
        #expect(try await take()["coping-panic"] == .ownText)
        #expect(try await test.portal.corpus.write(to: corpus, removesOthers: false, as: ada) == ["en/coping-panic.md"])
        #expect(try text("coping-panic") == own)
        #expect(try await test.portal.corpus.write(to: corpus, removesOthers: false, as: ada) == [])
        #expect(try await take()["coping-panic"] == .same)
        // From here on the file leads again.
        try (own + "\nAnd another.\n").write(to: file("coping-panic"), atomically: true, encoding: .utf8)
        #expect(try await take()["coping-panic"] == .taken)
        #expect(live("coping-panic")?.contains("And another.") == true)
    }

    @Test func `when both changed, the practice's text stands until somebody decides`() async throws {
        try await publish(try text("coping-panic") + "\nOne more line.\n", "coping-panic")
        try (try text("coping-panic") + "\nFrom the folder.\n")
            .write(to: file("coping-panic"), atomically: true, encoding: .utf8)
        #expect(try await take()["coping-panic"] == .bothChanged)
        #expect(live("coping-panic")?.contains("One more line.") == true)
        #expect(try await take(.init(overwrites: true))["coping-panic"] == .taken)
        #expect(live("coping-panic")?.contains("From the folder.") == true)
    }

    @Test func `a file that is gone is reported, and its article taken down when asked`() async throws {
        try FileManager.default.removeItem(at: file("coping-panic"))
        #expect(try await take()["coping-panic"] == .missing)
        #expect(live("coping-panic") != nil)
        #expect(try await take(.init(retiresMissing: true))["coping-panic"] == .retired)
        #expect(live("coping-panic") == nil)
        #expect(try await take()["coping-panic"] == nil)
    }

    @Test func `an article that the practice took down does not come back by itself`() async throws {
        try await test.portal.editing.retire("coping-panic", "en", as: ada)
        let again = try await test.openAgain()
        #expect(live("coping-panic", in: again) == nil)
        try again.close()
        #expect(try await take()["coping-panic"] == .takenDown)
        #expect(try await take(.init(overwrites: true))["coping-panic"] == .taken)
    }

    @Test func `an article of the practice's own is exported, and a draft is not`() async throws {
        try await publish(DraftArticle.source(), DraftArticle.slug)
        _ = try await test.portal.editing.create(
            DraftArticle.source("cat-visits").replacing("dog", with: "cat"),
            as: edda
        )
        #expect(try await take()[DraftArticle.slug] == .onlyHere)
        #expect(try await test.portal.corpus.write(to: corpus, removesOthers: true, as: ada) == ["en/dog-visits.md"])
        #expect(try text(DraftArticle.slug) == DraftArticle.source())
        #expect(try await take()[DraftArticle.slug] == .same)
    }

    @Test func `what another process publishes is loaded`() async throws {
        let other = try await test.openAgain()
        try await publish(try text("coping-panic") + "\nOne more line.\n", "coping-panic")
        #expect(live("coping-panic", in: other)?.contains("One more line.") == false)
        try await other.articles.refresh()
        #expect(live("coping-panic", in: other)?.contains("One more line.") == true)
        try other.close()
    }
}
