import Portal
import Records
import Store

extension TestPortal {
    /// One record of every kind about a client, also what follows from them. Returns their ids by `/` and collection.
    @discardableResult
    public func keepRecords(of person: TestClient, by clinician: TestStaff) async throws -> [String: String] {
        let now = clock.now
        let session = try await portal.records.perform(
            Appointment.book,
            .init(startsAt: now.adding(.seconds(-7200)), endsAt: now.adding(.seconds(-3600))),
            of: person.id,
            as: clinician.principal
        ).record
        _ = try await portal.records.perform(
            Appointment.complete,
            NoInput(),
            on: session.id,
            of: person.id,
            as: clinician.principal
        )
        let review = try await portal.records.perform(
            SessionReview.submit,
            .init(appointmentID: session.id, rating: 4, feedback: "It was a good hour.", isAnonymous: true),
            of: person.id,
            as: person.principal
        ).record
        _ = try await portal.records.reveal(
            review.id,
            because: .qualityReview,
            note: "Asked by the review board",
            as: people.administrator.principal
        )
        let mood = try await portal.records.perform(
            MoodEntry.log,
            MoodEntry(mood: 6, symptoms: [.insomnia], note: "Slept badly.", entryAt: now),
            of: person.id,
            as: person.principal
        ).record
        let page = try await portal.records.perform(
            JournalEntry.write,
            JournalEntry(title: "Tuesday", body: "We walked to the lake.", entryAt: now),
            of: person.id,
            as: person.principal
        ).record
        let homework = try await portal.records.perform(
            HomeworkAssignment.assign,
            .init(title: "Thought record", homeworkType: .thoughtRecord),
            of: person.id,
            as: clinician.principal
        ).record
        let asked = try await portal.records.perform(
            HandOver.ask,
            .init(message: "I would rather talk to somebody."),
            of: person.id,
            as: person.principal
        ).record
        let contact = try await portal.records.perform(
            EmergencyContact.add,
            .init(name: "Rosa", relation: "sister", phone: "555 0177"),
            of: person.id,
            as: person.principal
        ).record
        let export = try await portal.exports.request(of: person.id, as: person.principal)
        return [
            "export": export.id.text, "/appointments": session.id.text,
            "/session-reviews": review.id.text, "/mood-entries": mood.id.text,
            "/journal": page.id.text, "/homework": homework.id.text,
            "/hand-overs": asked.id.text,
            "/profile/emergency-contacts": contact.id.text,
        ]
    }
}
