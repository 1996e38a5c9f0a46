public import Records
import Store

/// Whose sessions and devices.
public enum SessionOwner: Sendable, Hashable {
    case account(ID<PortalAccountTag>)
    case staff(ID<StaffMember>)
    /// The account that belongs to this client; proxies keep theirs.
    case client(ID<Client>)

    /// Nil for the service itself, which has no sessions.
    init?(_ principal: Principal) {
        switch principal.identity {
        case .account(let id, _): self = .account(id)
        case .staff(let id, _): self = .staff(id)
        case .system: return nil
        }
    }

    /// On the columns `account_id` and `user_id`.
    var condition: SQL {
        switch self {
        case .account(let id): "account_id = \(id)"
        case .staff(let id): "user_id = \(id)"
        case .client(let id): "account_id IN (SELECT id FROM portal_accounts WHERE client_id = \(id))"
        }
    }

    var recipient: PortalNotification.Recipient? {
        switch self {
        case .account(let id): .account(id)
        case .staff(let id): .staff(id)
        case .client: nil
        }
    }
}
