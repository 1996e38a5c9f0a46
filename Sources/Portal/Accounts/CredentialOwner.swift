import Records
import Store

/// Whose credentials: a portal account's or a member of staff's.
enum CredentialOwner: Sendable, Hashable {
    case account(ID<PortalAccountTag>)
    case staff(ID<StaffMember>)

    /// Nil for the service itself, which has none.
    init?(_ principal: Principal) {
        switch principal.identity {
        case .account(let id, _): self = .account(id)
        case .staff(let id, _): self = .staff(id)
        case .system: return nil
        }
    }

    var accountID: ID<PortalAccountTag>? { if case .account(let id) = self { id } else { nil } }
    var userID: ID<StaffMember>? { if case .staff(let id) = self { id } else { nil } }
    var text: String { accountID?.text ?? userID?.text ?? "" }

    /// The rows that are theirs, of a table with `account_id` and `user_id`.
    var condition: SQL {
        switch self {
        case .account(let id): "account_id = \(id)"
        case .staff(let id): "user_id = \(id)"
        }
    }

    /// The table that they stand in, under their id.
    var table: SQL.Name {
        switch self {
        case .account: PortalAccount.table
        case .staff: StaffMember.table
        }
    }

    /// Changes columns of their own row.
    func set(_ assignments: SQL, in transaction: Transaction) throws(StoreError) {
        try transaction.execute("UPDATE \(table) SET \(assignments) WHERE id = \(text)")
    }

    /// Asks for a password of their own at the next sign-in, in exchange for the one that was given out, which is good for as
    /// many days as the practice chose.
    func expectNewPassword(_ practice: ID<Practice>, _ context: AccountContext, in transaction: Transaction) throws {
        let settings = try transaction.fetchOne(Practice.self, "SELECT * FROM practices WHERE id = \(practice)")?
            .settings
        let days = (settings ?? PracticeSettings()).temporaryPasswordDays
        let end = context.surroundings.now().adding(.seconds(86_400 * min(max(0, days), 3650)))
        try set("must_change_password = 1, password_expires_at = \(end)", in: transaction)
    }

    /// The same as the sessions area has it.
    var sessionOwner: SessionOwner {
        switch self {
        case .account(let id): .account(id)
        case .staff(let id): .staff(id)
        }
    }
}

/// What the sign-in of somebody depends on beside their password.
struct CredentialState: Sendable, Codable {
    var failedAttempts: Int
    var mustChangePassword: Bool
    /// Until when a password that was given out can be exchanged for one's own.
    var passwordExpiresAt: Timestamp?

    /// Whether the password was given out, and too long ago.
    func isPasswordExpired(at now: Timestamp) -> Bool {
        mustChangePassword && passwordExpiresAt.map { $0 <= now } ?? false
    }
}

extension SessionHolder {
    /// Nil for a name that nobody has.
    var owner: CredentialOwner? { account.map { .account($0.id) } ?? staff.map { .staff($0.id) } }
    var email: String? { account?.email ?? staff?.email }
    var username: String? { account?.username ?? staff?.username }
    var locale: String { account?.locale ?? practice.locale }
    /// The name of their role in the practice's settings.
    var roleName: String { staff?.role.rawValue ?? account?.kind.rawValue ?? "" }
    /// Whose key seals what is stored about their credentials.
    var keyOwner: String { MailRecord.keyOwner(practice: practice.id, client: account?.clientID) }

    var secondFactorPolicy: SecondFactorPolicy { practice.settings.secondFactors[roleName] ?? .optional }

    /// What others know of them, which a password must not be made of.
    var passwordContext: [String] {
        [
            practice.name, practice.slug, "bellwether", username, email, account.map(\.email), client?.firstName,
            client?.lastName, client?.preferredName, client?.birthDate, staff?.displayName,
        ].compactMap { $0 }
    }

    /// The holder with these credentials; nil when there is none any more.
    static func find(_ owner: CredentialOwner, in transaction: Transaction) throws -> SessionHolder? {
        let id = owner.text
        let account = try owner.accountID.flatMap { _ in
            try transaction.fetchOne(PortalAccount.self, "SELECT * FROM portal_accounts WHERE id = \(id)")
        }
        let staff = try owner.userID.flatMap { _ in
            try transaction.fetchOne(StaffMember.self, "SELECT * FROM users WHERE id = \(id)")
        }
        guard let practiceID = account?.practiceID ?? staff?.practiceID,
            let practice = try transaction.fetchOne(Practice.self, "SELECT * FROM practices WHERE id = \(practiceID)")
        else { return nil }
        return try account.map { try SessionHolder(practice: practice, account: $0, in: transaction) }
            ?? SessionHolder(practice: practice, staff: staff)
    }

    /// Who is named so at a door: by username or e-mail address. A practice without a name is the oldest. Throws
    /// ``Refusal/wrongCredentials`` where there is no such practice.
    static func find(
        name: String,
        at door: SignInService.Door,
        practice slug: String?,
        in transaction: Transaction
    ) throws -> SessionHolder {
        let practices = try transaction.fetch(
            Practice.self,
            slug.map { "SELECT * FROM practices WHERE slug = \($0)" }
                ?? "SELECT * FROM practices ORDER BY created_at LIMIT 1"
        )
        guard let practice = practices.first else { throw Refusal.wrongCredentials }
        switch door {
        case .portal:
            let account = try transaction.fetchOne(
                PortalAccount.self,
                """
                SELECT * FROM portal_accounts
                WHERE practice_id = \(practice.id) AND (username = \(name) OR email = \(name))
                """
            )
            return try account.map { try SessionHolder(practice: practice, account: $0, in: transaction) }
                ?? SessionHolder(practice: practice)
        case .staff:
            let staff = try transaction.fetchOne(
                StaffMember.self,
                "SELECT * FROM users WHERE practice_id = \(practice.id) AND (username = \(name) OR email = \(name))"
            )
            return SessionHolder(practice: practice, staff: staff)
        }
    }

    func state(in transaction: Transaction) throws -> CredentialState? {
        guard let owner else { return nil }
        return try transaction.fetchOne(
            CredentialState.self,
            "SELECT failed_attempts, must_change_password, password_expires_at FROM \(owner.table) WHERE id = \(owner.text)"
        )
    }
}
