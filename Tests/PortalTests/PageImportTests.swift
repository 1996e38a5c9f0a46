import Foundation
import Knowledge
import Portal
import Records
import Retrieval
import Support
import Testing

@Suite("HTML pages that become drafts")
struct PageImportTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var edda: Principal { test.people.editor.principal }

    private static let page = """
        <html lang=en><body><h1>Bringing your “dog”: what to know</h1><script>x()</script>
        <p onclick=x()>You may bring a dog. See <a href="/portal/appointments">your appointments</a>,
        <a href="/portal/nowhere">this</a> and <a href="javascript:x()">that</a>. {{provider_name}}</p></body></html>
        """

    @Test func `a page becomes a draft that tells what was left out, and nobody sees it before it is published`()
        async throws
    {
        let imported = try await test.portal.editing.takePage(Array(Self.page.utf8), file: "C:\\x\\dogs.html", as: edda)
        #expect(imported.slug == "bringing-your-dog-what-to-know")
        #expect(imported.draft.state == .draft)
        #expect(imported.draft.title == "Bringing your “dog”: what to know")
        #expect(imported.draft.changeNote == "Imported from dogs.html")
        #expect(
            imported.draft.source.hasSuffix(
                "---\nYou may bring a dog. See [your appointments](/portal/appointments), this and that. { {provider\\_name}}\n"
            )
        )
        let said = imported.dropped.map(\.message).joined(separator: "\n")
        for word in ["script", "onclick", "/portal/nowhere", "javascript:", "curly"] {
            #expect(said.contains(word), "\(word)")
        }
        // The usual check: topics and questions are the editor's to write.
        #expect(imported.check.isBlocked)
        #expect(imported.check.findings.contains { $0.message.contains("questions") })
        #expect(test.portal.articles.articles(of: test.practice.id, audience: [.clients]).isEmpty)
        await #expect(throws: BlockedByCheck.self) {
            try await test.portal.editing.submit(imported.slug, "en", seen: nil, as: edda)
        }
    }

    @Test func `a second page of the same name, an empty one and a stranger are refused`() async throws {
        _ = try await test.portal.editing.takePage(Array(Self.page.utf8), file: "dogs.html", as: edda)
        await #expect(throws: Refusal.self) {
            try await test.portal.editing.takePage(Array(Self.page.utf8), file: "dogs.html", as: edda)
        }
        await #expect(throws: Refusal.self) {
            try await test.portal.editing.takePage(Array("<script>x</script>".utf8), file: "a.html", as: edda)
        }
        await #expect(throws: Refusal.self) {
            try await test.portal.editing.takePage(Array("<p>x".utf8), file: "a.html", slug: "../x", as: edda)
        }
        await #expect(throws: AccessDenied.self) {
            try await test.portal.editing.takePage(
                Array(Self.page.utf8),
                file: "dogs.html",
                as: test.people.clinician.principal
            )
        }
    }
}
