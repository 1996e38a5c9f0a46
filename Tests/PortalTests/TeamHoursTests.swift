import Assistant
import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// Whoever asks for a person hears whether somebody is there.
@Suite("The care team's hours in a hand-over")
struct TeamHoursTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var maya: TestClient { test.people.client }
    private var ada: Principal { test.people.administrator.principal }
    private static let office = PracticeHours(
        weekly: [
            .monday: [.init(from: "09:00", until: "17:00")], .tuesday: [.init(from: "09:00", until: "17:00")],
            .friday: [.init(from: "09:00", until: "17:00")],
        ],
        closedDates: ["2025-03-10"]
    )

    /// Moves the clock forward to a moment, by the wall clock in Chicago.
    private func move(to moment: String) throws {
        let target = Timestamp(try Date(moment, strategy: .iso8601))
        test.clock.advance(.milliseconds(target.milliseconds - test.clock.now.milliseconds))
    }

    private func ask(_ texts: String..., locale: String = "en") async throws -> ChatService.Answer {
        let conversation = try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: locale)
        var last: ChatService.Answer?
        for text in texts {
            last = try await test.portal.chat.send(
                text,
                to: conversation.id,
                nonce: nil,
                of: maya.id,
                as: maya.principal
            )
        }
        return try #require(last)
    }

    @Test func `a practice that has not said its hours promises nothing`() async throws {
        let answer = try await ask("I want to talk to a real person")
        #expect(answer.reply.decision == .handover)
        #expect(answer.reply.team == nil)
        #expect(!answer.reply.plainText.contains("right now"))
    }

    @Test func `in the hours it says that somebody is there, and until when`() async throws {
        try await test.portal.directory.setHours(Self.office, as: ada)
        try move(to: "2025-03-04T16:00:00Z")  // Tuesday 10:00
        let answer = try await ask("I want to talk to a real person")
        #expect(answer.reply.team?.isThere == true)
        #expect(answer.reply.plainText.contains("Your care team is there now, until 5:00"), "\(answer.reply.plainText)")
        #expect(answer.reply.crisisPanel == nil)
    }

    @Test func `outside of them it says when, past the change of the clocks and a day that is closed`() async throws {
        try await test.portal.directory.setHours(Self.office, as: ada)
        // Friday 18:00, before the clocks go forward on Sunday; Monday is closed, so that Tuesday is next.
        try move(to: "2025-03-08T00:00:00Z")
        let answer = try await ask("I want to talk to a real person")
        #expect(answer.reply.team?.isThere == false)
        #expect(
            answer.reply.team?.turnAt == Timestamp(try Date("2025-03-11T14:00:00Z", strategy: .iso8601)).milliseconds
        )
        let text = answer.reply.plainText
        #expect(text.contains("They will be back Tuesday, March 11"), "\(text)")
        #expect(text.contains("9:00"))
        #expect(text.contains("Your message waits for them"))
        #expect(answer.reply.draftMessage != nil)
        #expect(answer.reply.links.map(\.path).contains("/help-now"))
        #expect(try await ask("quiero hablar con una persona", locale: "es").reply.plainText.contains("martes"))
    }

    @Test func `who told of danger before and finds nobody is shown help at once`() async throws {
        try await test.portal.directory.setHours(Self.office, as: ada)
        try move(to: "2025-03-08T00:00:00Z")
        let answer = try await ask("I don't want to be here anymore", "I want to talk to a real person")
        #expect(answer.reply.crisisPanel?.resources.contains { $0.call == "988" } == true)
        try move(to: "2025-03-11T15:00:00Z")
        #expect(try await ask("I want to talk to a real person").reply.crisisPanel == nil)
    }

    @Test func `the client reads their own clock`() async throws {
        try await test.execute("UPDATE clients SET time_zone = 'America/New_York'")
        try await test.portal.directory.setHours(Self.office, as: ada)
        try move(to: "2025-03-04T16:00:00Z")
        #expect(try await ask("I want to talk to a real person").reply.plainText.contains("until 6:00"))
    }

    @Test func `an administrator sets them, on record, and what cannot be meant is refused`() async throws {
        let wrong = PracticeHours(weekly: [.monday: [.init(from: "17:00", until: "09:00")]])
        await #expect(throws: Refusal.self) { try await test.portal.directory.setHours(wrong, as: ada) }
        await #expect(throws: AccessDenied()) {
            try await test.portal.directory.setHours(Self.office, as: test.people.frontDesk.principal)
        }
        try await test.portal.directory.setHours(Self.office, as: ada)
        let kept = try #require(try await test.portal.directory.practice(test.practice.id))
        #expect(kept.settings.hours == Self.office)
        #expect(kept.settings.secondFactors == [:], "the rest stays")
        #expect(
            try await test.rows("SELECT outcome FROM audit_log WHERE action = 'PRACTICE.HOURS' ORDER BY seq")
                .map { $0["outcome"] } == [.text("DENIED"), .text("OK")]
        )
        #expect(
            try await test.portal.directory.practice(test.neighbors.client.client.practiceID)?.settings.hours == nil
        )
    }
}
