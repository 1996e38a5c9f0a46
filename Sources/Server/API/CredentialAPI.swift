import HTTPTypes
import Portal
import Records

/// Passwords, second factors and mailed links, at both doors.
struct CredentialAPI: Sendable {
    let portal: Portal

    private static let accepted = AcceptedDocument(
        message: "If there is such an account, a mail with a link is on its way to its address."
    )

    var endpoints: [Endpoint] {
        SignInService.Door.allCases.flatMap { door in
            signingIn(door.path, door) + forgotten(door.path, door) + own(door.path) + factors(door.path)
        }
    }

    /// The answer to a sign-in, however it came about.
    func answer(_ outcome: SignInOutcome) async throws -> Reply<SignInDocument> {
        switch outcome {
        case .challenge(let challenge): return Reply(SignInDocument(challenge))
        case .session(let session):
            let reply = session.reply
            let terms = try await portal.terms.outstanding(for: session.principal)
            return Reply(SignInDocument(reply.document, terms: terms), headers: reply.headers)
        }
    }

    /// Mails a link to whoever has the name, and says the same to everybody.
    private func mailing(
        _ path: String,
        _ summary: String,
        requirement: String,
        _ mail: @escaping @Sendable (NameRequest, Principal.Origin) async throws -> Void
    ) -> Endpoint {
        Route(.post, path, summary, requirements: [requirement], access: .anyone)
            .touchesNoRecord("Whoever signs in")
            .body(NameRequest.self, limit: 16_384)
            .problems(.tooManyRequests)
            .returns(AcceptedDocument.self, status: .accepted) { call in
                try await mail(call.body, call.origin)
                return Self.accepted
            }
    }

    private func signingIn(_ path: String, _ door: SignInService.Door) -> [Endpoint] {
        [
            Route(
                .post,
                "\(path)/mfa/verify",
                "Complete a sign-in with a second factor",
                requirements: ["ACC-15", "ACC-17", "ACC-18"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(AnswerChallengeRequest.self, limit: 16_384)
            .problems(.notSignedIn, .linkExpired, .locked)
            .returns(Reply<SignInDocument>.self) { call in
                try await answer(
                    portal.signIn.answer(
                        challenge: call.body.challenge,
                        method: call.body.method,
                        code: call.body.code,
                        trustDevice: call.body.trustDevice ?? false,
                        origin: call.origin,
                        client: call.sessionClient(cookie: call.body.cookie, followsRenewal: call.body.followsRenewal)
                    )
                )
            },
            Route(
                .post,
                "\(path)/mfa/send-code",
                "Send a code by e-mail for a sign-in that takes one",
                requirements: ["ACC-17"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(ChallengeRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict)
            .returnsNothing { call in try await portal.signIn.sendCode(forChallenge: call.body.challenge) },
            mailing(
                "\(path)/magic-link",
                "Ask for a link that signs in; the answer is the same whether or not there is such an account",
                requirement: "ACC-23"
            ) { request, origin in
                try await portal.magicLinks.request(
                    name: request.username,
                    at: door,
                    practice: request.practice,
                    origin: origin
                )
            },
            Route(
                .post,
                "\(path)/verify-magic-link",
                "Sign in by a mailed link, good for fifteen minutes and once",
                requirements: ["ACC-23", "ACC-24"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(LinkSignInRequest.self, limit: 16_384)
            .problems(.linkExpired)
            .returns(Reply<SignInDocument>.self) { call in
                try await answer(
                    portal.magicLinks.redeem(
                        call.body.token,
                        at: door,
                        origin: call.origin,
                        client: call.sessionClient(cookie: call.body.cookie, followsRenewal: call.body.followsRenewal)
                    )
                )
            },
        ]
    }

    private func forgotten(_ path: String, _ door: SignInService.Door) -> [Endpoint] {
        [
            mailing(
                "\(path)/reset-password",
                "Ask for a link to set a new password; the answer is the same whether or not there is such an account",
                requirement: "ACC-27"
            ) { request, origin in
                try await portal.passwords.requestReset(
                    name: request.username,
                    at: door,
                    practice: request.practice,
                    origin: origin
                )
            },
            Route(
                .post,
                "\(path)/reset-password/confirm",
                "Set a new password by a mailed link; ends every session, and signs nobody in",
                requirements: ["ACC-14", "ACC-27"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(NewPasswordRequest.self, limit: 16_384)
            .problems(.linkExpired)
            .returnsNothing { call in
                try await portal.passwords.reset(call.body.token, to: call.body.password, origin: call.origin)
            },
            Route(
                .post,
                "\(path)/password-strength",
                "Whether a password would be accepted, and why not; nothing is kept",
                requirements: ["ACC-13"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(StrengthRequest.self, limit: 16_384)
            .returns(StrengthDocument.self) { call in
                StrengthDocument(
                    try await portal.passwords.faults(
                        of: call.body.password,
                        details: call.body.details ?? [],
                        practice: call.body.practice,
                        hasSecondFactor: call.body.secondFactor ?? false
                    )
                )
            },
            Route(
                .post,
                "\(path)/verify-email",
                "Confirm a new e-mail address by the link that was mailed there",
                requirements: ["ACC-06"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(TokenRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict)
            .returnsNothing { call in try await portal.emailChange.confirm(call.body.token, origin: call.origin) },
        ]
    }
}
