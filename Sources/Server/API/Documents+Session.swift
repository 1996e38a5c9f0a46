import HTTPTypes
import Portal
import Records

struct SignInRequest: Codable, Sendable, FieldsDescribed {
    let username: String
    let password: String
    let practice: String?
    let cookie: Bool?
    let followsRenewal: Bool?

    static let fieldDescriptions = [
        "username": "User name or e-mail address.", "practice": "Short name of the practice where there are several.",
        "cookie":
            "Whether the session is kept in a cookie, as browsers do, rather than in a token that a program sends.",
        "follows_renewal": """
        Whether a program takes up the token in the `Bellwether-Session` field of answers, each of which replaces the one \
        before. Without it the token stays the same for as long as the session lasts.
        """,
    ]
}

struct SessionDocument: Codable, Sendable, FieldsDescribed {
    let token: String?
    let csrfToken: String?
    let expiresAt: Timestamp
    let endsAt: Timestamp
    let name: String
    let role: String
    let clientId: ID<Client>?

    static let fieldDescriptions = [
        "token": "Send it as `Authorization: Bearer …`. It is shown this once. Missing where a cookie holds it.",
        "csrf_token": "With a cookie, send it as `X-CSRF-Token` with whatever changes something.",
        "expires_at": "When the session ends unless it is used.",
        "ends_at": "When it ends in any case.",
    ]

    init(_ session: SignInResult) {
        token = session.channel == .api ? session.token.text : nil
        csrfToken = session.channel == .web ? session.antiForgeryToken : nil
        expiresAt = session.expiresAt
        endsAt = session.absoluteExpiresAt
        name = session.displayName
        (role, clientId) = Self.describe(session.principal)
    }

    static func describe(_ principal: Principal) -> (role: String, clientID: ID<Client>?) {
        switch principal.identity {
        case .account(_, let client): (client == nil ? "PROXY" : "CLIENT", client)
        case .staff(_, let role): (role.rawValue, nil)
        case .system: ("SYSTEM", nil)
        }
    }
}

extension SignInResult {
    /// The answer to a successful sign-in, however it came about: the session's document, and the cookies of a browser.
    var reply: Reply<SessionDocument> {
        var headers: HTTPFields = [:]
        if channel == .web {
            headers.append(HTTPField(name: .setCookie, value: SessionCookies.set(session: token.text)))
        }
        if let deviceSecret {
            headers.append(HTTPField(name: .setCookie, value: SessionCookies.set(device: deviceSecret)))
        }
        return Reply(SessionDocument(self), headers: headers)
    }
}

extension Call {
    /// What is known of the program that signs in.
    func sessionClient(cookie: Bool?, followsRenewal: Bool? = nil) -> SessionClient {
        SessionClient(
            channel: cookie == true ? .web : .api,
            userAgent: userAgent,
            deviceSecret: SessionCookies.values(of: SessionCookies.device, in: headers).first,
            followsRenewal: followsRenewal ?? false
        )
    }
}

struct CallerDocument: Codable, Sendable, FieldsDescribed {
    let role: String
    let clientId: ID<Client>?
    let actingClientId: ID<Client>?
    let idleEndsAt: Timestamp
    let endsAt: Timestamp
    let warningSeconds: Int
    let secondFactor: Bool
    let csrfToken: String?

    static let fieldDescriptions = [
        "acting_client_id": "For whom a proxy acts in this session.",
        "idle_ends_at": "When the session ends unless it is used; asking this is no use of it. To the minute.",
        "ends_at": "When it ends in any case.",
        "warning_seconds": "How long before its end a page should warn, so that nothing written is lost.",
        "second_factor": "Whether a second factor was shown, or a trusted device stood for one.",
    ]

    init(_ live: LiveSession) {
        (role, clientId) = SessionDocument.describe(live.principal)
        actingClientId = live.session.actingClientID ?? clientId
        idleEndsAt = live.session.expiresAt
        endsAt = live.session.absoluteExpiresAt
        // WCAG 2.2 SC 2.2.1 asks for at least 20 seconds.
        warningSeconds = 120
        secondFactor = live.session.mfaPassed
        csrfToken = live.session.channel == .web ? live.antiForgeryToken : nil
    }
}

struct DeadlineDocument: Codable, Sendable {
    let idleEndsAt: Timestamp
}

struct SessionEntryDocument: Codable, Sendable, FieldsDescribed {
    let id: ID<Session>
    let current: Bool
    let channel: String
    let deviceId: ID<Device>?
    let ip: String?
    let userAgent: String?
    let signedInAt: Timestamp
    let lastSeenAt: Timestamp
    let idleEndsAt: Timestamp
    let endsAt: Timestamp
    let pagesViewed: Int
    let actionsTaken: Int

    static let fieldDescriptions = [
        "current": "Whether it is the session of this very request.",
        "pages_viewed": "Things looked at, up to a minute ago.", "actions_taken": "Things done, up to a minute ago.",
    ]

    init(_ session: Session, isCurrent: Bool) {
        id = session.id
        current = isCurrent
        channel = session.channel.rawValue
        deviceId = session.deviceID
        ip = session.ip
        userAgent = session.userAgent
        signedInAt = session.loginAt
        lastSeenAt = session.lastSeenAt
        idleEndsAt = session.expiresAt
        endsAt = session.absoluteExpiresAt
        pagesViewed = session.pagesViewed
        actionsTaken = session.actionsTaken
    }
}

struct DeviceDocument: Codable, Sendable, FieldsDescribed {
    let id: ID<Device>
    let current: Bool
    let kind: String
    let name: String?
    let firstSeenAt: Timestamp
    let lastSeenAt: Timestamp
    let trustedUntil: Timestamp?

    static let fieldDescriptions = ["trusted_until": "Until when it stands for a second factor."]

    init(_ device: Device, isCurrent: Bool) {
        id = device.id
        current = isCurrent
        kind = device.kind.rawValue
        name = device.name
        firstSeenAt = device.createdAt
        lastSeenAt = device.lastSeenAt
        trustedUntil = device.trustedUntil
    }
}

struct SessionListDocument: Codable, Sendable {
    let sessions: [SessionEntryDocument]
    let devices: [DeviceDocument]
}

struct AdministratedSessionsDocument: Codable, Sendable {
    let sessions: [SessionEntryDocument]
}

struct EndedDocument: Codable, Sendable, FieldsDescribed {
    let ended: Int

    static let fieldDescriptions = ["ended": "How many sessions ended."]
}

/// Names one person.
struct SessionQuery: Codable, Sendable {
    let accountId: ID<PortalAccountTag>?
    let clientId: ID<Client>?
    let staffId: ID<StaffMember>?

    /// Nil when nobody is named. Throws a problem when more than one is.
    var owner: SessionOwner? {
        get throws {
            let named: [SessionOwner] = [
                accountId.map { .account($0) }, clientId.map { .client($0) }, staffId.map { .staff($0) },
            ].compactMap { $0 }
            guard named.count < 2 else {
                throw Problem.invalid(.wholeBody, "names more than one person", remedy: "Name one")
            }
            return named.first
        }
    }
}
