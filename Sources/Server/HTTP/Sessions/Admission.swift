public import Portal
public import Records

/// What a request brought to show who sends it.
public struct Credential: Sendable, Hashable {
    public let token: String
    public let channel: SessionClient.Channel
}

/// Whom a credential let in.
public struct Admission: Sendable {
    public let principal: Principal
    /// Nil where there are no sessions; nothing can be changed by cookie then.
    public let session: LiveSession?

    public init(_ principal: Principal, session: LiveSession? = nil) {
        self.principal = principal
        self.session = session
    }
}

/// Throws for somebody who has to do something before the service is open to them, such as accepting its terms.
public typealias Precondition = @Sendable (Principal) async throws -> Void

/// Why somebody who is signed in was refused before their request was looked at.
public enum RefusalReason: String, Sendable, CaseIterable {
    /// The endpoint is for others.
    case role = "ROLE"
    /// Nothing shows that the request is their own doing.
    case forgery = "FORGERY"
}

/// Puts on record that somebody who is signed in was refused by the endpoint itself.
///
/// - Parameter operation: as the OpenAPI document names it.
public typealias RecordRefusal =
    @Sendable (_ principal: Principal, _ operation: String, _ reason: RefusalReason) async -> Void

/// Tells whom a credential lets in; nil when nobody any more.
public typealias Authenticate =
    @Sendable (_ credential: Credential, _ origin: Principal.Origin, _ use: SessionService.Use) async throws ->
    Admission?
