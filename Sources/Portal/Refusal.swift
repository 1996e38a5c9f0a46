public import Records

/// Why a service did not do what was asked, in words for the person who asked.
public enum Refusal: Error, Sendable, Hashable {
    /// The state of things does not allow it.
    case conflict(String)
    /// A field of the request is wrong: its JSON pointer, what is wrong, and what to do.
    case invalid(pointer: String, message: String, remedy: String)
    /// Name and password do not fit. The same for an unknown name and a wrong password.
    case wrongCredentials
    /// Too many failed sign-ins in a row with this name.
    case locked(until: Timestamp)
    /// The code of a second factor is not right, or was used.
    case wrongCode
    /// Too many failed tries from one address.
    case tooManyTries(until: Timestamp)
    /// A link or code that is unknown, used up or out of date; the three look alike.
    case linkExpired
    /// The caller has to show anew who they are: see ``StepUp``.
    case stepUpRequired
    /// There are terms in force that the caller has not accepted, which comes first (ACC-35).
    case termsRequired([LegalReference])
    /// The password is right, and was given out too long ago to be exchanged for one's own (ACC-39).
    case passwordExpired
    /// A password was refused: everything that is wrong with it.
    case weakPassword([PasswordRules.Fault])
}
