import Delivery
import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// Over sockets, to aiosmtpd.
@Suite("Mail over SMTP", .serialized)
struct SMTPMailerTests {
    private func mailer(_ peer: SMTPPeer, _ query: String = "?tls=none") throws -> SMTPMailer {
        SMTPMailer(
            try SMTPSettings(url: "smtp://127.0.0.1:\(peer.port)\(query)", password: nil),
            from: try #require(Sample.sender)
        )
    }

    private func failure(_ body: () async throws -> Void) async throws -> MailFailure? {
        do {
            try await body()
            return nil
        } catch let failure as MailFailure {
            return failure
        }
    }

    @Test func `the server gets the message whole, and lines that begin with a dot`() async throws {
        let peer = try SMTPPeer("accept")
        try await mailer(peer).send(Sample.message(text: ".\n..two\n\n.three\nend\n"))
        let message = try #require(try peer.messages().first)
        #expect(message.sender == "portal@practice.example")
        #expect(message.recipients == ["maya@mail.example"])
        #expect(message.hello == "practice.example")
        #expect(message.data?.contains("\r\n.\r\n..two\r\n\r\n.three\r\nend\r\n") == true)
        #expect(message.data == InternetMessage.text(of: Sample.message(text: ".\n..two\n\n.three\nend\n")))
        #expect(try peer.messages().count == 1)
    }

    @Test func `a server that refuses for now is tried again and then takes it`() async throws {
        let peer = try SMTPPeer("busy")
        #expect(try await failure { try await mailer(peer).send(Sample.message()) } == .temporary(reason: "SMTP 451"))
        try await mailer(peer).send(Sample.message())
        #expect(try peer.happenings().map(\.event) == ["refused", "message"])
    }

    @Test(arguments: [("reject", "SMTP 554"), ("unknown", "SMTP 550")])
    func `a refusal for good is not tried again`(mode: String, reason: String) async throws {
        let peer = try SMTPPeer(mode)
        #expect(try await failure { try await mailer(peer).send(Sample.message()) } == .permanent(reason: reason))
        #expect(try peer.messages().isEmpty)
    }

    @Test func `a server that hangs up in the middle of a message is tried again`() async throws {
        let peer = try SMTPPeer("hang-up")
        let first = try await failure { try await mailer(peer).send(Sample.message()) }
        guard case .temporary = first else {
            Issue.record("\(String(describing: first))")
            return
        }
        #expect(try peer.messages().isEmpty)
        try await mailer(peer).send(Sample.message())
        #expect(try peer.happenings().map(\.event) == ["hung up", "message"])
    }

    @Test func `where nothing listens it is tried again`() async throws {
        let port: Int
        do { port = try SMTPPeer("accept").port }
        let settings = try SMTPSettings(url: "smtp://127.0.0.1:\(port)?tls=none", password: nil)
        let mailer = SMTPMailer(settings, from: try #require(Sample.sender))
        guard case .temporary = try await failure({ try await mailer.send(Sample.message()) }) else {
            Issue.record("it should have failed for now")
            return
        }
    }

    @Test(arguments: [("smtp", "starttls"), ("smtps", "tls")])
    func `it signs in over TLS`(scheme: String, mode: String) async throws {
        let peer = try SMTPPeer(mode)
        let settings = try SMTPSettings(
            url: "\(scheme)://heron@127.0.0.1:\(peer.port)",
            password: "shallows",
            authorities: peer.authority
        )
        try await SMTPMailer(settings, from: try #require(Sample.sender)).send(Sample.message())
        let message = try #require(try peer.messages().first)
        #expect(message.encrypted == true || mode == "tls")
        #expect(message.authenticated == true)
    }

    @Test(arguments: [("smtp", "starttls"), ("smtps", "tls")])
    func `a certificate that nobody vouches for gets neither password nor message`(scheme: String, mode: String)
        async throws
    {
        let peer = try SMTPPeer(mode)
        let settings = try SMTPSettings(url: "\(scheme)://heron@127.0.0.1:\(peer.port)", password: "shallows")
        let mailer = SMTPMailer(settings, from: try #require(Sample.sender))
        guard case .temporary = try await failure({ try await mailer.send(Sample.message()) }) else {
            Issue.record("it should have failed for now")
            return
        }
        #expect(try peer.happenings().isEmpty)
    }

    @Test func `a server that offers no TLS gets no message unless that was asked for`() async throws {
        let peer = try SMTPPeer("accept")
        guard case .temporary = try await failure({ try await mailer(peer, "").send(Sample.message()) }) else {
            Issue.record("it should have failed for now")
            return
        }
        #expect(try peer.happenings().isEmpty)
    }

    @Test func `a wrong password is our own fault, and the message waits`() async throws {
        let peer = try SMTPPeer("starttls")
        let settings = try SMTPSettings(
            url: "smtp://heron@127.0.0.1:\(peer.port)",
            password: "wrong",
            authorities: peer.authority
        )
        let mailer = SMTPMailer(settings, from: try #require(Sample.sender))
        guard case .temporary = try await failure({ try await mailer.send(Sample.message()) }) else {
            Issue.record("it should have failed for now")
            return
        }
        #expect(try peer.messages().isEmpty)
    }

    @Test func `the outbox sends over it, once`() async throws {
        let peer = try SMTPPeer("busy")
        let house = try await TestPortal(articles: [])
        let (portal, person) = (house.portal, house.people.client)
        try await portal.database.write { transaction in
            try MailRequest(
                .mfaCode,
                to: "maya@mail.example",
                locale: "es",
                parameters: ["code": "123456", "minutes": "10"]
            )
            .enqueue(
                practice: house.practice.id,
                client: person.id,
                vault: portal.vault,
                surroundings: portal.surroundings,
                transaction: transaction
            )
        }
        let runner = portal.workRunner(mailer: try mailer(peer)) { _, _ in }
        try await runner.drain()
        #expect(try peer.messages().isEmpty)
        house.clock.advance(.seconds(2))
        try await runner.drain()
        house.clock.advance(.days(1))
        try await runner.drain()
        #expect(try peer.messages().count == 1)
        #expect(try peer.messages().first?.data?.contains("Su c=C3=B3digo es 123456.") == true)
    }

    @Test(arguments: [
        "smtp://heron:shallows@mx.example", "ftp://mx.example", "mx.example", "smtp://", "smtp://mx.example/path",
        "smtp://mx.example?tls=maybe", "smtp://mx.example?verify=no", "smtp://heron@mx.example?tls=none",
        "smtp://mx.example?tls=tls", "smtp://heron@mx.example",
    ])
    func `settings that would leak or do not fit are refused, without repeating a password`(url: String) {
        do {
            _ = try SMTPSettings(url: url, password: nil)
            Issue.record("\(url) was taken")
        } catch {
            #expect(!error.description.contains("shallows"))
            #expect(error.description.hasSuffix("."))
        }
    }

    @Test func `a password shows in no dump`() throws {
        let settings = try SMTPSettings(url: "smtps://heron@mx.example", password: "shallows")
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("shallows") && !"\(settings)".contains("shallows"))
        #expect(settings.summary == "mx.example:465 (TLS)")
    }
}

extension InternetMessage {
    /// The message as the sample sender sends it.
    static func text(of message: MailMessage) -> String? {
        Sample.sender.flatMap { try? InternetMessage(message, from: $0).text }
    }
}
