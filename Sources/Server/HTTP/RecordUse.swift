public import Records

/// What an endpoint does with clients' records. Every endpoint of the portal says it, so that a test can hold each against
/// the policy: one that says nothing fails it.
public enum RecordUse: Sendable, Hashable {
    case undeclared
    /// One action on one area of one client's record.
    case area(DataArea, AccessAction)
    /// Reads one area of all clients that the caller may see.
    case list(DataArea)
    /// One action on one area across the practice as a whole.
    case practice(DataArea, AccessAction)
    /// No client's record; the reason, for the reader.
    case none(because: String)
}

extension Route {
    /// Declares that the endpoint does this with one area of one client's record, and is decided by the policy.
    public func touches(_ area: DataArea, _ action: AccessAction) -> Self { using(.area(area, action)) }

    /// Declares that the endpoint reads one area across the clients that the caller may see.
    public func lists(_ area: DataArea) -> Self { using(.list(area)) }

    /// Declares that the endpoint does this with one area across the practice as a whole, and is decided by the policy.
    public func touchesPractice(_ area: DataArea, _ action: AccessAction) -> Self { using(.practice(area, action)) }

    /// Declares that the endpoint opens no client's record.
    public func touchesNoRecord(_ reason: String) -> Self { using(.none(because: reason)) }
}
