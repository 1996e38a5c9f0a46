import Assistant
import Foundation
import Knowledge
import Portal
import Records
import Retrieval
import Store
import Support
import Testing

/// What articles say from the client's own record.
@Suite("Live fields")
struct LiveFieldTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: ["assessment-due", "homework", "reminders"]) }

    private var maya: TestClient { test.people.client }
    private var cora: TestStaff { test.people.clinician }

    private func ask(_ question: String) async throws -> String {
        let conversation = try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: "en")
        return try await test.portal.chat.send(
            question,
            to: conversation.id,
            nonce: nil,
            of: maya.id,
            as: maya.principal
        ).reply.plainText
    }

    @Test func `the assistant tells a client their next appointment, and no other`() async throws {
        #expect(try await !ask("When is my next appointment?").contains("Your next appointment"))
        // Tuesday, March 4, 2025, in the client's own time zone.
        let start = test.clock.now.adding(.days(2))
        for (slot, client) in [(start, maya), (test.clock.now.adding(.days(1)), test.people.sibling)] {
            _ = try await test.portal.records.perform(
                Appointment.book,
                .init(startsAt: slot, endsAt: slot.adding(.hours(1))),
                of: client.id,
                as: cora.principal
            )
        }
        var style = Date.FormatStyle(date: .abbreviated, time: .shortened)
        style.locale = Locale(identifier: "en_US")
        style.timeZone = try #require(TimeZone(identifier: maya.client.timeZone))
        let told = Date(timeIntervalSince1970: Double(start.milliseconds) / 1000).formatted(style)
        let said = try await ask("When is my next appointment?")
        #expect(said.contains("Your next appointment: \(told)"), "\(said)")
    }

    @Test func `homework that is open is named, and what is done is not`() async throws {
        _ = try await test.portal.records.perform(
            HomeworkAssignment.assign,
            .init(title: "Walk to the lake", homeworkType: .behavioral),
            of: maya.id,
            as: cora.principal
        )
        let done = try await test.portal.records.perform(
            HomeworkAssignment.assign,
            .init(title: "Read chapter two", homeworkType: .reading),
            of: maya.id,
            as: cora.principal
        ).record
        _ = try await test.portal.records.perform(
            HomeworkAssignment.complete,
            .init(response: nil),
            on: done.id,
            of: maya.id,
            as: maya.principal
        )
        let said = try await ask("What homework do I have to do now?")
        #expect(said.contains("Walk to the lake"), "\(said)")
        #expect(!said.contains("chapter two"))
    }

    @Test func `the record is looked into only for what an answer says from it`() async throws {
        func looks() async throws -> Int {
            try await test.rows("SELECT seq FROM audit_log WHERE entity IN ('appointments', 'homework_assignments')")
                .count
        }
        let before = try await looks()
        _ = try await ask("What is the capital of France?")
        _ = try await ask("thank you")
        #expect(try await looks() == before)
        _ = try await ask("What homework do I have to do now?")
        #expect(try await looks() == before + 1)
    }

    @Test func `every field that an article may name has its value here`() throws {
        let rules = try CorpusRules(directory: RepositoryRoot.appending("Prompts/search"))
        #expect(rules.liveFields == ChatService.liveFields)
    }
}
