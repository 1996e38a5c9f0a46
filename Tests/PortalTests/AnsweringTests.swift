import Assessment
import Portal
import Records
import Store
import Support
import Testing

@Suite("Answering a questionnaire")
struct AnsweringTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var service: AssessmentService { test.portal.assessments }

    private func save(_ responses: Responses, to id: ID<Administration>, rev: Int? = nil) async throws
        -> AdministrationView
    {
        try await service.save(responses, to: id, rev: rev, of: maya.id, as: maya.principal)
    }

    @Test func `answers are kept step by step`() async throws {
        let begun = try await test.begin()
        #expect(begun.administration.status == .inProgress)
        #expect(begun.administration.respondent == .client)
        #expect(
            begun.visibleItems.map(\.id) == (1...9).map(String.init),
            "item 10 is asked only when there is a problem"
        )
        let id = begun.administration.id
        var view = try await save(.items(["1": 2]), to: id)
        view = try await save(.items(["2": 0, "3": 1]), to: id, rev: view.administration.rev)
        #expect(view.responses == .items(["1": 2, "2": 0, "3": 1]))
        #expect(view.visibleItems.map(\.id).last == "10")
        #expect(view.report?.missing == ["4", "5", "6", "7", "8", "9"])
        #expect(view.report?.total?.value == nil)
        #expect(view.administration.rev == begun.administration.rev + 2)
    }

    @Test func `another device goes on where the first stopped`() async throws {
        let begun = try await test.begin()
        _ = try await save(.items(["1": 2, "2": 1]), to: begun.administration.id)
        test.clock.advance(.days(2))
        let resumed = try await test.begin()
        #expect(resumed.administration.id == begun.administration.id)
        #expect(resumed.responses == .items(["1": 2, "2": 1]))
        // And after a restart.
        let again = try await test.openAgain()
        let view = try await again.assessments.administration(begun.administration.id, of: maya.id, as: maya.principal)
        #expect(view.responses == resumed.responses)
        try again.close()
    }

    @Test func `an assigned questionnaire is one, however often it is begun`() async throws {
        let assignment = try await service.assign("PHQ-9", to: maya.id, dueAt: nil, as: test.people.clinician.principal)
        var ids: Set<ID<Administration>> = []
        for _ in 0..<2 {
            ids.insert(
                try await service.start(nil, assignment: assignment.id, for: maya.id, as: maya.principal).administration
                    .id
            )
        }
        #expect(ids.count == 1)
    }

    @Test func `a device that was left behind is told, and overwrites nothing`() async throws {
        let begun = try await test.begin()
        let (id, rev) = (begun.administration.id, begun.administration.rev)
        _ = try await save(.items(["1": 3]), to: id, rev: rev)
        await #expect(
            throws: Refusal.conflict(
                "Answers were saved from another device meanwhile. Load the questionnaire again; nothing is lost."
            )
        ) { try await save(.items(["1": 0]), to: id, rev: rev) }
        let view = try await service.administration(id, of: maya.id, as: maya.principal)
        #expect(view.responses == .items(["1": 3]))
    }

    @Test func `an answer is taken back with null`() async throws {
        let id = try await test.begin().administration.id
        _ = try await save(.items(["1": 3, "2": 2]), to: id)
        let view = try await save(.items(["1": nil]), to: id)
        #expect(view.responses == .items(["2": 2]))
        #expect(view.report?.missing.first == "1")
    }

    static let wrong: [(responses: Responses, pointer: String)] = [
        (.items(["11": 0]), "/responses/11"),
        (.items(["x": 0]), "/responses/x"),
        (.items(["": 0]), "/responses/"),
        (.items(["1": 4]), "/responses/1"),
        (.items(["1": -1]), "/responses/1"),
        (.items(["1": .max]), "/responses/1"),
        (Responses(["1": .text("often")]), "/responses/1"),
        (Responses(["1": .malformed("2.5")]), "/responses/1"),
        (.items(["1": 2, "2": 9]), "/responses/2"),
    ]

    @Test(arguments: wrong) func `what is no answer is refused by name, and nothing of it is kept`(
        responses: Responses,
        pointer: String
    ) async throws {
        let begun = try await test.begin()
        let before = try await Contents(of: test, except: ["audit_log"])
        for isSubmission in [false, true] {
            do {
                if isSubmission {
                    _ = try await service.submit(
                        begun.administration.id,
                        responses: responses,
                        of: maya.id,
                        as: maya.principal
                    )
                } else {
                    _ = try await save(responses, to: begun.administration.id)
                }
                Issue.record("it was kept")
            } catch Refusal.invalid(let named, _, let remedy) {
                #expect(named == pointer)
                #expect(!remedy.isEmpty)
            }
        }
        #expect(try await Contents(of: test, except: ["audit_log"]) == before)
    }

    @Test func `free text is kept sealed, and has an end`() async throws {
        let id = try await test.begin("Session check-in").administration.id
        let view = try await save(Responses(["6": .text("the blue lamp was too bright")]), to: id)
        #expect(view.responses.values["6"] == .text("the blue lamp was too bright"))
        #expect(try await Contents(of: test).holds("blue lamp") == false)
        _ = try await save(Responses(["6": .text(String(repeating: "é", count: 10_000))]), to: id)
        await #expect(
            throws: Refusal.invalid(
                pointer: "/responses/6",
                message: "the answer is longer than 10000 characters",
                remedy: "Shorten it"
            )
        ) { try await save(Responses(["6": .text(String(repeating: "é", count: 10_001))]), to: id) }
    }

    @Test func `a question that does not arise is not asked`() async throws {
        let id = try await test.begin("Session check-in").administration.id
        #expect(try await save(.items(["4": 0]), to: id).visibleItems.map(\.id) == ["1", "2", "3", "4", "6"])
        #expect(try await save(.items(["4": 1]), to: id).visibleItems.map(\.id) == ["1", "2", "3", "4", "5", "6"])
    }

    @Test func `a clinician may answer for the client, and it says so`() async throws {
        let clinician = test.people.clinician.principal
        let begun = try await service.start("PCL-5", assignment: nil, for: maya.id, as: clinician)
        #expect(begun.administration.respondent == .clinician)
        #expect(begun.safetyPanel == nil)
    }

    @Test func `a full disk is said, and what was saved before stays`() async throws {
        let id = try await test.begin().administration.id
        _ = try await save(.items(["1": 1]), to: id)
        try await test.sabotage()
        await #expect(throws: StoreError.full) { try await save(.items(["2": 1]), to: id) }
        try await test.heal()
        #expect(try await save(.items(["3": 1]), to: id).responses == .items(["1": 1, "3": 1]))
    }
}
