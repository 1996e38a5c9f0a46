public import Records

/// Who may call an endpoint. It is part of the endpoint's type, so that a handler for signed-in callers holds one, and a
/// handler for everybody cannot ask for one.
public struct Access<Caller: Sendable>: Sendable {
    let rule: AccessRule
    /// Nil for a principal who is not let in.
    let caller: @Sendable (Principal) -> Caller?
    /// Who calls when nobody is signed in; nil where somebody has to be.
    let stranger: Caller?

    private init(_ rule: AccessRule, stranger: Caller? = nil, caller: @escaping @Sendable (Principal) -> Caller?) {
        self.rule = rule
        self.stranger = stranger
        self.caller = caller
    }
}

/// Anybody at all; nothing is known about them.
public struct Anyone: Sendable, Hashable {}

/// A caller who is signed in.
public protocol SignedIn: Sendable {
    var principal: Principal { get }
}

extension Principal: SignedIn {
    public var principal: Principal { self }
}

/// Somebody with a portal account: a client, or a proxy of one.
public struct AccountHolder: SignedIn, Hashable {
    public let principal: Principal
    public let accountID: ID<PortalAccountTag>
    /// Nil for a proxy who is no client.
    public let ownClient: ID<Client>?

    init?(_ principal: Principal) {
        guard case .account(let id, let client) = principal.identity else { return nil }
        self.principal = principal
        accountID = id
        ownClient = client
    }
}

/// Somebody who works at the practice.
public struct StaffCaller: SignedIn, Hashable {
    public let principal: Principal
    public let staffID: ID<StaffMember>
    public let role: StaffMember.Role

    init?(_ principal: Principal) {
        guard case .staff(let id, let role) = principal.identity else { return nil }
        self.principal = principal
        staffID = id
        self.role = role
    }
}

extension Access where Caller == Anyone {
    /// Everybody, signed in or not.
    public static var anyone: Self { Self(.anyone, stranger: Anyone()) { _ in Anyone() } }
}

extension Access where Caller == AccountHolder {
    public static var account: Self { Self(.account) { AccountHolder($0) } }
}

extension Access where Caller == StaffCaller {
    /// Staff of any role.
    public static var staff: Self { Self(.staff(roles: [])) { StaffCaller($0) } }

    /// Staff in one of the roles.
    public static func staff(_ roles: StaffMember.Role...) -> Self {
        Self(.staff(roles: roles)) { principal in StaffCaller(principal).flatMap { roles.contains($0.role) ? $0 : nil }
        }
    }
}

extension Access where Caller == Principal {
    /// Anybody who is signed in, client or staff.
    public static var signedIn: Self {
        Self(.signedIn) { principal in
            switch principal.identity {
            case .account, .staff: principal
            case .system: nil
            }
        }
    }
}

/// Who may call, for the documentation.
enum AccessRule: Sendable, Hashable {
    case anyone
    case account
    case staff(roles: [StaffMember.Role])
    case signedIn

    /// Whether an account may call, which may have terms to accept.
    var isForAccounts: Bool { self == .account || self == .signedIn }

    var sentence: String {
        switch self {
        case .anyone: "Open to everybody."
        case .account: "For portal accounts."
        case .staff(let roles) where roles.isEmpty: "For staff."
        case .staff(let roles): "For staff: \(roles.map(\.rawValue).joined(separator: ", "))."
        case .signedIn: "For everybody who is signed in."
        }
    }
}
