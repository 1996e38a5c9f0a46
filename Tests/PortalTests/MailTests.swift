import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("The outbox of mail")
struct MailTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private static let link = "https://portal.example/in#the-one-time-secret"

    @discardableResult
    private func ask(
        _ template: MailTemplate = .magicLink,
        to address: String = "maya@mail.example",
        client: Bool = true,
        expiresAt: Timestamp? = nil
    ) async throws -> ID<MailRecord> {
        let (portal, practice, person) = (test.portal, test.practice.id, test.people.client.id)
        return try await portal.database.write { transaction in
            try MailRequest(template, to: address, locale: "en", parameters: ["link": Self.link, "minutes": "15"])
                .enqueue(
                    practice: practice,
                    client: client ? person : nil,
                    expiresAt: expiresAt,
                    vault: portal.vault,
                    surroundings: portal.surroundings,
                    transaction: transaction
                )
        }
    }

    private func state(_ id: ID<MailRecord>) async throws -> [SQLValue] {
        let row = try #require(
            try await test.rows("SELECT state, reason, payload FROM mail_messages WHERE id = \(id)").first
        )
        return [row["state"], row["reason"], row["payload"]]
    }

    @Test(arguments: [true, false])
    func `a message goes out once, and its secrets stand nowhere in plain`(client: Bool) async throws {
        let id = try await ask(client: client)
        let waiting = try await Contents(of: test)
        #expect(
            !waiting.holds("one-time-secret")
                && !waiting.tables["mail_messages", default: []].joined().contains("maya@")
        )
        #expect(try await test.waitingMail().map(\.to) == ["maya@mail.example"])
        try await test.drainWork()
        let message = try #require(test.mailbox.messages().first)
        #expect(message.text.contains(Self.link))
        #expect(message.id == id)
        #expect(try await state(id) == [.text("SENT"), .null, .null])
        try await test.repeatWork()
        #expect(test.mailbox.messages().count == 1)
    }

    @Test func `what is rolled back is not sent`() async throws {
        struct Stop: Error {}
        let portal = test.portal
        let practice = test.practice.id
        await #expect(throws: Stop.self) {
            try await portal.database.write { transaction in
                try MailRequest(.notification, to: "maya@mail.example", locale: "en", parameters: ["link": Self.link])
                    .enqueue(
                        practice: practice,
                        client: nil,
                        vault: portal.vault,
                        surroundings: portal.surroundings,
                        transaction: transaction
                    )
                throw Stop()
            }
        }
        try await test.drainWork()
        #expect(test.mailbox.tries == 0)
    }

    @Test func `a server that is away for hours gets it in the end, under the same id`() async throws {
        let id = try await ask()
        let away = MailFailure.temporary(reason: "SMTP 451")
        test.mailbox.fail(away, away, away, away, away, away, away, away, away, away)
        for _ in 0..<20 {
            _ = try? await test.drainWork()
            test.clock.advance(.minutes(30))
        }
        #expect(test.mailbox.tries == 11)
        #expect(test.mailbox.messages().map(\.id) == [id])
        #expect(try await state(id).first == .text("SENT"))
    }

    @Test func `a refusal for good is written down with its code, and not tried again`() async throws {
        let id = try await ask()
        test.mailbox.fail(.permanent(reason: "SMTP 550"))
        try await test.drainWork()
        test.clock.advance(.days(2))
        try await test.drainWork()
        #expect(test.mailbox.tries == 1)
        #expect(try await state(id) == [.text("FAILED"), .text("SMTP 550"), .null])
        let examined = try await test.portal.examineMail(wayOut: "a folder")
        #expect(examined.verdict == .attention && examined.detail.contains("1 messages"))
    }

    @Test func `a reason that is kept with the work says no more than the code`() async throws {
        try await ask()
        test.mailbox.fail(.temporary(reason: "SMTP 451"))
        _ = try? await test.drainWork()
        let errors = try await test.rows("SELECT last_error FROM work_items WHERE kind = 'mail.send'").map {
            $0["last_error"]
        }
        #expect(errors == [.text("SMTP 451")])
    }

    @Test func `a link that has expired meanwhile is not sent`() async throws {
        let id = try await ask(expiresAt: test.clock.now.adding(.minutes(15)))
        test.mailbox.fail(.temporary(reason: "SMTP 451"))
        _ = try? await test.drainWork()
        test.clock.advance(.minutes(15))
        try await test.drainWork()
        #expect(test.mailbox.messages().isEmpty)
        #expect(try await state(id) == [.text("WITHHELD"), .text("expired"), .null])
    }

    /// Rules for reaching Maya at maya@mail.example, and whether mail still goes there.
    private static let restrictions: [(CommunicationRestriction.Channel, String?, isSent: Bool)] = [
        (.email, nil, false), (.email, "maya@mail.example", false), (.email, " MAYA@Mail.example", false),
        (.email, "other@mail.example", true), (.sms, nil, true), (.post, "maya@mail.example", true),
    ]

    @Test(arguments: restrictions.indices)
    func `an address or channel that a client ruled out is never used`(index: Int) async throws {
        let (channel, address, isSent) = Self.restrictions[index]
        let person = test.people.client
        _ = try await test.portal.profiles.restrict(channel, address: address, of: person.id, as: person.principal)
        let id = try await ask()
        try await test.drainWork()
        #expect(test.mailbox.messages().count == (isSent ? 1 : 0))
        #expect(
            try await state(id).prefix(2)
                == (isSent ? [.text("SENT"), .null] : [.text("WITHHELD"), .text("restricted")])
        )
    }

    @Test func `lifting a restriction lets mail through again`() async throws {
        let person = test.people.client
        let profiles = test.portal.profiles
        let rule = try await profiles.restrict(.email, address: nil, of: person.id, as: person.principal)
        #expect(try await profiles.restrictions(of: person.id, as: person.principal).map(\.id) == [rule.id])
        try await profiles.lift(rule.id, of: person.id, as: person.principal)
        try await ask()
        try await test.drainWork()
        #expect(test.mailbox.messages().count == 1)
    }

    @Test func `where there is no way out, mail waits and other work goes on`() async throws {
        try await ask()
        try await test.complete("PHQ-9", PHQ9.flagged)
        let done = try await test.portal.workRunner { _, _ in }.drain()
        #expect(done > 0)
        #expect(try await test.tellings(of: test.people.clinician) == 1)
        #expect(try await test.waitingMail(to: "maya@mail.example").count == 1)
    }

    @Test func `a process that ends after it wrote down the sending does not send again`() async throws {
        let id = try await ask()
        try await test.drainWork()
        try await test.execute("UPDATE work_items SET state = 'LEASED', lease_until = 0 WHERE kind = 'mail.send'")
        try await test.drainWork()
        #expect(test.mailbox.messages().map(\.id) == [id])
    }

    @Test func `a process that ends before it wrote it down sends the same message under the same id`() async throws {
        let id = try await ask()
        let sealed = try await test.rows("SELECT payload FROM mail_messages").first?["payload"] ?? .null
        try await test.drainWork()
        // As if the transaction after the sending had not been.
        try await test.execute("UPDATE mail_messages SET state = 'WAITING', payload = \(sealed)")
        try await test.execute("UPDATE work_items SET state = 'LEASED', lease_until = 0 WHERE kind = 'mail.send'")
        try await test.drainWork()
        let sent = test.mailbox.messages()
        #expect(sent.count == 2 && Set(sent).count == 1 && sent.first?.id == id)
    }
}
