import Portal
import Records
import Store
import Support
import Testing

@Suite("Preferences")
struct PreferenceTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var service: PreferenceService { test.portal.preferences }

    @Test func `without a choice there are defaults`() async throws {
        for principal in [test.people.client.principal, test.people.clinician.principal] {
            let found = try await service.preferences(of: principal)
            #expect(found.language == "en" && found.timeZone == "America/Chicago" && found.quietHours == nil)
            #expect(found.contrast == .system && found.fontSize == .standard && !found.reducedMotion)
            #expect(found.choices.filter(\.isOn).allSatisfy { $0.channel == .email })
            #expect(found.choices.count == NotificationKind.allCases.count * DeliveryChannel.allCases.count)
        }
    }

    @Test func `what is chosen is kept, and what is not sent stays`() async throws {
        for principal in [test.people.client.principal, test.people.clinician.principal] {
            let choice = Preferences.Choice(kind: .assessmentScored, channel: .sms, isOn: true)
            _ = try await service.update(
                .init(
                    language: "es",
                    timeZone: "Europe/Madrid",
                    contrast: .high,
                    fontSize: .largest,
                    reducedMotion: true,
                    quietHours: QuietHours(from: 1320, to: 420),
                    choices: [choice]
                ),
                of: principal
            )
            var found = try await service.update(.init(fontSize: .large), of: principal)
            #expect(found.language == "es" && found.timeZone == "Europe/Madrid" && found.contrast == .high)
            #expect(
                found.fontSize == .large && found.reducedMotion && found.quietHours == QuietHours(from: 1320, to: 420)
            )
            #expect(found.choices.contains(choice))
            found = try await service.update(.init(quietHours: .some(nil)), of: principal)
            #expect(found.quietHours == nil && found.timeZone == "Europe/Madrid")
        }
        // One's own only.
        #expect(try await service.preferences(of: test.people.sibling.principal).language == "en")
        #expect(try await service.preferences(of: test.people.supervisor.principal).contrast == .system)
    }

    @Test(arguments: ["Mars/Olympus", "GMT+3", "", "America/", "../etc/passwd", "EST", "America/Chicago\0"])
    func `a time zone is one of the IANA data base`(zone: String) async throws {
        await #expect(throws: Refusal.self) {
            _ = try await service.update(.init(timeZone: zone), of: test.people.client.principal)
        }
    }

    @Test func `a language is one of the portal`() async throws {
        await #expect(throws: Refusal.self) {
            _ = try await service.update(.init(language: "tlh"), of: test.people.client.principal)
        }
    }

    @Test func `the audit says that they were changed`() async throws {
        _ = try await service.update(.init(contrast: .high), of: test.people.client.principal)
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM audit_log WHERE action = 'PREFERENCES.CHANGE'") == 1
        )
    }
}
