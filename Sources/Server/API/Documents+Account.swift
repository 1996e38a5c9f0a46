import Portal
import Records

/// What a sign-in comes to: a session, or a challenge.
struct SignInDocument: Codable, Sendable, FieldsDescribed {
    let mfaRequired: Bool
    let challenge: ChallengeDocument?
    let token: String?
    let csrfToken: String?
    let expiresAt: Timestamp?
    let endsAt: Timestamp?
    let name: String?
    let role: String?
    let clientId: ID<Client>?
    let termsRequired: [LegalReferenceDocument]

    static let fieldDescriptions = [
        "mfa_required": "Whether something more has to be shown; `challenge` then says what.",
        "token": "Send it as `Authorization: Bearer …`. It is shown this once. Missing where a cookie holds it.",
        "csrf_token": "With a cookie, send it as `X-CSRF-Token` with whatever changes something.",
        "expires_at": "When the session ends unless it is used.", "ends_at": "When it ends in any case.",
        "terms_required":
            "Terms of use and privacy notice that this account has not accepted in their present version.",
    ]

    init(_ session: SessionDocument, terms: [LegalDocument]) {
        mfaRequired = false
        challenge = nil
        token = session.token
        csrfToken = session.csrfToken
        expiresAt = session.expiresAt
        endsAt = session.endsAt
        name = session.name
        role = session.role
        clientId = session.clientId
        termsRequired = terms.map(LegalReferenceDocument.init)
    }

    init(_ more: SignInChallenge) {
        mfaRequired = true
        challenge = ChallengeDocument(token: more.token, methods: more.methods, expiresAt: more.expiresAt)
        token = nil
        csrfToken = nil
        expiresAt = nil
        endsAt = nil
        name = nil
        role = nil
        clientId = nil
        termsRequired = []
    }
}

struct SteppedUpDocument: Codable, Sendable, FieldsDescribed {
    let token: String?

    static let fieldDescriptions = [
        "token":
            "The session goes on under this token; the one before is no longer good. Missing where a cookie holds it."
    ]
}

struct LinkSignInRequest: Codable, Sendable, FieldsDescribed {
    let token: String
    let cookie: Bool?
    let followsRenewal: Bool?

    static let fieldDescriptions = ["token": "What follows `#` in the link."]
}

struct ChallengeDocument: Codable, Sendable, FieldsDescribed {
    let token: String
    let methods: [SignInMethod]
    let expiresAt: Timestamp

    static let fieldDescriptions = ["methods": "Any one of them will do."]
}

struct AnswerChallengeRequest: Codable, Sendable, FieldsDescribed {
    let challenge: String
    let method: SignInMethod
    let code: String
    let trustDevice: Bool?
    let cookie: Bool?
    let followsRenewal: Bool?

    static let fieldDescriptions = [
        "code": "A code, or for `PASSWORD` and `NEW_PASSWORD` the password.",
        "trust_device": "Whether this browser stands for the second factor from now on.",
    ]
}

struct ChallengeRequest: Codable, Sendable {
    let challenge: String
}

struct NameRequest: Codable, Sendable, FieldsDescribed {
    let username: String
    let practice: String?

    static let fieldDescriptions = [
        "username": "User name or e-mail address.", "practice": "Short name of the practice where there are several.",
    ]
}

struct TokenRequest: Codable, Sendable, FieldsDescribed {
    let token: String

    static let fieldDescriptions = ["token": "What follows `#` in the link."]
}

struct NewPasswordRequest: Codable, Sendable {
    let token: String
    let password: String
}

struct ChangePasswordRequest: Codable, Sendable {
    let current: String
    let password: String
}

/// What is said whether or not there is such an account.
struct AcceptedDocument: Codable, Sendable {
    let message: String
}

struct StrengthRequest: Codable, Sendable, FieldsDescribed {
    let password: String
    let details: [String]?
    let practice: String?
    let secondFactor: Bool?

    static let fieldDescriptions = [
        "details": "Names and addresses of the person, which the password must not be made of.",
        "second_factor": "Whether a second factor will stand beside it; a shorter one will do then.",
    ]
}

struct StrengthDocument: Codable, Sendable {
    struct FaultDocument: Codable, Sendable {
        let message: String
        let remedy: String
    }

    let accepted: Bool
    let faults: [FaultDocument]

    init(_ faults: [PasswordRules.Fault]) {
        accepted = faults.isEmpty
        self.faults = faults.map { FaultDocument(message: $0.message, remedy: $0.remedy) }
    }
}

struct StepUpRequest: Codable, Sendable {
    let method: SignInMethod
    let code: String
}

struct EmailRequest: Codable, Sendable {
    let email: String
}

struct CodeRequest: Codable, Sendable {
    let code: String
}

struct FactorDocument: Codable, Sendable {
    let kind: SecondFactor.Kind
    let confirmed: Bool
    let createdAt: Timestamp
    let lastUsedAt: Timestamp?

    init(_ factor: SecondFactor) {
        kind = factor.kind
        confirmed = factor.confirmedAt != nil
        createdAt = factor.createdAt
        lastUsedAt = factor.lastUsedAt
    }
}

struct FactorListDocument: Codable, Sendable {
    let factors: [FactorDocument]
    let recoveryCodesLeft: Int
}

struct EnrolmentDocument: Codable, Sendable, FieldsDescribed {
    let kind: SecondFactor.Kind
    let secret: String?
    let uri: String?
    let qrCode: String?

    static let fieldDescriptions = [
        "secret": "Base32, to be typed where no picture can be read.", "qr_code": "SVG.",
    ]

    init(_ enrolment: FactorEnrolment, drawing: (any QRCodeDrawing)?) {
        kind = enrolment.kind
        secret = enrolment.secret
        uri = enrolment.uri
        qrCode = enrolment.uri.flatMap { uri in try? drawing?.svg(of: uri) }
    }
}

struct RecoveryCodesDocument: Codable, Sendable, FieldsDescribed {
    let recoveryCodes: [String]

    static let fieldDescriptions = [
        "recovery_codes": "Each signs in once instead of the second factor. Shown this once."
    ]
}

struct LegalReferenceDocument: Codable, Sendable {
    let id: ID<LegalDocument>
    let kind: LegalDocument.Kind
    let version: Int
    let locale: String
    let title: String

    init(_ document: LegalDocument) {
        id = document.id
        kind = document.kind
        version = document.version
        locale = document.locale
        title = document.title
    }
}

struct LegalTextDocument: Codable, Sendable {
    let id: ID<LegalDocument>
    let kind: LegalDocument.Kind
    let version: Int
    let locale: String
    let title: String
    let body: String
    let publishedAt: Timestamp

    init(_ document: LegalDocument) {
        id = document.id
        kind = document.kind
        version = document.version
        locale = document.locale
        title = document.title
        body = document.body
        publishedAt = document.publishedAt
    }
}

struct LegalListDocument: Codable, Sendable {
    let documents: [LegalTextDocument]
}

struct PublishTermsRequest: Codable, Sendable {
    let kind: LegalDocument.Kind
    let locale: String
    let title: String
    let body: String
}

struct AcceptTermsRequest: Codable, Sendable {
    let documents: [ID<LegalDocument>]
}
