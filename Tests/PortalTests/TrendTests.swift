import Assessment
import Foundation
import Knowledge
import Portal
import Records
import Store
import Support
import Testing

@Suite("Trends and versions")
struct TrendTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }

    private func trend(_ portal: Portal? = nil, scale: String? = nil) async throws -> Trend {
        try await (portal ?? test.portal).assessments.trend(
            of: maya.id,
            instrument: "PHQ-9",
            scale: scale,
            as: maya.principal
        )
    }

    @Test func `several administrations make a series with its statistics`() async throws {
        for answers in [[2, 3, 2, 2, 2, 2, 2, 2, 0, 2], PHQ9.moderate, PHQ9.minimal] {
            try await test.complete("PHQ-9", answers)
            test.clock.advance(.days(28))
        }
        let trend = try await trend()
        #expect(trend.points.map(\.score) == [17, 11, 3])
        #expect(trend.points.map { "\($0.date)" } == ["2025-03-03", "2025-03-31", "2025-04-28"])
        let change = try #require(trend.latest?.change)
        #expect(change.points == -14)
        #expect(change.verdict == .improvement)
        #expect(change.isResponse == true)
        #expect(change.isRemission == true)
        #expect(trend.points.map(\.band?.code) == ["moderately_severe", "moderate", "minimal"])
    }

    @Test func `a day is the practice's day`() async throws {
        // 03:30 UTC on 4 March is still the evening of 3 March in Chicago.
        test.clock.advance(.seconds(12 * 3600 + 1800))
        try await test.complete("PHQ-9", PHQ9.minimal)
        #expect(try await trend().points.map { "\($0.date)" } == ["2025-03-03"])
    }

    @Test func `nothing scored is an empty series, and a strange scale is refused`() async throws {
        #expect(try await trend().points.isEmpty)
        await #expect(
            throws: Refusal.invalid(
                pointer: "/scale",
                message: "PHQ-9 has no scale mood",
                remedy: "Choose one of: total"
            )
        ) { try await trend(scale: "mood") }
        await #expect(throws: Refusal.self) {
            try await test.portal.assessments.trend(of: maya.id, instrument: "PHQ-10", as: maya.principal)
        }
    }

    @Test func `more scores than can be judged are no reason not to take another`() async throws {
        try await test.complete("PHQ-9", PHQ9.moderate)
        try await test.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            INSERT INTO assessments (id, client_id, instrument_version_id, respondent, status, rev, started_at, created_at, updated_at)
            SELECT PRINTF('00000000-0000-7000-8000-%012d', i), client_id, instrument_version_id, 'SELF', 'COMPLETED', 1, 1, 1, 1
            FROM n, assessments WHERE completed_at IS NOT NULL
            """
        )
        try await test.execute(
            """
            INSERT INTO assessment_scores
                (assessment_id, scale, id, client_id, instrument_code, instrument_version, value, answered, missing, engine_version,
                 computed_at, created_at, updated_at)
            SELECT id, 'total', id, client_id, 'PHQ-9', 1, 11, 9, 0, '1', 1, 1, 1 FROM assessments WHERE started_at = 1
            """
        )
        test.clock.advance(.days(1))
        try await test.complete("PHQ-9", PHQ9.minimal)
        let trend = try await trend()
        #expect(trend.latest?.score == 3)
        #expect(trend.points.count == 1000)
    }

    // MARK: - Versions of an instrument

    private var file: URL { test.configuration.instruments.appending(path: "phq-9.yaml") }

    private func edit(_ file: URL, _ change: (String) -> String) throws {
        try change(try String(contentsOf: file, encoding: .utf8)).write(to: file, atomically: true, encoding: .utf8)
    }

    @Test func `a version that was answered cannot change`() async throws {
        try await test.complete("PHQ-9", PHQ9.minimal)
        try edit(file) { $0 + "\n# a remark\n" }
        do {
            try await test.openAgain().close()
            Issue.record("it opened")
        } catch let error as InstrumentCatalog.ChangedVersion {
            #expect(error.description.contains("phq-9.yaml"))
            #expect(error.description.contains("version: 2"))
        }
    }

    @Test func `a version that nobody answered may change`() async throws {
        try edit(file) { $0.replacing("en: Depression severity", with: "en: How low") }
        let again = try await test.openAgain()
        #expect(again.catalog.library["PHQ-9"]?.total?.title.text(in: "en") == "How low")
        try again.close()
    }

    @Test func `a new version leaves old scores as they were, and begins a new segment`() async throws {
        let old = try await test.complete("PHQ-9", PHQ9.moderate)
        let begun = try await test.begin()
        _ = try await test.portal.assessments.save(
            .items(["1": 3]),
            to: begun.administration.id,
            of: maya.id,
            as: maya.principal
        )
        let second = test.configuration.instruments.appending(path: "phq-9-2.yaml")
        try FileManager.default.copyItem(at: file, to: second)
        try edit(second) {
            $0.replacing("version: 1", with: "version: 2").replacing("id: moderate\n", with: "id: middling\n")
        }

        let portal = try await test.openAgain()
        let service = portal.assessments
        let read = try await service.administration(old.administration.id, of: maya.id, as: maya.principal)
        #expect(read.instrument.version == 1)
        #expect(read.report == old.report)
        // What was begun under the old version ends under it.
        let rest = Responses.items(["2": 0, "3": 0, "4": 0, "5": 0, "6": 0, "7": 0, "8": 0, "9": 0])
        let ended = try await service.submit(begun.administration.id, responses: rest, of: maya.id, as: maya.principal)
        #expect(ended.report?.version == 1)
        test.clock.advance(.days(1))
        let new = try await service.start("PHQ-9", assignment: nil, for: maya.id, as: maya.principal)
        let result = try await service.submit(
            new.administration.id,
            responses: .init(inOrder: PHQ9.moderate.map { .value($0) }, of: new.instrument),
            of: maya.id,
            as: maya.principal
        )
        #expect(result.report?.total?.band?.code == "middling")
        let trend = try await trend(portal)
        #expect(trend.segments.map(\.version) == [1, 2])
        #expect(trend.latest?.change == nil, "scores of two versions are not compared")
        try portal.close()
    }

    @Test func `a faulty instrument file refuses to open and names the fault`() async throws {
        try edit(file) { $0.replacing("to: 4\n", with: "to: 5\n") }
        do {
            try await test.openAgain().close()
            Issue.record("it opened")
        } catch {
            #expect("\(error)".contains("phq-9.yaml"))
        }
    }
}
