import Assistant
import Foundation
import Knowledge
import Portal
import Records
import Retrieval
import Store
import Support
import Testing

@Suite("Editing articles")
struct ArticleEditingTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var edda: Principal { test.people.editor.principal }
    private var ada: Principal { test.people.administrator.principal }
    private var editing: ArticleEditing { test.portal.editing }
    private let slug = DraftArticle.slug

    private func published(_ slug: String = DraftArticle.slug) -> Article? {
        test.portal.articles.articles(of: test.practice.id, audience: Set(Audience.allCases)).first { $0.id == slug }
    }

    private func ask(_ question: String) async throws -> [String] {
        let maya = test.people.client
        let chat = try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: "en")
        return try await test.portal.chat.send(question, to: chat.id, nonce: nil, of: maya.id, as: maya.principal)
            .reply.citations.map { "\($0.articleID) \($0.articleVersion)" }
    }

    /// Brings the draft as far as approval.
    private func approve(_ slug: String = DraftArticle.slug) async throws {
        _ = try await editing.submit(slug, "en", seen: nil, as: edda)
        _ = try await editing.approve(slug, "en", note: nil, seen: nil, as: ada)
    }

    private func publish(_ source: String) async throws -> ArticleVersion {
        if published() == nil {
            _ = try await editing.create(source, as: edda)
        } else {
            _ = try await editing.save(source, to: slug, "en", seen: nil, as: edda)
        }
        try await approve()
        return try await editing.publish(slug, "en", seen: nil, as: edda)
    }

    private func travel(to moment: Timestamp) {
        test.clock.advance(.milliseconds(moment.milliseconds - test.clock.now.milliseconds))
    }

    private func conflict(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch Refusal.conflict(let text) {
            return text
        } catch {
            return "\(error)"
        }
    }

    @Test func `a draft is checked, reviewed by somebody else, published, and found at once`() async throws {
        let draft = try await editing.create(DraftArticle.source(), as: edda)
        #expect(draft.state == .draft && draft.rev == 1)
        #expect(try await editing.check(slug, "en", as: edda).isBlocked == false)
        #expect(await conflict { _ = try await editing.publish(slug, "en", seen: nil, as: edda) } != nil)
        _ = try await editing.submit(slug, "en", seen: 1, as: edda)
        let own = await conflict { _ = try await editing.approve(slug, "en", note: nil, seen: nil, as: edda) }
        #expect(own == "You wrote at this draft. Somebody else has to approve it.")
        #expect(published() == nil)
        _ = try await editing.approve(slug, "en", note: "Good.", seen: nil, as: ada)
        let version = try await editing.publish(slug, "en", seen: nil, as: edda)
        #expect(version.version == 1)
        #expect(version.authorUserID == test.people.editor.id)
        #expect(version.reviewerUserID == test.people.administrator.id)
        #expect(published()?.version == 1)
        #expect(try await ask("Can I bring my dog to my session?").first == "dog-visits 1")
        let actions = try await test.portal.desk.history(slug, as: edda).map(\.action)
        #expect(Set(actions) == [.created, .submitted, .approved, .published])
    }

    @Test func `the author may approve where the practice allows it`() async throws {
        var settings = PracticeSettings()
        settings.authorsMayApprove = true
        try await test.set(settings)
        _ = try await editing.create(DraftArticle.source(), as: edda)
        _ = try await editing.submit(slug, "en", seen: nil, as: edda)
        #expect(try await editing.approve(slug, "en", note: nil, seen: nil, as: edda).state == .approved)
    }

    @Test func `the published text stays live while the next is drafted, and a change takes the approval back`()
        async throws
    {
        _ = try await publish(DraftArticle.source())
        let next = DraftArticle.source(extra: "\nCats stay at home.\n")
        let draft = try await editing.save(next, to: slug, "en", seen: 0, as: edda)
        #expect(draft.baseVersion == 1)
        #expect(published()?.body.contains("Cats") == false)
        try await approve()
        let saved = try await editing.save(next + "\n", to: slug, "en", seen: nil, as: edda)
        #expect(saved.state == .draft && saved.reviewerUserID == nil)
        #expect(await conflict { _ = try await editing.publish(slug, "en", seen: nil, as: edda) } != nil)
        #expect(published()?.version == 1)
    }

    @Test func `an editor who was overtaken is told, with the text as it is now`() async throws {
        _ = try await editing.create(DraftArticle.source(), as: edda)
        let newer = DraftArticle.source(extra: "\nOne more line.\n")
        _ = try await editing.save(newer, to: slug, "en", seen: 1, as: ada)
        do {
            _ = try await editing.save(DraftArticle.source(), to: slug, "en", seen: 1, as: edda)
            Issue.record("it was saved")
        } catch let stale as StaleDraft {
            #expect(stale.current?.rev == 2)
            #expect(stale.current?.source == newer)
        }
        #expect(try await test.portal.desk.article(slug, "en", as: edda).draft?.source == newer)
    }

    @Test func `what was planned goes live by itself, and comes down again, by the practice's clock`() async throws {
        _ = try await editing.create(DraftArticle.source(), as: edda)
        try await approve()
        let day = test.clock.now.adding(.days(2)).day(in: test.practice.zone)
        let planned = try await editing.schedule(slug, "en", at: "\(day)T09:00", seen: nil, as: edda)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = test.practice.zone
        let moment = try #require(planned.publishAt)
        #expect(calendar.component(.hour, from: moment.date) == 9)
        try await test.drainWork()
        #expect(published() == nil)
        travel(to: moment.adding(.seconds(-1)))
        try await test.drainWork()
        #expect(published() == nil)
        travel(to: moment)
        try await test.drainWork()
        #expect(published()?.version == 1)
        try await editing.retire(slug, "en", at: "\(day)T17:30", as: edda)
        #expect(published() != nil)
        test.clock.advance(.hours(9))
        try await test.drainWork()
        #expect(published() == nil)
        #expect(try await ask("Can I bring my dog to my session?").contains("dog-visits 1") == false)
    }

    @Test func `a plan that was changed or taken back does nothing`() async throws {
        _ = try await editing.create(DraftArticle.source(), as: edda)
        try await approve()
        let day = test.clock.now.adding(.days(1)).day(in: test.practice.zone)
        _ = try await editing.schedule(slug, "en", at: "\(day)T09:00", seen: nil, as: edda)
        _ = try await editing.unschedule(slug, "en", seen: nil, as: edda)
        test.clock.advance(.days(3))
        try await test.drainWork()
        #expect(published() == nil)
    }

    @Test func `going back is a new version with the old text, and nothing is lost`() async throws {
        _ = try await publish(DraftArticle.source())
        test.clock.advance(.hours(1))
        _ = try await publish(DraftArticle.source(extra: "\nCats stay at home.\n"))
        let cited = try await ask("Can I bring my dog to my session?")
        #expect(cited.first == "dog-visits 2")
        test.clock.advance(.hours(1))
        let back = try await editing.revert(slug, "en", to: 1, as: edda)
        #expect(back.version == 3)
        #expect(published()?.body.contains("Cats") == false)
        let detail = try await test.portal.desk.article(slug, "en", as: edda)
        #expect(detail.versions.map(\.version) == [3, 2, 1])
        #expect(detail.versions.map(\.isLive) == [true, false, false])
        let difference = try await test.portal.desk.difference(slug, "en", from: .version(2), to: .live, as: edda)
        #expect(difference.lines.filter { $0.change == .removed }.map(\.text).contains("Cats stay at home."))
        // What was said from the version before still names it.
        let citations = try await test.rows(
            "SELECT article_version FROM chat_citations WHERE article_id = 'dog-visits'"
        )
        #expect(citations.allSatisfy { $0["article_version"] == .integer(2) })
        #expect(try await ask("Can I bring my dog to my session?").first == "dog-visits 3")
    }

    @Test func `an article that others link to is not taken down`() async throws {
        _ = try await publish(DraftArticle.source())
        let other = DraftArticle.source("cat-visits", extra: "\nSee [dogs at a session](/portal/library/dog-visits).\n")
            .replacing("can my emotional support animal come with me", with: "my kitten fears the carrier, what now")
            .replacing("are pets ok at the office", with: "does a cat need a leash")
            .replacing("dog", with: "cat").replacing("puppy", with: "kitten")
            .replacing("/portal/library/cat-visits", with: "/portal/library/dog-visits")
        _ = try await editing.create(other, as: edda)
        try await approve("cat-visits")
        _ = try await editing.publish("cat-visits", "en", seen: nil, as: edda)
        #expect(
            await conflict { try await editing.retire(slug, "en", as: edda) }
                == "Other articles link to this one: en/cat-visits.md."
        )
        try await editing.retire("cat-visits", "en", as: edda)
        try await editing.retire(slug, "en", as: edda)
        #expect(published() == nil)
    }

    private static let faults: [(from: String, to: String, message: String)] = [
        (DraftArticle.lead, "See [the rules](#rulse).", "there is no heading `#rulse` in `dog-visits`"),
        ("/portal/messages/new", "/portal/mesages/new", "there is no portal page `/portal/mesages/new`"),
        ("Write to the office\n", "here\n", "the link text “here” does not say where it leads"),
        (DraftArticle.lead, "![](dog.png) \(DraftArticle.lead)", "an image"),
        ("## In the", "#### In the", "a heading of level 4"),
        (DraftArticle.lead, "| a | b |", "a table or code block"),
        ("  - are pets ok at the office\n", "", "5 sample questions, fewer than 6"),
        ("are pets ok at the office", "How do I send a message to my therapist?", "is also in `message-provider`"),
        (DraftArticle.lead, String(repeating: hard, count: 4), "the text reads like school grade"),
    ]
    private static let hard =
        "Notwithstanding considerable administrative complications, accompanying domesticated animals necessitate anticipatory authorization procedures. "

    @Test(arguments: faults)
    func `the check names what is wrong and where, and keeps it from being published`(
        from: String,
        to: String,
        message: String
    ) async throws {
        _ = try await editing.create(DraftArticle.source().replacing(from, with: to), as: edda)
        let report = try await editing.check(slug, "en", as: edda)
        let finding = try #require(report.findings.first { $0.message.contains(message) }, "\(report.findings)")
        #expect(finding.severity == .error && finding.line > 1 && !finding.remedy.isEmpty)
        await #expect(throws: BlockedByCheck.self) { try await editing.submit(slug, "en", seen: nil, as: edda) }
    }

    @Test func `the check shows which questions of other articles would be lost`() async throws {
        let greedy = DraftArticle.source().replacing(
            "can my emotional support animal come with me",
            with: "how do I send a message to my therapist or my counselor"
        ).replacing("are pets ok at the office", with: "contact my counselor or my therapist")
        _ = try await editing.create(greedy, as: edda)
        let report = try await editing.check(slug, "en", as: edda)
        #expect(report.lost.allSatisfy { $0.article == "message-provider" && $0.finds == slug })
    }

    @Test func `only editors and administrators edit, and each attempt is on record`() async throws {
        let others = [
            test.people.clinician.principal, test.people.frontDesk.principal, test.people.client.principal,
            test.people.supervisor.principal,
        ]
        for principal in others {
            await #expect(throws: AccessDenied.self) {
                try await editing.create(DraftArticle.source(), as: principal)
            }
            await #expect(throws: AccessDenied.self) { try await test.portal.desk.list(as: principal) }
            await #expect(throws: AccessDenied.self) { try await test.portal.gaps.list([.open], as: principal) }
        }
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE action = 'CONTENT.CREATE' AND outcome = 'DENIED'"
            ) == others.count
        )
        _ = try await editing.create(DraftArticle.source(), as: edda)
        await #expect(throws: RecordNotFound.self) {
            try await test.portal.desk.article(slug, "en", as: test.neighbors.administrator.principal)
        }
    }

    @Test func `an overdue article is listed`() async throws {
        #expect(try await test.portal.desk.list(isOverdue: true, as: edda).isEmpty)
        try await editing.setOwner(test.people.editor.id, of: "coping-panic", as: edda)
        test.clock.advance(.days(900))
        let overdue = try await test.portal.desk.list(isOverdue: true, as: edda)
        #expect(overdue.map(\.slug) == TestPortal.articles)
        #expect(overdue.first { $0.slug == "coping-panic" }?.owner == test.people.editor.id)
    }

    @Test func `the page holds nothing that a reader's browser would run`() {
        let article = Article(
            id: "x",
            title: "<script>alert(1)</script>",
            questions: [],
            body:
                "A *word* of **ours** [inside](/portal/billing) [outside](javascript:alert) <b onclick=x>{{provider_name}}\n\n## One & two\n\n- a\n- b\n"
        )
        let html = ArticlePage.html(article)
        #expect(!html.contains("<script") && !html.contains("javascript:") && !html.contains("<b "))
        #expect(html.contains("<em>word</em>") && html.contains("<strong>ours</strong>"))
        #expect(html.contains("<a href=\"/portal/billing\">inside</a>"))
        #expect(html.contains("<h2 id=\"one-two\">One &amp; two</h2>"))
        #expect(html.contains("<span class=\"live-field\">provider_name</span>"))
    }
}
