import Assessment
import Portal
import Records
import Store
import Support
import Testing

@Suite("Assigning questionnaires")
struct AssignmentTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }

    private func assign(_ code: String, dueAt: Timestamp? = nil) async throws -> Assignment {
        try await test.portal.assessments.assign(code, to: maya.id, dueAt: dueAt, as: test.people.clinician.principal)
    }

    @Test func `what is assigned is on the client's list, and the client is told once`() async throws {
        let due = test.clock.now.adding(.days(3))
        let assignment = try await assign("phq9", dueAt: due)
        #expect(assignment.instrumentCode == "PHQ-9", "the instrument's own name, whatever was typed")
        #expect(assignment.assignedByUserID == test.people.clinician.id)
        let overview = try await test.portal.assessments.overview(of: maya.id, as: maya.principal)
        #expect(overview.assignments.map(\.id) == [assignment.id])
        #expect(overview.assignments.first?.dueAt == due)
        #expect(overview.administrations.isEmpty)

        #expect(try await test.drainWork() == 3, "told in the portal, delivery decided, mail sent")
        try await test.repeatWork()
        let inbox = try await test.portal.notifications.inbox(of: maya.principal)
        #expect(inbox.notifications.map(\.type) == ["assessment.assigned"])
        #expect(inbox.unread == 1)
        #expect(inbox.notifications.first?.actionRequired == true)
    }

    @Test func `the same questionnaire is not assigned twice while it waits`() async throws {
        _ = try await assign("PHQ-9")
        await #expect(throws: Refusal.conflict("PHQ-9 is assigned already and not yet answered.")) {
            try await assign("PHQ-9")
        }
        _ = try await assign("GAD-7")
        let overview = try await test.portal.assessments.overview(of: maya.id, as: maya.principal)
        #expect(Set(overview.assignments.map(\.instrumentCode)) == ["PHQ-9", "GAD-7"])
    }

    @Test func `once answered it may be assigned again`() async throws {
        for _ in 0..<2 {
            let assignment = try await assign("PHQ-9")
            let begun = try await test.portal.assessments.start(
                nil,
                assignment: assignment.id,
                for: maya.id,
                as: maya.principal
            )
            let overview = try await test.portal.assessments.overview(of: maya.id, as: maya.principal)
            #expect(overview.assignments.map(\.status) == [.started])
            _ = try await test.portal.assessments.submit(
                begun.administration.id,
                responses: .init(inOrder: PHQ9.minimal.map { .value($0) }, of: begun.instrument),
                of: maya.id,
                as: maya.principal
            )
            #expect(try await test.portal.assessments.overview(of: maya.id, as: maya.principal).assignments.isEmpty)
        }
    }

    @Test(arguments: ["PHQ-10", "", "' OR 1=1 --", "\0"])
    func `an unknown instrument is refused, and says which there are`(code: String) async throws {
        do {
            _ = try await assign(code)
            Issue.record("it was assigned")
        } catch Refusal.invalid(let pointer, _, let remedy) {
            #expect(pointer == "/instrument")
            #expect(remedy.contains("PHQ-9"))
        }
    }

    @Test func `what the client may begin alone is listed, and nothing else is begun`() async throws {
        #expect(test.portal.assessments.adHocInstruments.map(\.code) == ["GAD-7", "PHQ-9", "Session check-in"])
        await #expect(throws: Refusal.conflict("PCL-5 is answered when the practice asks for it.")) {
            try await test.begin("PCL-5")
        }
        let assignment = try await assign("PCL-5")
        let begun = try await test.portal.assessments.start(
            nil,
            assignment: assignment.id,
            for: maya.id,
            as: maya.principal
        )
        #expect(begun.instrument.code == "PCL-5")
    }
}
