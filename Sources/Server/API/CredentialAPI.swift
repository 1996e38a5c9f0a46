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
        [("/api/v1/portal/auth", SignInService.Door.portal), ("/api/v1/auth", .staff)].flatMap { path, door in
            signingIn(path, door) + forgotten(path, door) + own(path) + factors(path)
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
            Route(
                .post,
                "\(path)/magic-link",
                "Ask for a link that signs in; the answer is the same whether or not there is such an account",
                requirements: ["ACC-23"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(NameRequest.self, limit: 16_384)
            .problems(.tooManyRequests)
            .returns(AcceptedDocument.self, status: .accepted) { call in
                try await portal.magicLinks.request(
                    name: call.body.username,
                    at: door,
                    practice: call.body.practice,
                    origin: call.origin
                )
                return Self.accepted
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
            Route(
                .post,
                "\(path)/reset-password",
                "Ask for a link to set a new password; the answer is the same whether or not there is such an account",
                requirements: ["ACC-27"],
                access: .anyone
            )
            .touchesNoRecord("Whoever signs in")
            .body(NameRequest.self, limit: 16_384)
            .problems(.tooManyRequests)
            .returns(AcceptedDocument.self, status: .accepted) { call in
                try await portal.passwords.requestReset(
                    name: call.body.username,
                    at: door,
                    practice: call.body.practice,
                    origin: call.origin
                )
                return Self.accepted
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

    private func own(_ path: String) -> [Endpoint] {
        [
            Route(
                .post,
                "\(path)/step-up",
                "Show once more who one is, which opens sensitive changes for five minutes",
                requirements: ["SEC-17", "ACC-15"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .body(StepUpRequest.self, limit: 16_384)
            .problems(.locked)
            .returns(Reply<SteppedUpDocument>.self) { call in
                let live = try call.live
                let token = try await portal.signIn.stepUp(method: call.body.method, code: call.body.code, in: live)
                var headers: HTTPFields = [:]
                if live.session.channel == .web {
                    headers.append(HTTPField(name: .setCookie, value: SessionCookies.set(session: token.text)))
                }
                return Reply(
                    SteppedUpDocument(token: live.session.channel == .api ? token.text : nil),
                    headers: headers
                )
            },
            Route(
                .post,
                "\(path)/step-up/send-code",
                "Send a code by e-mail to step up with",
                requirements: ["ACC-17"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .problems(.conflict)
            .returnsNothing { call in
                try await portal.signIn.sendStepUpCode(in: call.live)
            },
            Route(
                .post,
                "\(path)/password",
                "Change one's password; every other session ends",
                requirements: ["ACC-13", "ACC-14", "SEC-17"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .body(ChangePasswordRequest.self, limit: 16_384)
            .problems(.locked)
            .returnsNothing { call in
                try await portal.passwords.change(
                    from: call.body.current,
                    to: call.body.password,
                    in: call.live
                )
            },
            Route(
                .post,
                "\(path)/email",
                "Change one's e-mail address; a link goes to the new one, and it changes when that is opened",
                requirements: ["ACC-06", "SEC-17"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .body(EmailRequest.self, limit: 16_384)
            .problems(.stepUpRequired)
            .returns(AcceptedDocument.self, status: .accepted) { call in
                try await portal.emailChange.request(call.body.email, in: call.live)
                return AcceptedDocument(message: "A mail with a link is on its way to the new address.")
            },
        ]
    }

    private func factors(_ path: String) -> [Endpoint] {
        [
            Route(.get, "\(path)/mfa", "One's second factors", requirements: ["ACC-15", "ACC-21"], access: .signedIn)
                .touchesNoRecord("Whoever signs in")
                .returns(FactorListDocument.self) { call in
                    let (factors, left) = try await portal.factors.list(of: call.principal)
                    return FactorListDocument(factors: factors.map(FactorDocument.init), recoveryCodesLeft: left)
                },
            Route(
                .post,
                "\(path)/mfa/{factor}/enroll",
                "Begin to set up a second factor",
                requirements: ["ACC-17", "ACC-18"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .problems(.stepUpRequired, .conflict)
            .returns(EnrolmentDocument.self) { call in
                EnrolmentDocument(
                    try await portal.factors.enrol(call.choice("factor"), in: call.live),
                    drawing: portal.configuration.qrCodes
                )
            },
            Route(
                .post,
                "\(path)/mfa/{factor}/confirm",
                "Confirm a second factor by its first code; the first factor brings recovery codes",
                requirements: ["ACC-15", "ACC-18", "ACC-21"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .body(CodeRequest.self, limit: 16_384)
            .problems(.stepUpRequired)
            .returns(RecoveryCodesDocument.self) { call in
                RecoveryCodesDocument(
                    recoveryCodes: try await portal.factors.confirm(
                        call.choice("factor"),
                        code: call.body.code,
                        in: call.live
                    )
                )
            },
            Route(
                .delete,
                "\(path)/mfa/{factor}",
                "Take a second factor away",
                requirements: ["ACC-21", "SEC-17"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .problems(.stepUpRequired)
            .returnsNothing { call in
                try await portal.factors.remove(call.choice("factor"), in: call.live)
            },
            Route(
                .post,
                "\(path)/recovery-codes",
                "Ten new recovery codes; the old ones are no longer good",
                requirements: ["ACC-18"],
                access: .signedIn
            )
            .touchesNoRecord("Whoever signs in")
            .problems(.stepUpRequired, .conflict)
            .returns(RecoveryCodesDocument.self) { call in
                RecoveryCodesDocument(
                    recoveryCodes: try await portal.factors.renewRecoveryCodes(
                        in: call.live
                    )
                )
            },
        ]
    }
}

extension Call {
    /// The session that the request came with.
    var live: LiveSession {
        get throws {
            guard let session else { throw Problem(.notSignedIn) }
            return session
        }
    }
}
