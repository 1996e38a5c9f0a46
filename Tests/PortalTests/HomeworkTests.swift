import Portal
import Records
import Store
import Support
import Testing

/// A kind of record that goes back and forth.
@Suite("Homework")
struct HomeworkTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var cora: TestStaff { test.people.clinician }
    private var records: RecordService { test.portal.records }

    @Test func `homework goes from therapist to client and back, and each is told`() async throws {
        let homework = try await records.perform(
            HomeworkAssignment.assign,
            .init(title: "Thought record", homeworkType: .thoughtRecord),
            of: maya.id,
            as: cora.principal
        ).record
        func told(_ principal: Principal) async throws -> [String] {
            try await test.drainWork()
            return try await test.portal.notifications.inbox(of: principal).notifications.map(\.type)
        }
        #expect(try await told(maya.principal) == ["homework.assigned"])
        await #expect(throws: StepRefused.self) {
            _ = try await records.perform(
                HomeworkAssignment.giveFeedback,
                .init(feedback: "Well done"),
                on: homework.id,
                of: maya.id,
                as: cora.principal
            )
        }
        _ = try await records.perform(
            HomeworkAssignment.start,
            NoInput(),
            on: homework.id,
            of: maya.id,
            as: maya.principal
        )
        _ = try await records.perform(
            HomeworkAssignment.complete,
            .init(response: "I noticed three thoughts."),
            on: homework.id,
            of: maya.id,
            as: maya.principal
        )
        #expect(try await told(cora.principal) == ["homework.completed"])
        _ = try await records.perform(
            HomeworkAssignment.giveFeedback,
            .init(feedback: "Well observed."),
            on: homework.id,
            of: maya.id,
            as: cora.principal
        )
        #expect(try await told(maya.principal).contains("homework.reviewed"))
        let done = try await records.record(homework.id, of: maya.id, as: maya.principal, through: .portal)
        #expect(done.status == .reviewed)
        #expect(done.feedback?.plaintext == "Well observed.")
        await #expect(throws: StepRefused.self) {
            _ = try await records.perform(
                HomeworkAssignment.complete,
                .init(response: nil),
                on: homework.id,
                of: maya.id,
                as: maya.principal
            )
        }
        try await test.repeatWork()
        #expect(try await told(cora.principal).count == 1)
    }

    @Test func `each is told in the language that they read`() async throws {
        _ = try await test.portal.preferences.update(.init(language: "es"), of: maya.principal)
        func title(_ principal: Principal) async throws -> String? {
            try await test.drainWork()
            return try await test.portal.notifications.inbox(of: principal).notifications.first?.title
        }
        let homework = try await records.perform(
            HomeworkAssignment.assign,
            .init(title: "Thought record", homeworkType: .thoughtRecord),
            of: maya.id,
            as: cora.principal
        ).record
        #expect(try await title(maya.principal) == "Tiene una tarea nueva")
        func handIn() async throws {
            _ = try await records.perform(
                HomeworkAssignment.complete,
                .init(response: nil),
                on: homework.id,
                of: maya.id,
                as: maya.principal
            )
        }
        try await handIn()
        #expect(try await title(cora.principal) == "A client handed homework in")
        _ = try await test.portal.preferences.update(.init(language: "es"), of: cora.principal)
        try await test.execute("UPDATE homework_assignments SET status = 'STARTED'")
        test.clock.advance(.seconds(1))
        try await handIn()
        #expect(try await title(cora.principal) == "Un cliente entregó una tarea")
    }
}
