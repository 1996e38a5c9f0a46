import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

extension TestPortal {
    /// The mail that waits for `address`, oldest first.
    func mail(to address: String) async throws -> [MailRequest] {
        try await portal.database.read { [portal] transaction in
            try transaction.rows("SELECT id FROM mail_messages ORDER BY rowid").compactMap { row in
                try MailRecord.find(row.get("id"), vault: portal.vault, in: transaction)?.request
            }.filter { $0.to == address }
        }
    }

    /// What follows `#` in the newest link that was mailed to `address`.
    func mailedSecret(_ template: MailTemplate, to address: String) async throws -> String {
        let mail = try #require(try await mail(to: address).last { $0.template == template.rawValue })
        return try #require(mail.parameters["link"]?.split(separator: "#").last.map(String.init))
    }

    func mailedCode(to address: String) async throws -> String {
        try #require(try await mail(to: address).compactMap { $0.parameters["code"] }.last)
    }

    /// A session of Maya's, or of whoever is named.
    func live(_ name: String = "maya", at door: SignInService.Door = .portal) async throws -> LiveSession {
        let session = try await portal.signIn.signIn(
            name: name,
            password: TestPortal.password,
            at: door,
            origin: .init()
        )
        return try #require(try await portal.sessions.authenticate(session.token.text, origin: .init()))
    }

    /// Sets up an authenticator and returns its secret and the recovery codes. The code of the present step is used up.
    func enrolAuthenticator(_ live: LiveSession) async throws -> (secret: [UInt8], recoveryCodes: [String]) {
        let enrolment = try await portal.factors.enrol(.authenticator, in: live)
        let secret = try #require(Base32.decode(enrolment.secret ?? ""))
        let codes = try await portal.factors.confirm(.authenticator, code: code(secret), in: live)
        return (secret, codes)
    }

    /// What an authenticator shows now.
    func code(_ secret: [UInt8], steps: Int64 = 0) -> String {
        TimeBasedCode.code(secret: secret, step: TimeBasedCode.step(at: clock.now) + steps)
    }
}

extension Base32 {
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        for letter in text {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            buffer = (buffer << 5 | UInt32(value)) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }
}

extension SignInOutcome {
    var session: SignInResult? { if case .session(let session) = self { session } else { nil } }
    var challenge: SignInChallenge? { if case .challenge(let challenge) = self { challenge } else { nil } }
}
