import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Second factors")
struct SecondFactorTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private func begin(_ name: String = "maya", at door: SignInService.Door = .portal) async throws -> SignInOutcome {
        try await test.portal.signIn.begin(
            name: name,
            password: TestPortal.password,
            at: door,
            origin: .init(ip: "192.0.2.7")
        )
    }

    private func answer(_ challenge: SignInChallenge, _ method: SignInMethod, _ code: String) async throws
        -> SignInOutcome
    {
        try await test.portal.signIn.answer(challenge: challenge.token, method: method, code: code, origin: .init())
    }

    private func challenge(_ name: String = "maya", at door: SignInService.Door = .portal) async throws
        -> SignInChallenge
    {
        try #require(try await begin(name, at: door).challenge)
    }

    @Test func `an authenticator is set up, confirmed, and asked for from then on`() async throws {
        let live = try await test.live()
        let enrolment = try await test.portal.factors.enrol(.authenticator, in: live)
        #expect(enrolment.uri?.hasPrefix("otpauth://totp/Test%20Practice:maya?secret=") == true)
        #expect(try await begin().session != nil, "not asked for before it is confirmed")
        let (secret, codes) = try await test.enrolAuthenticator(live)
        #expect(Set(codes).count == 10)
        test.clock.advance(.seconds(30))
        let challenge = try await challenge()
        #expect(challenge.methods == [.authenticator, .recovery])
        let session = try #require(try await answer(challenge, .authenticator, test.code(secret)).session)
        #expect(session.principal.accountID == test.people.client.account.id)
        #expect(
            try await test.portal.sessions.authenticate(session.token.text, origin: .init())?.session.mfaPassed == true
        )
        let mails = try await test.mail(to: "maya@mail.example").map(\.template)
        #expect(mails.contains("factor-changed"))
    }

    @Test func `a browser that is trusted stands for the factor until then, and no other does`() async throws {
        let (secret, _) = try await test.enrolAuthenticator(try await test.live())
        test.clock.advance(.seconds(30))
        func begin(_ secret: String?, _ channel: SessionClient.Channel = .web) async throws -> SignInOutcome {
            try await test.portal.signIn.begin(
                name: "maya",
                password: TestPortal.password,
                at: .portal,
                origin: .init(),
                client: SessionClient(channel: channel, deviceSecret: secret)
            )
        }
        let first = try #require(try await begin(nil).challenge)
        let session = try #require(
            try await test.portal.signIn.answer(
                challenge: first.token,
                method: .authenticator,
                code: test.code(secret),
                trustDevice: true,
                origin: .init(),
                client: SessionClient(channel: .web)
            ).session
        )
        let known = try #require(session.deviceSecret)
        #expect(try await begin(known).session != nil)
        #expect(try await begin(nil).challenge != nil, "another browser")
        #expect(try await begin(known, .api).challenge != nil, "a program can send any cookie")
        test.clock.advance(.seconds(30 * 86_400))
        #expect(try await begin(known).challenge != nil, "the month is over")
    }

    @Test func `each code is good once, and none from before it`() async throws {
        let (secret, _) = try await test.enrolAuthenticator(try await test.live())
        await #expect(throws: Refusal.wrongCode, "it confirmed the factor") {
            try await answer(try await challenge(), .authenticator, test.code(secret))
        }
        test.clock.advance(.seconds(60))
        let code = test.code(secret)
        _ = try #require(try await answer(try await challenge(), .authenticator, code).session)
        for old in [code, test.code(secret, steps: -1)] {
            await #expect(throws: Refusal.wrongCode) { try await answer(try await challenge(), .authenticator, old) }
        }
    }

    @Test func `of many uses of one code at once exactly one gets in`() async throws {
        let (secret, _) = try await test.enrolAuthenticator(try await test.live())
        test.clock.advance(.seconds(30))
        let code = test.code(secret)
        var challenges: [SignInChallenge] = []
        for _ in 0..<5 { challenges.append(try await challenge()) }
        let won = await withTaskGroup(of: Bool.self) { group in
            for challenge in challenges {
                group.addTask { (try? await answer(challenge, .authenticator, code))?.session != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
    }

    @Test func `a recovery code opens once, however it is typed`() async throws {
        let (_, codes) = try await test.enrolAuthenticator(try await test.live())
        let typed = codes[0].lowercased().replacing("-", with: " ")
        #expect(try await answer(try await challenge(), .recovery, typed).session != nil)
        await #expect(throws: Refusal.wrongCode) { try await answer(try await challenge(), .recovery, codes[0]) }
        #expect(try await answer(try await challenge(), .recovery, codes[1]).session != nil)
        #expect(try await test.portal.factors.list(of: test.people.client.principal).recoveryCodesLeft == 8)
    }

    @Test func `one challenge bears five tries, and five failures on any lock the factor for half an hour`()
        async throws
    {
        let (secret, _) = try await test.enrolAuthenticator(try await test.live())
        test.clock.advance(.seconds(60))
        for _ in 0..<5 {
            let challenge = try await challenge()
            await #expect(throws: Refusal.wrongCode) { try await answer(challenge, .authenticator, "000000") }
        }
        let refusal = Refusal.locked(until: test.clock.now.adding(.minutes(30)))
        let next = try await challenge()
        await #expect(throws: refusal) { try await answer(next, .authenticator, test.code(secret)) }
        #expect(try await test.mail(to: "maya@mail.example").contains { $0.template == "account-locked" })
    }

    @Test func `a challenge is over after ten minutes, once answered, and for anybody who made it up`() async throws {
        let (secret, codes) = try await test.enrolAuthenticator(try await test.live())
        let late = try await challenge()
        test.clock.advance(.minutes(10))
        await #expect(throws: Refusal.linkExpired) { try await answer(late, .authenticator, test.code(secret)) }
        let used = try await challenge()
        _ = try await answer(used, .authenticator, test.code(secret))
        await #expect(throws: Refusal.linkExpired) { try await answer(used, .recovery, codes[0]) }
        for token in ["", "x", String(used.token.dropLast()), used.token + "A", "\0"] {
            await #expect(throws: Refusal.self) {
                try await test.portal.signIn.answer(
                    challenge: token,
                    method: .recovery,
                    code: codes[1],
                    origin: .init()
                )
            }
        }
    }

    @Test func `a code by mail answers its own challenge alone, once, within ten minutes`() async throws {
        let live = try await test.live()
        _ = try await test.portal.factors.enrol(.email, in: live)
        _ = try await test.portal.factors.confirm(.email, code: test.mailedCode(to: "maya@mail.example"), in: live)
        let first = try await challenge()
        #expect(first.methods == [.email, .recovery])
        let code = try await test.mailedCode(to: "maya@mail.example")
        #expect(code.count == 8)
        let second = try await challenge()
        await #expect(throws: Refusal.wrongCode) { try await answer(second, .email, code) }
        #expect(try await answer(first, .email, code).session != nil)
        await #expect(throws: Refusal.linkExpired) { try await answer(first, .email, code) }
        let late = try await challenge()
        let lateCode = try await test.mailedCode(to: "maya@mail.example")
        test.clock.advance(.minutes(10))
        await #expect(throws: Refusal.linkExpired) { try await answer(late, .email, lateCode) }
    }

    @Test func `three codes go out for one sign-in, and only the newest is good`() async throws {
        let live = try await test.live()
        _ = try await test.portal.factors.enrol(.email, in: live)
        _ = try await test.portal.factors.confirm(.email, code: test.mailedCode(to: "maya@mail.example"), in: live)
        let challenge = try await challenge()
        let first = try await test.mailedCode(to: "maya@mail.example")
        for _ in 0..<2 { try await test.portal.signIn.sendCode(forChallenge: challenge.token) }
        await #expect(throws: Refusal.self) { try await test.portal.signIn.sendCode(forChallenge: challenge.token) }
        await #expect(throws: Refusal.wrongCode) { try await answer(challenge, .email, first) }
        #expect(try await answer(challenge, .email, test.mailedCode(to: "maya@mail.example")).session != nil)
    }

    @Test func `where the practice requires two factors, who has set up none gets a code by mail`() async throws {
        var settings = PracticeSettings()
        #expect(settings.secondFactors["CLINICIAN"] == .required)
        settings.secondFactors["CLIENT"] = .off
        try await test.set(settings)
        let challenge = try await challenge("cora", at: .staff)
        #expect(challenge.methods == [.email])
        let code = try await test.mailedCode(to: "cora@practice.example")
        #expect(try await answer(challenge, .email, code).session?.principal.staffID == test.people.clinician.id)
        await #expect(throws: Refusal.self, "switched off for clients") {
            try await test.portal.factors.enrol(.authenticator, in: try await test.live())
        }
    }

    @Test func `secrets and codes do not lie in the database in clear`() async throws {
        let live = try await test.live()
        let enrolment = try await test.portal.factors.enrol(.authenticator, in: live)
        let secret = try #require(Base32.decode(enrolment.secret ?? ""))
        let codes = try await test.portal.factors.confirm(.authenticator, code: test.code(secret), in: live)
        let challenge = try await challenge()
        let contents = try await Contents(of: test)
        let secrets =
            codes + codes.map { $0.replacing("-", with: "") } + [
                enrolment.secret ?? "?", Data(secret).base64EncodedString(), challenge.token,
            ]
        for one in secrets { #expect(contents.holds(one) == false) }
    }

    // MARK: - Stepping up

    @Test func `changes of factors take a sign-in within five minutes, or showing anew who one is`() async throws {
        let live = try await test.live()
        test.clock.advance(.minutes(5))
        await #expect(throws: Refusal.stepUpRequired) { try await test.portal.factors.enrol(.authenticator, in: live) }
        await #expect(throws: Refusal.stepUpRequired) { try await test.portal.factors.renewRecoveryCodes(in: live) }
        await #expect(throws: Refusal.stepUpRequired) { try await test.portal.factors.remove(.email, in: live) }
        await #expect(throws: Refusal.stepUpRequired) {
            try await test.portal.emailChange.request("new@mail.example", in: live)
        }
        await #expect(throws: Refusal.wrongCode) {
            try await test.portal.signIn.stepUp(method: .password, code: "wrong", in: live)
        }
        let token = try await test.portal.signIn.stepUp(method: .password, code: TestPortal.password, in: live)
        let renewed = try #require(try await test.portal.sessions.authenticate(token.text, origin: .init()))
        _ = try await test.portal.factors.enrol(.authenticator, in: renewed)
    }

    @Test func `another session of the same person is not stepped up with it`() async throws {
        let here = try await test.live()
        let there = try await test.live()
        test.clock.advance(.minutes(6))
        _ = try await test.portal.signIn.stepUp(method: .password, code: TestPortal.password, in: here)
        await #expect(throws: Refusal.stepUpRequired) { try await test.portal.factors.enrol(.authenticator, in: there) }
    }

    @Test func `a factor that is taken away is not asked for any more`() async throws {
        let live = try await test.live()
        _ = try await test.enrolAuthenticator(live)
        try await test.portal.factors.remove(.authenticator, in: live)
        #expect(try await begin().session != nil)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM recovery_codes") == 0)
        await #expect(throws: RecordNotFound.self) { try await test.portal.factors.remove(.authenticator, in: live) }
    }
}
