/// Who is asking.
public struct Principal: Sendable, Hashable {
    public enum Identity: Sendable, Hashable {
        /// Somebody signed in with a portal account: a client, or a proxy of one.
        case account(ID<PortalAccountTag>, ownClient: ID<Client>?)
        case staff(ID<StaffMember>, role: StaffMember.Role)
        /// The service itself, doing the named work.
        case system(work: String)

        /// The client whose own account it is.
        public var ownClient: ID<Client>? { if case .account(_, let ownClient) = self { ownClient } else { nil } }
    }

    public let practiceID: ID<Practice>
    public let identity: Identity
    /// The client for whom a proxy is at work; nil for one's own record. What may be done there is decided like anything
    /// else, each time (ACC-53).
    public let actingClient: ID<Client>?
    /// Where the request came from, for the audit. Nothing here is health data.
    public let origin: Origin

    public struct Origin: Sendable, Hashable {
        public var requestID: String?
        public var ip: String?
        /// The program that sent it.
        public var agent: UserAgentCode?
        /// Id of the session that it came in.
        public var sessionID: String?

        public init(
            requestID: String? = nil,
            ip: String? = nil,
            agent: UserAgentCode? = nil,
            sessionID: String? = nil
        ) {
            self.requestID = requestID
            self.ip = ip
            self.agent = agent
            self.sessionID = sessionID
        }

        /// The same, in a session.
        public func within<Session>(_ session: ID<Session>) -> Origin {
            var copy = self
            copy.sessionID = session.text
            return copy
        }
    }

    public init(
        practiceID: ID<Practice>,
        identity: Identity,
        actingFor actingClient: ID<Client>? = nil,
        origin: Origin = .init()
    ) {
        self.practiceID = practiceID
        self.identity = identity
        self.actingClient = actingClient
        self.origin = origin
    }

    /// The same, at work for another client; nil for one's own record.
    public func acting(for client: ID<Client>?) -> Principal {
        Principal(practiceID: practiceID, identity: identity, actingFor: client, origin: origin)
    }

    /// The work the service does on its own.
    public static func system(_ work: String, practice: ID<Practice>) -> Principal {
        Principal(practiceID: practice, identity: .system(work: work))
    }

    public var accountID: ID<PortalAccountTag>? {
        if case .account(let id, _) = identity { id } else { nil }
    }
    /// The client whose record an account works on: the one it acts for, or else its own.
    public var currentClient: ID<Client>? {
        if case .account(_, let ownClient) = identity { actingClient ?? ownClient } else { nil }
    }
    public var staffID: ID<StaffMember>? {
        if case .staff(let id, _) = identity { id } else { nil }
    }
    public var role: StaffMember.Role? {
        if case .staff(_, let role) = identity { role } else { nil }
    }

    var kind: String {
        switch identity {
        case .account: "ACCOUNT"
        case .staff(_, let role): role.rawValue
        case .system: "SYSTEM"
        }
    }

    var actorID: String {
        switch identity {
        case .account(let id, _): id.text
        case .staff(let id, _): id.text
        case .system(let work): work
        }
    }
}

/// Stands for the portal account, whose record belongs to the accounts area, in its id's type.
public enum PortalAccountTag {}
