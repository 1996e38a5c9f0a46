import Portal
import Records
import Store

struct ClaimRequest: Codable, Sendable, FieldsDescribed {
    let firstName: String
    let lastName: String
    let birthDate: String
    let email: String
    let practice: String?

    static let fieldDescriptions = ["birth_date": "Such as 1990-05-17."]
}

struct StartRegistrationRequest: Codable, Sendable, FieldsDescribed {
    let code: String
    let birthDate: String?

    static let fieldDescriptions = [
        "code": "What follows `#` in the link, or the code on paper.",
        "birth_date": "Such as 1990-05-17; asked for with a code on paper or on the practice's screen.",
    ]
}

struct RegistrationRequestBody: Codable, Sendable, FieldsDescribed {
    let registration: String

    static let fieldDescriptions = ["registration": "The token that the first step gave."]
}

struct VerifyRegistrationRequest: Codable, Sendable, FieldsDescribed {
    let registration: String
    let email: String?
    let code: String?

    static let fieldDescriptions = ["email": "Sends a code there.", "code": "The code that was sent."]
}

struct CredentialsRequest: Codable, Sendable, FieldsDescribed {
    let registration: String
    let username: String?
    let password: String?

    static let fieldDescriptions = [
        "username": "The e-mail address unless given.",
        "password": "Without one, signing in is by mailed links alone.",
    ]
}

struct RegisterFactorRequest: Codable, Sendable, FieldsDescribed {
    let registration: String
    let kind: SecondFactor.Kind?
    let code: String?

    static let fieldDescriptions = [
        "kind": "Without one, registration goes on without a second factor.",
        "code": "Confirms the factor; without one, it is begun.",
    ]
}

struct RegistrationPreferencesRequest: Codable, Sendable {
    let registration: String
    let locale: String
    let emailNotifications: Bool
}

struct RegistrationContactRequest: Codable, Sendable {
    struct ContactDocument: Codable, Sendable {
        let name: String
        let phone: String
        let relationship: String?
    }

    let registration: String
    let contact: ContactDocument?
}

struct CompleteRegistrationRequest: Codable, Sendable, FieldsDescribed {
    let registration: String
    let accepted: [ID<LegalDocument>]

    static let fieldDescriptions = ["accepted": "The terms of use and the privacy notice in force."]
}

struct RegistrationDocument: Codable, Sendable, FieldsDescribed {
    let registration: String
    let step: Registration.Step
    let steps: [Registration.Step]
    let email: String?
    let expiresAt: Timestamp
    let enrolment: EnrolmentDocument?
    let recoveryCodes: [String]?

    static let fieldDescriptions = [
        "registration": "Send it with every further step. Whoever has it can go on with the registration.",
        "step": "What comes next.",
    ]

    init(
        _ token: String,
        _ registration: Registration,
        enrolment: EnrolmentDocument? = nil,
        recoveryCodes: [String]? = nil
    ) {
        self.registration = token
        step = registration.step
        steps = Registration.Step.allCases
        email = registration.email?.plaintext
        expiresAt = registration.expiresAt
        self.enrolment = enrolment
        self.recoveryCodes = recoveryCodes
    }
}

struct PortalStandingDocument: Codable, Sendable {
    let state: PortalStanding.State
    let username: String?
    let email: String?
    let hasPassword: Bool
    let hasSecondFactor: Bool
    let lastLoginAt: Timestamp?
    let loginCount: Int
    let lockedUntil: Timestamp?

    init(_ standing: PortalStanding) {
        state = standing.state
        username = standing.username
        email = standing.email
        hasPassword = standing.hasPassword
        hasSecondFactor = standing.hasSecondFactor
        lastLoginAt = standing.lastLoginAt
        loginCount = standing.loginCount
        lockedUntil = standing.lockedUntil
    }
}

struct PortalAccessRequest: Codable, Sendable {
    let enabled: Bool
}

struct CreateAccountRequest: Codable, Sendable {
    let username: String
    let email: String
}

struct TemporaryPasswordDocument: Codable, Sendable, FieldsDescribed {
    let temporaryPassword: String

    static let fieldDescriptions = ["temporary_password": "Replaced at the first sign-in. Shown this once."]
}

struct InviteRequest: Codable, Sendable, FieldsDescribed {
    let channel: InvitationChannelDocument
    let email: String?

    static let fieldDescriptions = ["email": "Where it goes; needed for `EMAIL`."]
}

/// The ways in which staff invite.
enum InvitationChannelDocument: String, Codable, Sendable, CaseIterable {
    case email = "EMAIL", qr = "QR", paper = "PAPER"

    var channel: Invitation.Channel {
        switch self {
        case .email: .email
        case .qr: .qr
        case .paper: .paper
        }
    }
}

struct InvitationDocument: Codable, Sendable, FieldsDescribed {
    let id: ID<Invitation>
    let channel: Invitation.Channel
    let expiresAt: Timestamp
    let code: String?
    let link: String?
    let qrCode: String?

    static let fieldDescriptions = ["code": "Shown this once.", "qr_code": "The link as SVG."]

    init(_ issued: IssuedInvitation, drawing: (any QRCodeDrawing)?) {
        id = issued.invitation.id
        channel = issued.invitation.channel
        expiresAt = issued.invitation.expiresAt
        code = issued.invitation.channel == .paper ? issued.code : nil
        link = issued.link
        qrCode = issued.link.flatMap { link in try? drawing?.svg(of: link) }
    }
}

struct ClaimDocument: Codable, Sendable {
    let id: ID<RegistrationRequest>
    let firstName: String?
    let lastName: String?
    let birthDate: String?
    let email: String?
    let createdAt: Timestamp

    init(_ request: RegistrationRequest) {
        id = request.id
        let claim = request.claim
        firstName = claim?.firstName
        lastName = claim?.lastName
        birthDate = claim?.birthDate
        email = claim?.email
        createdAt = request.createdAt
    }
}

struct ClaimListDocument: Codable, Sendable {
    let requests: [ClaimDocument]
}

struct ApproveClaimRequest: Codable, Sendable {
    let clientId: ID<Client>
}
