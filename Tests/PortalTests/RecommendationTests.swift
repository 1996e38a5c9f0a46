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
        #expect(found.map(\.article.id) == ["mood-tracking"])
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
        #expect(Set(found.map(\.article.id)) == ["coping-breathing", "coping-grounding"])
        #expect(found.allSatisfy { $0.reason.hasPrefix("You read “") && $0.source == .reading })
    }

    @Test func `homework brings what goes with it`() async throws {
        _ = try await test.portal.records.perform(
            HomeworkAssignment.assign,
            .init(title: "Breathe", homeworkType: .mindfulness),
            of: test.people.client.id,
            as: test.people.clinician.principal
        )
        #expect(try await items().map(\.article.id) == ["coping-breathing", "coping-grounding"])
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
