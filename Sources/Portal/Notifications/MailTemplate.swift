/// The wordings there are for mail, each an entry of `Prompts/mail/*.yaml`.
public enum MailTemplate: String, Sendable, Codable, CaseIterable {
    /// An invitation to the portal.
    case invitation
    /// Asks whether an address belongs to the person who gave it.
    case verifyEmail = "verify-email"
    /// A link that signs in.
    case magicLink = "magic-link"
    case passwordReset = "password-reset"
    /// Goes to the old address.
    case emailChanged = "email-changed"
    /// A code as second factor.
    case mfaCode = "mfa-code"
    /// Signing in by password is paused; `link` leads to where one asks for a sign-in link.
    case accountLocked = "account-locked"
    case newDevice = "new-device"
    case passwordChanged = "password-changed"
    /// A second factor was added or taken away.
    case factorChanged = "factor-changed"
    /// Something new is in the portal; does not say what.
    case notification
    /// Who may act for whom has changed.
    case relationshipChanged = "relationship-changed"
    case exportReady = "export-ready"

    /// What fills the gaps of a wording.
    public enum Parameter: String, Sendable, CaseIterable {
        /// An absolute address, `https://…`.
        case link
        /// A code to be typed.
        case code
        /// When it ends to be of use: epoch milliseconds in decimal digits (``MailRequest/moment(_:)``), which the wording
        /// shows in the practice's time zone.
        case expires
        /// When it happened, written like `expires`.
        case at
        /// What a device says that it is.
        case device

        var isMoment: Bool { self == .expires || self == .at }
    }

    /// The parameters that a request must bring, and every language's wording must use.
    public var parameters: Set<Parameter> {
        switch self {
        case .invitation, .verifyEmail, .magicLink, .passwordReset, .accountLocked, .exportReady: [.link, .expires]
        case .mfaCode: [.code, .expires]
        case .newDevice: [.at, .device]
        case .emailChanged, .passwordChanged, .factorChanged: [.at]
        case .notification, .relationshipChanged: [.link]
        }
    }
}
