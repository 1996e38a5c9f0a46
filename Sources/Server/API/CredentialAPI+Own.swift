import HTTPTypes
import Portal
import Records

/// What those who are signed in do with their own credentials.
extension CredentialAPI {
    func own(_ path: String) -> [Endpoint] {
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
            .needsStepUp()
            .returns(AcceptedDocument.self, status: .accepted) { call in
                try await portal.emailChange.request(call.body.email, in: call.live)
                return AcceptedDocument(message: "A mail with a link is on its way to the new address.")
            },
        ]
    }

    func factors(_ path: String) -> [Endpoint] {
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
            .needsStepUp()
            .problems(.conflict)
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
            .needsStepUp()
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
            .needsStepUp()
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
            .needsStepUp()
            .problems(.conflict)
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
