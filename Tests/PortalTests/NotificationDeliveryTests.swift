import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// News outside the portal. The clock stands at nine in the morning in Chicago.
@Suite("Notifications by mail")
struct NotificationDeliveryTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var cora: TestStaff { test.people.clinician }

    /// Something that Maya is told of.
    private func assign() async throws {
        _ = try await test.portal.assessments.assign("PHQ-9", to: maya.id, dueAt: nil, as: cora.principal)
        try await test.drainWork()
    }

    private func prefer(_ edit: PreferenceService.Edit, as principal: Principal) async throws {
        _ = try await test.portal.preferences.update(edit, of: principal)
    }

    private var toMaya: [MailMessage] { test.mailbox.messages(to: "maya@mail.example") }
    private var toCora: [MailMessage] { test.mailbox.messages(to: "cora@practice.example") }

    @Test func `a client is told that something is new, and not what`() async throws {
        try await assign()
        let message = try #require(toMaya.first)
        #expect(toMaya.count == 1)
        for text in [message.subject, message.text, message.html] {
            #expect(
                !text.localizedCaseInsensitiveContains("questionnaire") && !text.contains("PHQ")
                    && !text.contains("Maya")
            )
        }
        #expect(message.text.contains("http://127.0.0.1:8080"))
    }

    @Test func `it goes out once, however often the work is done`() async throws {
        try await assign()
        for _ in 0..<3 { try await test.repeatWork() }
        #expect(toMaya.count == 1)
        #expect(
            try await test.rows("SELECT channel, decision FROM notification_deliveries").map {
                [$0["channel"], $0["decision"]]
            }
                == [[.text("EMAIL"), .text("NOW")]]
        )
    }

    @Test func `in the recipient's language`() async throws {
        try await prefer(.init(language: "es"), as: maya.principal)
        try await assign()
        #expect(toMaya.first?.subject == "Tiene un aviso nuevo")
        #expect(toMaya.first?.language == "es")
    }

    @Test func `what somebody does not want by mail stays in the portal`() async throws {
        try await prefer(
            .init(choices: [.init(kind: .assessmentAssigned, channel: .email, isOn: false)]),
            as: maya.principal
        )
        try await assign()
        #expect(toMaya.isEmpty)
        #expect(try await test.portal.notifications.inbox(of: maya.principal).unread == 1)
        try await prefer(
            .init(choices: [.init(kind: .assessmentAssigned, channel: .email, isOn: true)]),
            as: maya.principal
        )
        _ = try await test.portal.assessments.assign("GAD-7", to: maya.id, dueAt: nil, as: cora.principal)
        try await test.drainWork()
        #expect(toMaya.count == 1)
    }

    @Test func `quiet hours put it off until they end`() async throws {
        try await prefer(.init(quietHours: QuietHours(from: 8 * 60, to: 10 * 60)), as: maya.principal)
        try await assign()
        #expect(toMaya.isEmpty)
        test.clock.advance(.minutes(59))
        try await test.drainWork()
        #expect(toMaya.isEmpty)
        test.clock.advance(.minutes(1))
        try await test.drainWork()
        #expect(toMaya.count == 1)
    }

    @Test func `quiet hours are those of the person's own time zone`() async throws {
        // Where it is four in the afternoon.
        try await prefer(
            .init(timeZone: "Europe/Berlin", quietHours: QuietHours(from: 8 * 60, to: 10 * 60)),
            as: maya.principal
        )
        try await assign()
        #expect(toMaya.count == 1)
    }

    @Test func `an urgent alert reaches staff within the minute, in quiet hours and whatever they chose`() async throws
    {
        try await prefer(
            .init(
                quietHours: QuietHours(from: 0, to: 1439),
                choices: [.init(kind: .alertRaised, channel: .email, isOn: false)]
            ),
            as: cora.principal
        )
        try await test.complete("PHQ-9", PHQ9.flagged)
        // The clock does not move: everything that is due now is done.
        try await test.drainWork()
        let message = try #require(toCora.first)
        #expect(message.subject == "You have a new notification")
        #expect(!message.text.contains("Maya") && !message.html.contains("Maya"))
        #expect(try await test.tellings(of: cora) == 1)
    }

    @Test func `other news keeps staff's quiet hours`() async throws {
        try await prefer(.init(quietHours: QuietHours(from: 8 * 60, to: 10 * 60)), as: cora.principal)
        try await test.complete("PHQ-9", PHQ9.minimal)
        try await test.drainWork()
        #expect(toCora.isEmpty)
        test.clock.advance(.hours(1))
        try await test.drainWork()
        #expect(toCora.count == 1)
    }

    @Test func `a client's restriction does not silence the alert about them`() async throws {
        _ = try await test.portal.profiles.restrict(.email, address: nil, of: maya.id, as: maya.principal)
        try await test.complete("PHQ-9", PHQ9.flagged)
        try await assign()
        #expect(toMaya.isEmpty)
        #expect(!toCora.isEmpty)
    }

    @Test func `nobody is written to whose access is off`() async throws {
        try await test.portal.accounts.setPortalEnabled(false, for: maya.id, as: test.people.administrator.principal)
        _ = try await test.portal.assessments.assign("PHQ-9", to: maya.id, dueAt: nil, as: cora.principal)
        try await test.drainWork()
        #expect(test.mailbox.messages().isEmpty)
        #expect(
            try await test.rows("SELECT decision FROM notification_deliveries").map { $0["decision"] } == [
                .text("NO_ADDRESS")
            ]
        )
    }
}
