import Portal
import Records
import Retrieval
import Store
import Support
import Testing

@Suite("Recommendations")
struct RecommendationTests {
    let test: TestPortal

    init() async throws {
        test = try await TestPortal(articles: ["coping-panic", "coping-grounding", "coping-breathing", "mood-tracking"])
    }

    private func items(_ language: String = "en") async throws -> [RecommendationService.Recommendation] {
        let maya = test.people.client
        return try await test.portal.recommendations.recommendations(
            for: maya.id,
            language: language,
            as: maya.principal
        ).items
    }

    private func note(_ action: ArticleEngagement.Action, _ slug: String) async throws {
        let maya = test.people.client
        try await test.portal.recommendations.note(action, on: slug, language: "en", for: maya.id, as: maya.principal)
    }

    @Test func `nothing is recommended to somebody of whom nothing is known`() async throws {
        #expect(try await items().isEmpty)
    }

    @Test func `a questionnaire brings articles, with a reason that says nothing of the score`() async throws {
        try await test.complete("PHQ-9", PHQ9.severe)
        let found = try await items()
        #expect(found.map(\.article?.id) == ["mood-tracking"])
        #expect(found.map(\.reason) == ["You filled in the PHQ-9."])
        #expect(try await items("es").map(\.reason) == ["Usted completó el cuestionario PHQ-9."])
    }

    @Test func `a score below the line brings none`() async throws {
        try await test.complete("PHQ-9", PHQ9.minimal)
        #expect(try await items().isEmpty)
    }

    @Test func `what was read or not wanted is not recommended again, and leads to its likes`() async throws {
        try await test.complete("PHQ-9", PHQ9.severe)
        try await note(.dismiss, "mood-tracking")
        #expect(try await items().isEmpty)
        try await note(.view, "coping-panic")
        let found = try await items()
        #expect(Set(found.map(\.article?.id)) == ["coping-breathing", "coping-grounding"])
        #expect(found.allSatisfy { $0.reason.hasPrefix("You read “") && $0.source == .reading })
    }

    @Test func `homework brings what goes with it`() async throws {
        _ = try await test.portal.records.perform(
            HomeworkAssignment.assign,
            .init(title: "Breathe", homeworkType: .mindfulness),
            of: test.people.client.id,
            as: test.people.clinician.principal
        )
        #expect(try await items().map(\.article?.id) == ["coping-breathing", "coping-grounding"])
    }

    @Test func `the client turns it off and on`() async throws {
        let maya = test.people.client
        try await test.complete("PHQ-9", PHQ9.severe)
        try await test.portal.recommendations.turn(on: false, for: maya.id, as: maya.principal)
        #expect(try await items().isEmpty)
        try await test.portal.recommendations.turn(on: true, for: maya.id, as: maya.principal)
        #expect(try await items().count == 1)
    }

    @Test func `an overdue article is not recommended`() async throws {
        test.clock.advance(.days(900))
        try await test.complete("PHQ-9", PHQ9.severe)
        #expect(try await items().isEmpty)
    }

    @Test func `exercises and worksheets are told from what is only read`() async throws {
        for (title, type) in [
            ("Evidence for a thought", HomeworkAssignment.HomeworkType.thoughtRecord), ("Breathe", .mindfulness),
        ] {
            _ = try await test.portal.records.perform(
                HomeworkAssignment.assign,
                .init(title: SealedText(title), homeworkType: type),
                of: test.people.client.id,
                as: test.people.clinician.principal
            )
        }
        let found = try await items()
        #expect(found.map(\.kind) == [.worksheet, .exercise, .exercise, .article])
        #expect(found.first?.title == "Evidence for a thought" && found.first?.path == "/portal/homework")
        #expect(found.first?.reason == "Your therapist gave you this to work on.")
        #expect(found.last?.path == "/portal/library/mood-tracking")
    }

    @Test func `answers that tell of danger bring the way to help and nothing to read about it`() async throws {
        let answers = [3, 3, 3, 3, 2, 2, 2, 2, 2, 2]
        try await test.complete("PHQ-9", answers)
        let first = try #require(try await items().first)
        #expect(first.kind == .help && first.path == "/help-now" && first.source == .safety)
        for word in ["suicid", "PHQ", "answer", "depress"] {
            #expect(!first.reason.lowercased().contains(word.lowercased()))
        }
        let articles = try await items().compactMap(\.article)
        #expect(articles.allSatisfy { !$0.topics.contains("crisis") })
        // The switch turns this off, too: help is on every page anyway. Later answers without danger take it away.
        test.clock.advance(.days(1))
        try await test.complete("PHQ-9", PHQ9.severe)
        #expect(try await items().allSatisfy { $0.kind != .help })
    }

    @Test func `what was read about a crisis leads to no recommendation, and none is ever of that topic`() async throws
    {
        let test = try await TestPortal(articles: [
            "crisis-resources", "safety-plan", "urgent-messages", "message-provider",
        ])
        let maya = test.people.client
        func items() async throws -> [RecommendationService.Recommendation] {
            try await test.portal.recommendations.recommendations(for: maya.id, language: "en", as: maya.principal)
                .items
        }
        for slug in ["safety-plan", "urgent-messages"] {
            try await test.portal.recommendations.note(
                .view,
                on: slug,
                language: "en",
                for: maya.id,
                as: maya.principal
            )
        }
        #expect(try await items().isEmpty)
        try await test.portal.recommendations.note(
            .view,
            on: "message-provider",
            language: "en",
            for: maya.id,
            as: maya.principal
        )
        #expect(try await items().allSatisfy { !($0.article?.topics.contains("crisis") ?? false) })
    }

    @Test func `nobody else sees what is recommended to a client`() async throws {
        for principal in [test.people.clinician.principal, test.people.sibling.principal] {
            await #expect(throws: AccessDenied.self) {
                try await test.portal.recommendations.recommendations(
                    for: test.people.client.id,
                    language: "en",
                    as: principal
                )
            }
        }
    }
}
