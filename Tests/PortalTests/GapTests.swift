import Assistant
import Foundation
import Portal
import Records
import Support
import Testing

@Suite("Unanswered questions")
struct GapTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var edda: Principal { test.people.editor.principal }
    private var ada: Principal { test.people.administrator.principal }

    @discardableResult
    private func ask(_ question: String, as person: TestClient) async throws -> ChatService.Answer {
        let chat = try await test.portal.chat.open(for: person.id, as: person.principal, locale: "en")
        let answer = try await test.portal.chat.send(
            question,
            to: chat.id,
            nonce: nil,
            of: person.id,
            as: person.principal
        )
        try await test.drainWork()
        return answer
    }

    private func gaps(_ states: Set<ContentGap.State> = Set(ContentGap.State.allCases)) async throws
        -> [GapService.Summary]
    {
        try await test.portal.gaps.list(states, as: edda)
    }

    private func publishDogs() async throws {
        _ = try await test.portal.editing.create(DraftArticle.source(), as: edda)
        _ = try await test.portal.editing.submit(DraftArticle.slug, "en", seen: nil, as: edda)
        _ = try await test.portal.editing.approve(DraftArticle.slug, "en", note: nil, seen: nil, as: ada)
        _ = try await test.portal.editing.publish(DraftArticle.slug, "en", seen: nil, as: ada)
    }

    @Test func `like questions are one gap, counted by week, and others are another`() async throws {
        let people = test.people
        try await ask("Can I bring my dog to my session?", as: people.client)
        test.clock.advance(.days(8))
        try await ask("is it ok to bring my dog along to the session", as: people.sibling)
        try await ask("Do you sell gift vouchers for christmas?", as: people.stranger)
        let found = try await gaps()
        #expect(found.map(\.questions) == [2, 1])
        #expect(found.first?.weeks == ["2025-03-03": 1, "2025-03-10": 1])
        #expect(found.first?.gap.state == .open)
    }

    @Test func `no word of a question is shown before three clients asked, and then none that only one used`()
        async throws
    {
        let people = test.people
        try await ask("Can I bring my dog Zebrafinch to my session?", as: people.client)
        try await ask("Can I bring my dog to my session, asks Quillfeather", as: people.sibling)
        let early = try #require(try await gaps().first)
        #expect(early.questions == 2 && early.clients == nil && early.examples.isEmpty)
        try await ask("Can I bring my dog to my session please", as: people.stranger)
        let summary = try #require(try await gaps().first)
        #expect(summary.questions == 3 && summary.clients == 3)
        #expect(summary.examples.isEmpty == false)
        let shown = summary.examples.joined(separator: "\n")
        #expect(shown.contains("dog"))
        #expect(!shown.lowercased().contains("zebrafinch") && !shown.lowercased().contains("quillfeather"))
    }

    @Test func `a client can let the editors read their question and comment`() async throws {
        let maya = test.people.client
        let answer = try await ask("What should I do when I have a panic attack on the ferry?", as: maya)
        #expect(answer.reply.decision == .answer)
        let message = try #require(answer.messageID)
        let (kept, panel) = try await test.portal.feedback.give(
            .init(isHelpful: false, reason: .incomplete, comment: "Nothing about ferries"),
            on: message,
            of: maya.id,
            as: maya.principal
        )
        #expect(panel == nil)
        #expect(kept.articleSlug == "coping-panic" && kept.articleVersion == 1)
        try await test.drainWork()
        #expect(try await gaps().first?.examples == [])
        #expect(try await test.portal.contentReporting.comments(as: edda).isEmpty)
        _ = try await test.portal.feedback.give(
            .init(isHelpful: false, reason: .incomplete, comment: "Nothing about ferries", isReleased: true),
            on: message,
            of: maya.id,
            as: maya.principal
        )
        #expect(try await gaps().first?.examples == ["What should I do when I have a panic attack on the ferry?"])
        #expect(try await test.portal.contentReporting.comments(as: edda).map(\.text) == ["Nothing about ferries"])
        let report = try await test.portal.contentReporting.report(
            from: test.clock.now.adding(.days(-1)),
            until: test.clock.now.adding(.days(1)),
            as: edda
        )
        #expect(report.opinions.map(\.article) == ["coping-panic"])
        #expect(report.opinions.first?.version == 1)
        #expect(report.opinions.first?.unhelpful == 1)
        #expect(report.opinions.first?.reasons == ["INCOMPLETE": 1])
    }

    @Test func `what a client writes in danger is no gap, and a comment is read for danger`() async throws {
        let maya = test.people.client
        try await ask("I want to kill myself tonight", as: maya)
        #expect(try await gaps().isEmpty)
        let answer = try await ask("What should I do when I have a panic attack?", as: maya)
        let (_, panel) = try await test.portal.feedback.give(
            .init(isHelpful: false, comment: "I want to kill myself tonight"),
            on: try #require(answer.messageID),
            of: maya.id,
            as: maya.principal
        )
        #expect(panel != nil)
        #expect(try await test.alerts().isEmpty == false)
    }

    @Test func `nobody judges the answers to another's questions`() async throws {
        let answer = try await ask("What should I do when I have a panic attack?", as: test.people.client)
        let message = try #require(answer.messageID)
        let jordan = test.people.sibling
        await #expect(throws: RecordNotFound.self) {
            try await test.portal.feedback.give(
                .init(isHelpful: false),
                on: message,
                of: jordan.id,
                as: jordan.principal
            )
        }
    }

    @Test func `a gap is closed when its questions are answered, and open again when a like one is not`() async throws {
        let people = test.people
        try await ask("Can I bring my dog to my session?", as: people.client)
        try await ask("is it ok to bring my dog along to the session", as: people.sibling)
        let gap = try #require(try await gaps().first).gap
        try await publishDogs()
        #expect(try await gaps().first?.gap.state == .open)
        let closed = try await test.portal.gaps.edit(gap.id, .init(article: DraftArticle.slug), as: edda)
        #expect(closed.state == .proven)
        #expect(closed.version == 1 && closed.askedAgain == 2 && closed.answered == 2)
        try await test.portal.editing.retire(DraftArticle.slug, "en", as: ada)
        try await ask("can I bring my dog along to the session", as: people.stranger)
        #expect(try await gaps().first?.gap.state == .published)
    }

    @Test func `a gap of another practice is not there`() async throws {
        try await ask("Can I bring my dog to my session?", as: test.people.client)
        let gap = try #require(try await gaps().first).gap
        let nora = test.neighbors.administrator.principal
        #expect(try await test.portal.gaps.list(Set(ContentGap.State.allCases), as: nora).isEmpty)
        await #expect(throws: RecordNotFound.self) {
            try await test.portal.gaps.edit(gap.id, .init(paraphrase: "x"), as: nora)
        }
    }

    @Test func `the report counts by week and topic, and what came back within seven days`() async throws {
        let maya = test.people.client
        let question = "What should I do when I have a panic attack?"
        try await ask(question, as: maya)
        test.clock.advance(.days(3))
        try await ask(question, as: maya)
        test.clock.advance(.days(8))
        try await ask(question, as: maya)
        try await ask("Do you sell gift vouchers for christmas?", as: maya)
        let report = try await test.portal.contentReporting.report(
            from: test.clock.now.adding(.days(-30)),
            until: test.clock.now.adding(.days(1)),
            as: edda
        )
        let panic = report.lines.filter { $0.topic == "coping-panic" }
        #expect(panic.map(\.week) == ["2025-03-03", "2025-03-10"])
        #expect(panic.map(\.answered) == [2, 1])
        #expect(panic.map(\.reopened) == [1, 0])
        #expect(report.lines.map { $0.abstained + $0.clarified }.reduce(0, +) == 1)
        #expect(report.gaps == ["OPEN": 1])
    }

    @Test func `a deleted client's questions go with them`() async throws {
        try await ask("Can I bring my dog to my session?", as: test.people.client)
        _ = try await test.portal.oversight.deletion.delete(
            test.people.client.id,
            reason: .clientRequest,
            as: ada
        )
        #expect(try await gaps().isEmpty)
    }
}
