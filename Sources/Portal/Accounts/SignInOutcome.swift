public import Records

/// What a sign-in comes to.
public enum SignInOutcome: Sendable {
    case session(SignInResult)
    /// Something more has to be shown first.
    case challenge(SignInChallenge)
}

/// What may have to be shown beside, or instead of, a password.
public enum SignInMethod: String, Sendable, Codable, CaseIterable {
    /// A code of an authenticator app.
    case authenticator = "TOTP"
    /// A code that is sent by e-mail.
    case email = "EMAIL"
    /// One of the codes that were given out when the second factor was set up.
    case recovery = "RECOVERY"
    /// The password, after a link that was mailed.
    case password = "PASSWORD"
    /// A password of one's own instead of the one that was given out.
    case newPassword = "NEW_PASSWORD"
}

/// A sign-in that is half done.
public struct SignInChallenge: Sendable {
    /// Goes with what is shown.
    public let token: String
    /// Any one of them will do.
    public let methods: [SignInMethod]
    public let expiresAt: Timestamp

    static let lifetime: Duration = .seconds(600)
}

/// A sign-in came to a challenge where only a session would do.
public struct SecondFactorRequired: Error, Sendable {
    public let challenge: SignInChallenge
}
