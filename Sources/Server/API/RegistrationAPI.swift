import HTTPTypes
import Portal
import Records

/// Registration step by step, with an invitation or without, and the terms that go with it.
struct RegistrationAPI: Sendable {
    let portal: Portal

    private static let path = "/api/v1/portal/auth/register"

    struct TermsQuery: Codable, Sendable {
        let practice: String?
        let locale: String?
    }

    var endpoints: [Endpoint] { beginning + steps + terms }

    private var beginning: [Endpoint] {
        [
            Route(
                .post,
                Self.path,
                "Say that one is a client, to be let in without an invitation; the answer is always the same",
                requirements: ["ACC-05"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(ClaimRequest.self, limit: 16_384)
            .problems(.tooManyRequests)
            .returns(AcceptedDocument.self, status: .accepted) { call in
                try await portal.selfRegistration.claim(
                    ClaimedDetails(
                        firstName: call.body.firstName,
                        lastName: call.body.lastName,
                        birthDate: call.body.birthDate,
                        email: call.body.email
                    ),
                    practice: call.body.practice,
                    origin: call.origin
                )
                return AcceptedDocument(
                    message: "Thank you. If your details fit, you get a mail, or the practice gets in touch with you."
                )
            },
            Route(
                .post,
                "\(Self.path)/start",
                "Begin to register with an invitation",
                requirements: ["ACC-01", "ACC-03", "ACC-04"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(StartRegistrationRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict, .tooManyRequests)
            .returns(RegistrationDocument.self) { call in
                let (token, registration) = try await portal.registration.start(
                    code: call.body.code,
                    birthDate: call.body.birthDate,
                    origin: call.origin
                )
                return RegistrationDocument(token, registration)
            },
            Route(
                .post,
                "\(Self.path)/resume",
                "Where one's registration stands",
                requirements: ["ACC-36"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(RegistrationRequestBody.self, limit: 16_384)
            .problems(.linkExpired)
            .returns(RegistrationDocument.self) { call in
                RegistrationDocument(
                    call.body.registration,
                    try await portal.registration.resume(call.body.registration)
                )
            },
        ]
    }

    private var steps: [Endpoint] {
        [
            Route(
                .post,
                "\(Self.path)/verify",
                "Show that an address is one's own",
                requirements: ["ACC-06"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(VerifyRegistrationRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict, .notSignedIn)
            .returns(RegistrationDocument.self) { call in
                let token = call.body.registration
                if let code = call.body.code {
                    return RegistrationDocument(token, try await portal.registration.verify(token, code: code))
                }
                return RegistrationDocument(
                    token,
                    try await portal.registration.sendCode(token, to: call.body.email ?? "")
                )
            },
            Route(
                .post,
                "\(Self.path)/credentials",
                "Choose a name and a password",
                requirements: ["ACC-12", "ACC-13", "ACC-25"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(CredentialsRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict)
            .returns(RegistrationDocument.self) { call in
                RegistrationDocument(
                    call.body.registration,
                    try await portal.registration.setCredentials(
                        call.body.registration,
                        username: call.body.username,
                        password: call.body.password
                    )
                )
            },
            Route(
                .post,
                "\(Self.path)/second-factor",
                "Set up a second factor, or go on without",
                requirements: ["ACC-15"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(RegisterFactorRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict, .notSignedIn)
            .returns(RegistrationDocument.self) { call in try await secondFactor(call.body) },
            Route(
                .post,
                "\(Self.path)/preferences",
                "How one wants to hear from the portal",
                requirements: ["ACC-36"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(RegistrationPreferencesRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict)
            .returns(RegistrationDocument.self) { call in
                RegistrationDocument(
                    call.body.registration,
                    try await portal.registration.setPreferences(
                        call.body.registration,
                        ContactPreferences(
                            locale: call.body.locale,
                            emailNotifications: call.body.emailNotifications
                        )
                    )
                )
            },
            Route(
                .post,
                "\(Self.path)/emergency-contact",
                "Whom the practice calls in an emergency",
                requirements: ["ACC-36"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(RegistrationContactRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict)
            .returns(RegistrationDocument.self) { call in
                let contact = call.body.contact.map {
                    EmergencyContactEntry(name: $0.name, relation: $0.relationship, phone: $0.phone)
                }
                return RegistrationDocument(
                    call.body.registration,
                    try await portal.registration.setEmergencyContact(call.body.registration, contact)
                )
            },
            Route(
                .post,
                "\(Self.path)/complete",
                "Accept the terms and open the account",
                requirements: ["ACC-35", "ACC-36", "ACC-47"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(CompleteRegistrationRequest.self, limit: 16_384)
            .problems(.linkExpired, .conflict)
            .returns(RegistrationDocument.self) { call in
                RegistrationDocument(
                    call.body.registration,
                    try await portal.registration.complete(
                        call.body.registration,
                        accepting: call.body.accepted,
                        origin: call.origin
                    )
                )
            },
        ]
    }

    private func secondFactor(_ body: RegisterFactorRequest) async throws -> RegistrationDocument {
        let token = body.registration
        guard let kind = body.kind else {
            return RegistrationDocument(token, try await portal.registration.skipSecondFactor(token))
        }
        guard let code = body.code else {
            let enrolment = try await portal.registration.enrol(token, kind)
            return RegistrationDocument(
                token,
                try await portal.registration.resume(token),
                enrolment: EnrolmentDocument(enrolment, drawing: portal.configuration.qrCodes)
            )
        }
        let (registration, codes) = try await portal.registration.confirm(token, kind, code: code)
        return RegistrationDocument(token, registration, recoveryCodes: codes)
    }

    private var terms: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/auth/terms",
                "Terms of use and privacy notice in force",
                requirements: ["ACC-35"],
                access: .anyone
            )
            .touchesNoRecord("An account in the making opens no record")
            .query(TermsQuery.self)
            .returns(LegalListDocument.self) { call in
                LegalListDocument(
                    documents: try await portal.terms.current(
                        practice: call.query.practice,
                        locale: call.query.locale ?? call.language
                    ).map(LegalTextDocument.init)
                )
            },
            Route(
                .get,
                "/api/v1/portal/account/terms",
                "What one has not accepted yet",
                requirements: ["ACC-35"],
                access: .account
            )
            .touchesNoRecord("An account in the making opens no record")
            .servesFirst("Here the terms are read and accepted")
            .returns(LegalListDocument.self) { call in
                LegalListDocument(
                    documents: try await portal.terms.outstanding(for: call.principal).map(LegalTextDocument.init)
                )
            },
            Route(
                .post,
                "/api/v1/portal/account/terms",
                "Accept terms of use and privacy notice",
                requirements: ["ACC-35"],
                access: .account
            )
            .touchesNoRecord("An account in the making opens no record")
            .servesFirst("Here the terms are read and accepted")
            .body(AcceptTermsRequest.self)
            .problems(.conflict)
            .returnsNothing { call in try await portal.terms.accept(call.body.documents, as: call.principal) },
            Route(
                .post,
                "/api/v1/admin/legal-documents",
                "Publish a new version of the terms of use or the privacy notice",
                requirements: ["ACC-35"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("An account in the making opens no record")
            .body(PublishTermsRequest.self)
            .returns(LegalTextDocument.self, status: .created) { call in
                LegalTextDocument(
                    try await portal.terms.publish(
                        call.body.kind,
                        locale: call.body.locale,
                        title: call.body.title,
                        body: call.body.body,
                        as: call.principal
                    )
                )
            },
        ]
    }
}
