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
}
