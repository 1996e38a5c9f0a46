import Records
import Store

/// Whoever may hold a session: a portal account or a member of staff, with what decides whether they may come in.
struct SessionHolder: Sendable {
    let practice: Practice
    /// Exactly one of account and staff is given, but for a name that nobody has.
    var account: PortalAccount?
    var staff: StaffMember?
    /// The account's own client; nil for a proxy and for staff.
    var client: Client?

    var displayName: String { client?.displayName ?? staff?.displayName ?? account?.username ?? "" }
    var passwordHash: String? { account?.passwordHash ?? staff?.passwordHash }

    init(practice: Practice, account: PortalAccount, in transaction: Transaction) throws {
        self.practice = practice
        self.account = account
        client = try account.clientID.flatMap { id in
            try transaction.fetchOne(Client.self, "SELECT * FROM clients WHERE id = \(id)")
        }
    }

    init(practice: Practice, staff: StaffMember? = nil) {
        self.practice = practice
        self.staff = staff
    }

    /// Whose session it is; nil when there is no such account or member of staff any more.
    init?(of session: Session, in transaction: Transaction) throws {
        let account = try session.accountID.flatMap { id in
            try transaction.fetchOne(PortalAccount.self, "SELECT * FROM portal_accounts WHERE id = \(id)")
        }
        let staff = try session.userID.flatMap { id in
            try transaction.fetchOne(StaffMember.self, "SELECT * FROM users WHERE id = \(id)")
        }
        guard let practiceID = account?.practiceID ?? staff?.practiceID,
            let practice = try transaction.fetchOne(Practice.self, "SELECT * FROM practices WHERE id = \(practiceID)")
        else { return nil }
        if let account {
            try self.init(practice: practice, account: account, in: transaction)
        } else {
            self.init(practice: practice, staff: staff)
        }
    }

    /// Nil when the account, the client's portal access, the member of staff or the practice is switched off.
    func principal(origin: Principal.Origin) -> Principal? {
        guard practice.status != .suspended else { return nil }
        if let account, account.status == .active {
            if account.clientID != nil, client?.portalEnabled != true { return nil }
            return Principal(
                practiceID: practice.id,
                identity: .account(account.id, ownClient: account.clientID),
                origin: origin
            )
        }
        if let staff, staff.status == .active {
            return Principal(practiceID: practice.id, identity: .staff(staff.id, role: staff.role), origin: origin)
        }
        return nil
    }
}
