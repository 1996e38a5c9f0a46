import Assessment
import Portal
import Records
import Store
import Support
import Testing

@Suite("Answers that call for help")
struct SafetyItemTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var service: AssessmentService { test.portal.assessments }

    private func save(_ responses: Responses, to id: ID<Administration>, rev: Int? = nil) async throws
        -> AdministrationView
    {
        try await service.save(responses, to: id, rev: rev, of: maya.id, as: maya.principal)
    }

    private func submit(_ id: ID<Administration>, _ responses: Responses = .init()) async throws -> AdministrationView {
        try await service.submit(id, responses: responses, of: maya.id, as: maya.principal)
    }

    private func events() async throws -> [String] {
        try await test.rows("SELECT tier FROM crisis_events ORDER BY id").map { try $0.get("tier") }
    }

    @Test func `item 9 alone raises one alert and one crisis event, whatever the total`() async throws {
        let view = try await test.complete("PHQ-9", PHQ9.flagged)
        #expect(view.report?.total?.value == 2)
        #expect(view.safetyPanel != nil, "help is shown at once")
        let alerts = try await test.alerts()
        #expect(alerts.map(\.kind) == [.safetyItem])
        #expect(alerts.first?.severity == .high)
        #expect(alerts.first?.signals == 1)
        #expect(alerts.first?.summary.plaintext.contains("PHQ-9 item 9 answered 1") == true)
        #expect(try await events() == ["high"])
        let event = try #require(try await test.rows("SELECT * FROM crisis_events").first)
        #expect(event["alert_id"] == alerts.first.map { .text($0.id.text) })
        #expect(event["rules_version"] == .text("PHQ-9 1"))
    }

    @Test func `help is for the client who answers, not for who reads it`() async throws {
        let view = try await test.complete("PHQ-9", PHQ9.flagged)
        let read = try await service.administration(
            view.administration.id,
            of: maya.id,
            as: test.people.clinician.principal
        )
        #expect(read.safetyPanel == nil)
    }

    @Test func `alert, event and score come in one transaction or not at all`() async throws {
        let begun = try await test.begin()
        // The score can be written, but no crisis event.
        try await test.portal.database.write { transaction in
            try transaction.executeScript(
                "CREATE TRIGGER no_event BEFORE INSERT ON crisis_events BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        }
        let before = try await Contents(of: test, except: ["audit_log"])
        await #expect(throws: StoreError.self) {
            try await submit(
                begun.administration.id,
                .init(inOrder: PHQ9.flagged.map { .value($0) }, of: begun.instrument)
            )
        }
        #expect(try await Contents(of: test, except: ["audit_log"]) == before)
    }

    @Test func `an incomplete form raises it all the same, and its completion does not raise it again`() async throws {
        let id = try await test.begin().administration.id
        let view = try await submit(id, .items(["9": 2]))
        #expect(view.administration.status == .inProgress)
        #expect(view.safetyPanel != nil)
        #expect(try await test.alerts().map(\.signals) == [1])
        try await test.drainWork()
        #expect(try await test.tellings(of: test.people.clinician) == 1)
        _ = try await submit(id, .items(["1": 0, "2": 0, "3": 0, "4": 0, "5": 0, "6": 0, "7": 0, "8": 0]))
        try await test.drainWork()
        #expect(try await test.alerts().map(\.signals) == [1])
        #expect(try await test.tellings(of: test.people.clinician) == 1)
        #expect(try await events() == ["high"])
    }

    @Test func `a form that is never submitted is told after fifteen minutes`() async throws {
        let id = try await test.begin().administration.id
        #expect(try await save(.items(["9": 3]), to: id).safetyPanel != nil)
        test.clock.advance(.seconds(15 * 60 - 1))
        try await test.drainWork()
        #expect(try await test.alerts().isEmpty)
        test.clock.advance(.seconds(1))
        try await test.drainWork()
        #expect(try await test.alerts().map(\.kind) == [.safetyItem])
        #expect(try await events() == ["high"])
        #expect(try await test.tellings(of: test.people.clinician) == 1)
        try await test.repeatWork()
        #expect(try await test.alerts().map(\.signals) == [1])
        #expect(try await events().count == 1)
        #expect(try await test.tellings(of: test.people.clinician) == 1)
    }

    @Test func `an answer that was taken back in time is nobody's business, and given again it is`() async throws {
        let id = try await test.begin().administration.id
        _ = try await save(.items(["9": 1]), to: id)
        _ = try await save(.items(["9": 0]), to: id)
        test.clock.advance(.minutes(15))
        try await test.drainWork()
        #expect(try await test.alerts().isEmpty)
        _ = try await save(.items(["9": 1]), to: id)
        test.clock.advance(.minutes(15))
        try await test.drainWork()
        #expect(try await test.alerts().map(\.kind) == [.safetyItem])
    }

    @Test func `a submission within the fifteen minutes is told once`() async throws {
        let begun = try await test.begin()
        _ = try await save(.items(["9": 1]), to: begun.administration.id)
        _ = try await submit(
            begun.administration.id,
            .init(inOrder: PHQ9.flagged.map { .value($0) }, of: begun.instrument)
        )
        test.clock.advance(.minutes(15))
        try await test.drainWork()
        #expect(try await test.alerts().map(\.signals) == [1])
        #expect(try await test.tellings(of: test.people.clinician) == 1)
    }

    @Test func `a graver answer to the same item is told again`() async throws {
        let id = try await test.begin().administration.id
        _ = try await submit(id, .items(["9": 1]))
        _ = try await submit(id, .items(["9": 3]))
        let alerts = try await test.alerts()
        #expect(alerts.map(\.signals) == [2])
        #expect(alerts.first?.summary.plaintext.contains("answered 3") == true)
    }

    @Test func `an answer that is only good to know is no crisis`() async throws {
        let view = try await test.complete("Session check-in", [3, 0, 3, 3, 3])
        #expect(view.report?.flags.map(\.level) == [.info])
        #expect(view.safetyPanel == nil)
        #expect(try await test.alerts().map(\.kind) == [.other])
        #expect(try await test.alerts().map(\.severity) == [.info])
        #expect(try await events().isEmpty)
    }

    // MARK: - Free text

    private static let cry = "I want to kill myself tonight"

    @Test func `what a client writes into a form is screened`() async throws {
        let id = try await test.begin("Session check-in").administration.id
        let view = try await save(Responses(["6": .text(Self.cry)]), to: id)
        #expect(view.safetyPanel != nil, "help is shown at once")
        let alerts = try await test.alerts()
        #expect(alerts.map(\.kind) == [.crisisText])
        #expect(alerts.first?.severity == .critical)
        #expect(alerts.first?.summary.plaintext.contains("in a questionnaire") == true)
        #expect(try await events() == ["imminent"])
        #expect(try await Contents(of: test).holds("myself tonight") == false)
        // Submitted as it was saved, it is the same signal.
        _ = try await submit(
            id,
            Responses(["1": .value(3), "2": .value(0), "3": .value(3), "4": .value(0), "6": .text(Self.cry)])
        )
        #expect(try await test.alerts().map(\.signals) == [1])
    }

    @Test func `ordinary words raise nothing`() async throws {
        let id = try await test.begin("Session check-in").administration.id
        let view = try await save(Responses(["6": .text("the room was a bit cold, but thank you")]), to: id)
        #expect(view.safetyPanel == nil)
        #expect(try await test.alerts().isEmpty)
        #expect(try await events().isEmpty)
    }

    @Test func `words that grow graver raise the event`() async throws {
        let id = try await test.begin("Session check-in").administration.id
        _ = try await save(
            Responses(["6": .text("I was suicidal back in my twenties but I am in a really good place now")]),
            to: id
        )
        let first = try #require(try await events().first)
        _ = try await save(Responses(["6": .text(Self.cry)]), to: id)
        #expect(first != "imminent")
        #expect(try await events() == ["imminent"])
        #expect(try await test.alerts().first?.severity == .critical)
    }

    @Test func `words in a refused form are screened all the same`() async throws {
        let begun = try await test.begin("Session check-in")
        let (id, rev) = (begun.administration.id, begun.administration.rev)
        _ = try await save(.items(["1": 1]), to: id, rev: rev)
        await #expect(throws: Refusal.self, "another device was faster") {
            try await save(Responses(["6": .text(Self.cry)]), to: id, rev: rev)
        }
        #expect(try await test.alerts().map(\.signals) == [1])
        await #expect(throws: Refusal.self, "no such item") {
            try await submit(id, Responses(["x\0": .text(Self.cry + " now")]))
        }
        #expect(try await test.alerts().map(\.signals) == [2])
    }

    @Test func `what a clinician writes down is not the client's cry`() async throws {
        let clinician = test.people.clinician.principal
        let begun = try await service.start("Session check-in", assignment: nil, for: maya.id, as: clinician)
        _ = try await service.save(
            Responses(["6": .text("said: " + Self.cry)]),
            to: begun.administration.id,
            of: maya.id,
            as: clinician
        )
        #expect(try await test.alerts().isEmpty)
    }
}
