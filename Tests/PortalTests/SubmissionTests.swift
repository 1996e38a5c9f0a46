import Assessment
import Portal
import Records
import Store
import Support
import Testing

@Suite("Submitting a questionnaire")
struct SubmissionTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var service: AssessmentService { test.portal.assessments }

    private func submit(_ id: ID<Administration>, _ responses: Responses = .init(), acceptIncomplete: Bool = false)
        async throws -> AdministrationView
    {
        try await service.submit(
            id,
            responses: responses,
            acceptIncomplete: acceptIncomplete,
            of: maya.id,
            as: maya.principal
        )
    }

    @Test func `a complete form is scored, and the clinician hears of it once`() async throws {
        let view = try await test.complete("PHQ-9", PHQ9.moderate)
        #expect(view.administration.status == .completed)
        #expect(view.administration.completedAt == test.clock.now)
        #expect(view.report?.total?.value == 11)
        #expect(view.report?.total?.band?.code == "moderate")
        #expect(view.safetyPanel == nil)
        try await test.drainWork()
        try await test.repeatWork()
        let inbox = try await test.portal.notifications.inbox(of: test.people.clinician.principal)
        #expect(inbox.notifications.map(\.type) == ["assessment.scored"])
        #expect(try await test.alerts().isEmpty)
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'assessment.scored'") == 1
        )
    }

    @Test func `a second submission is the first one's result`() async throws {
        let first = try await test.complete("PHQ-9", PHQ9.severe)
        let before = try await Contents(of: test, except: ["audit_log"])
        let second = try await submit(first.administration.id, .items(["1": 0]))
        #expect(second.report == first.report)
        #expect(second.responses == first.responses)
        #expect(try await Contents(of: test, except: ["audit_log"]) == before)
        await #expect(throws: Refusal.conflict("This questionnaire was submitted already.")) {
            try await service.save(.items(["1": 0]), to: first.administration.id, of: maya.id, as: maya.principal)
        }
    }

    @Test func `what is missing is said, and the form stays open`() async throws {
        let id = try await test.begin().administration.id
        let view = try await submit(id, .items(["1": 3, "2": 3, "3": 3]))
        #expect(view.administration.status == .inProgress)
        #expect(view.report?.missing == ["4", "5", "6", "7", "8", "9"])
        #expect(view.report?.total?.value == nil)
        #expect(view.report?.total?.band == nil)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM assessment_scores") == 0)
        #expect(try await test.drainWork() == 0, "nobody is told of a form that is still open")
        let done = try await submit(id, .items(["4": 0, "5": 0, "6": 0, "7": 0, "8": 0, "9": 0]))
        #expect(done.report?.total?.value == 9)
    }

    @Test func `an incomplete form may be accepted, without a score or a band`() async throws {
        let id = try await test.begin().administration.id
        let view = try await submit(id, .items(["1": 1, "2": 1]), acceptIncomplete: true)
        #expect(view.administration.status == .incomplete)
        #expect(view.report?.total?.value == nil)
        let rows = try await test.rows("SELECT value, band, answered, missing FROM assessment_scores")
        #expect(rows.count == 1)
        #expect(rows.first?["value"] == .null)
        #expect(rows.first?["band"] == .null)
        #expect(rows.first?["answered"] == .integer(2))
        #expect(rows.first?["missing"] == .integer(7))
        #expect(try await service.trend(of: maya.id, instrument: "PHQ-9", as: maya.principal).points.isEmpty)
    }

    @Test(arguments: [
        ("PHQ-9", PHQ9.minimal), ("PHQ-9", PHQ9.severe), ("PHQ-9", PHQ9.flagged), ("GAD-7", [2, 2, 1, 2, 1, 1, 1]),
        ("Session check-in", [2, 1, 3, 2, 1]), ("Session check-in", [0, 3, 0, 0]),
    ]) func `the stored report is what the answers still give`(code: String, answers: [Int]) async throws {
        let done = try await test.complete(code, answers)
        let again = try await test.openAgain()
        let view = try await again.assessments.administration(
            done.administration.id,
            of: maya.id,
            as: test.people.clinician.principal
        )
        #expect(view.report == done.report)
        #expect(Scorer(view.instrument).score(view.responses).report == view.report)
        for scale in try #require(view.report).scales {
            let row = try await test.rows("SELECT * FROM assessment_scores WHERE scale = \(scale.id)").first
            #expect(row?["value"] == scale.value.map(SQLValue.real) ?? .null)
            #expect(row?["instrument_version"] == .integer(1))
            #expect(row?["engine_version"] == .text(engineVersion))
        }
        try again.close()
    }

    @Test func `a submission is all or nothing`() async throws {
        let begun = try await test.begin()
        try await test.sabotage()
        let before = try await Contents(of: test)
        await #expect(throws: StoreError.full) {
            try await submit(
                begun.administration.id,
                .init(inOrder: PHQ9.severe.map { .value($0) }, of: begun.instrument)
            )
        }
        #expect(try await Contents(of: test) == before)
        try await test.heal()
        let view = try await submit(
            begun.administration.id,
            .init(inOrder: PHQ9.severe.map { .value($0) }, of: begun.instrument)
        )
        #expect(view.report?.total?.value == 20)
    }
}
