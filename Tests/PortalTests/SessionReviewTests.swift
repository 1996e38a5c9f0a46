import Portal
import Records
import Store
import Support
import Testing

/// A kind of record that can hide who wrote it.
@Suite("Session reviews")
struct SessionReviewTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var cora: TestStaff { test.people.clinician }
    private var records: RecordService { test.portal.records }

    private func session(of person: TestClient? = nil) async throws -> Record<Appointment> {
        let person = person ?? maya
        let now = test.clock.now
        let booked = try await records.perform(
            Appointment.book,
            .init(startsAt: now.adding(.seconds(-7200)), endsAt: now.adding(.seconds(-3600))),
            of: person.id,
            as: cora.principal
        ).record
        return try await records.perform(
            Appointment.complete,
            NoInput(),
            on: booked.id,
            of: person.id,
            as: cora.principal
        ).record
    }

    private func review(
        _ session: Record<Appointment>,
        anonymous: Bool,
        shared: Bool? = nil
    ) async throws -> Record<SessionReview> {
        try await records.perform(
            SessionReview.submit,
            .init(appointmentID: session.id, rating: 2, feedback: "Too short.", isAnonymous: anonymous),
            shared: shared,
            of: maya.id,
            as: maya.principal
        ).record
    }

    @Test func `a review is the clinician's to see only when it is shared, and an anonymous one cannot be`()
        async throws
    {
        let session = try await session()
        func seen() async throws -> Int {
            try await records.list(
                SessionReview.self,
                RecordWindow(limit: 10),
                of: maya.id,
                as: cora.principal,
                through: .staff
            ).count
        }
        await #expect(throws: StepRefused.self) { _ = try await review(session, anonymous: true, shared: true) }
        let open = try await review(session, anonymous: false)
        #expect(try await seen() == 0)
        _ = try await records.share(open.id, true, of: maya.id, as: maya.principal)
        #expect(try await seen() == 1)
        await #expect(throws: StepRefused.self) { _ = try await review(session, anonymous: false) }
    }

    @Test func `an administrator learns whose an anonymous review is only for a reason that stays on record`()
        async throws
    {
        let anonymous = try await review(try await session(), anonymous: true)
        let ada = test.people.administrator.principal
        let listed = try await records.practiceList(SessionReview.self, RecordWindow(limit: 10), as: ada)
        #expect(listed.map(\.id) == [anonymous.id])
        #expect(listed.first?.clientID == nil)
        #expect(listed.first?.content.appointmentID == nil)
        #expect(listed.first?.content.feedback?.plaintext == "Too short.")
        // Nor does it stand under the client's name.
        let under = try await records.list(
            SessionReview.self,
            RecordWindow(limit: 10),
            of: maya.id,
            as: ada,
            through: .staff
        )
        #expect(under.isEmpty)

        await #expect(throws: RecordFaults.self) {
            _ = try await records.reveal(anonymous.id, because: .complaint, note: "  ", as: ada)
        }
        await #expect(throws: AccessDenied()) {
            _ = try await records.reveal(anonymous.id, because: .complaint, note: "I wonder", as: cora.principal)
        }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM access_reasons") == 0)
        let revealed = try await records.reveal(anonymous.id, because: .complaint, note: "A complaint", as: ada)
        #expect(revealed.clientID == maya.id)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM access_reasons WHERE kind = 'REVEAL'") == 1)
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE action = 'REVIEWS.REVEAL' AND outcome = 'OK'"
            )
                == 1
        )
    }

    @Test func `one reviews one's own sessions that were held`() async throws {
        let jordans = try await session(of: test.people.sibling)
        await #expect(throws: RecordFaults.self) { _ = try await review(jordans, anonymous: false) }
    }
}
