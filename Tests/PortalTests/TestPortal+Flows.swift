import Assessment
import Foundation
import Portal
import Records
import Store
import Support

/// What many tests do on the way to what they are about.
extension TestPortal {
    /// The practice's choices.
    func set(_ settings: PracticeSettings) async throws {
        let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        try await execute("UPDATE practices SET settings = \(text) WHERE id = \(practice.id)")
    }

    /// Begins a questionnaire as the client, ad hoc.
    func begin(_ code: String = "PHQ-9", as person: TestClient? = nil) async throws -> AdministrationView {
        let person = person ?? people.client
        return try await portal.assessments.start(code, assignment: nil, for: person.id, as: person.principal)
    }

    /// Begins a questionnaire as the client and submits these answers, in the order of the items.
    @discardableResult
    func complete(_ code: String = "PHQ-9", _ answers: [Int], as person: TestClient? = nil) async throws
        -> AdministrationView
    {
        let person = person ?? people.client
        let begun = try await begin(code, as: person)
        return try await portal.assessments.submit(
            begun.administration.id,
            responses: Responses(inOrder: answers.map { .value($0) }, of: begun.instrument),
            of: person.id,
            as: person.principal
        )
    }

    /// The clinician's open and acknowledged alerts.
    func alerts(of staff: TestStaff? = nil) async throws -> [Alert] {
        try await portal.alerts.inbox(of: (staff ?? people.clinician).principal).map(\.alert)
    }

    /// How often somebody was told of an alert.
    func tellings(of staff: TestStaff) async throws -> Int {
        try await portal.notifications.inbox(of: staff.principal).notifications.filter { $0.type == "alert.raised" }
            .count
    }
}

/// Answers to PHQ-9 in order.
enum PHQ9 {
    static let minimal = [0, 1, 0, 1, 0, 0, 1, 0, 0, 0]
    static let moderate = [1, 2, 1, 2, 1, 1, 2, 1, 0, 1]
    static let severe = [3, 3, 3, 3, 2, 2, 2, 2, 0, 2]
    /// Little else, but item 9.
    static let flagged = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
}

extension Responses {
    /// `["9": 2]`; nil takes an answer back.
    static func items(_ values: [String: Int?]) -> Responses {
        Responses(values.mapValues { $0.map(Answer.value) ?? .unanswered })
    }
}

extension TestPortal {
    /// Does all work once more, as after a crash before it was marked done.
    func repeatWork() async throws {
        try await execute("UPDATE work_items SET state = 'PENDING' WHERE state = 'DONE' AND run_at <= \(clock.now)")
        try await drainWork()
    }
}
