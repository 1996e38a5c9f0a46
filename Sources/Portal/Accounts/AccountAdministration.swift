import Foundation
public import Records
import Store

/// Where a client stands with the portal (ACC-42).
public struct PortalStanding: Sendable {
    public enum State: String, Sendable, Codable, CaseIterable {
        case notEnabled = "NOT_ENABLED"
        /// Portal access is on, and there is no account.
        case enabled = "ENABLED"
        case invited = "INVITED"
        case active = "ACTIVE"
        /// Too many failed tries, for now.
        case locked = "LOCKED"
        /// Switched off or closed, while portal access is on.
        case disabled = "DISABLED"
    }

    public let state: State
    public let username: String?
    public let email: String?
    public let hasPassword: Bool
    public let hasSecondFactor: Bool
    public let lastLoginAt: Timestamp?
    public let loginCount: Int
    public let lockedUntil: Timestamp?
}

/// What staff do for accounts: look, switch on and off, create, unlock.
public struct AccountAdministration: Sendable {
    let context: AccountContext
    let passwords: PasswordService

    /// Runs `body` for a client whose account the policy lets `principal` administer; either way it is put on record.
    /// Throws ``AccessDenied``.
    ///
    /// - Parameter act: what the audit calls it.
    func administer<Result: Sendable>(
        _ act: String,
        _ action: AccessAction,
        _ id: ID<Client>,
        as principal: Principal,
        _ body: @escaping @Sendable (Client, Transaction) throws -> Result
    ) async throws -> Result {
        try await context.gate.perform(
            act,
            action,
            on: .account,
            of: id,
            as: principal,
            purpose: .operations,
            entity: "clients",
            entityID: id.text
        ) { access, transaction in try body(access.client(), transaction) }
    }

    // MARK: - Looking

    public func standing(of id: ID<Client>, as principal: Principal) async throws -> PortalStanding {
        try await administer("ACCOUNT.READ", .read, id, as: principal) { client, transaction in
            try standing(of: client, in: transaction)
        }
    }

    func standing(of client: Client, in transaction: Transaction) throws -> PortalStanding {
        let holder = try account(of: client, in: transaction)
        let until = try holder.flatMap { try context.throttle.lock(of: $0, in: transaction) }
        let now = context.surroundings.now()
        let isInvited =
            try transaction.row(
                "SELECT id FROM invitations WHERE client_id = \(client.id) AND status IN ('SENT', 'OPENED') AND expires_at > \(now) LIMIT 1"
            ) != nil
        let state: PortalStanding.State =
            if !client.portalEnabled {
                .notEnabled
            } else {
                switch holder?.account?.status {
                case .active: until == nil ? .active : .locked
                case .disabled, .closed: .disabled
                case .pending: isInvited ? .invited : .enabled
                case nil: isInvited ? .invited : .enabled
                }
            }
        let factor = try holder?.owner.flatMap { owner in
            try transaction.row(
                "SELECT id FROM mfa_methods WHERE \(owner.condition) AND confirmed_at IS NOT NULL LIMIT 1"
            )
        }
        let count = try holder?.account.flatMap { account in
            try transaction.row("SELECT login_count FROM portal_accounts WHERE id = \(account.id)")?.get(
                "login_count",
                as: Int.self
            )
        }
        return PortalStanding(
            state: state,
            username: holder?.account?.username,
            email: holder?.account?.email,
            hasPassword: holder?.account?.passwordHash != nil,
            hasSecondFactor: factor != nil,
            lastLoginAt: holder?.account?.lastLoginAt,
            loginCount: count ?? 0,
            lockedUntil: until
        )
    }

    func account(of client: Client, in transaction: Transaction) throws -> SessionHolder? {
        guard
            let account = try transaction.fetchOne(
                PortalAccount.self,
                "SELECT * FROM portal_accounts WHERE practice_id = \(client.practiceID) AND client_id = \(client.id)"
            )
        else { return nil }
        return try SessionHolder.find(.account(account.id), in: transaction)
    }

    // MARK: - Switching on and off

    /// Turns a client's portal access on or off. Off ends open sessions, invitations and mailed links at once (CORE-10, ACC-40).
    public func setPortalEnabled(_ isEnabled: Bool, for id: ID<Client>, as principal: Principal) async throws {
        try await administer(isEnabled ? "PORTAL.ENABLE" : "PORTAL.DISABLE", .change, id, as: principal) {
            client,
            transaction in
            try setPortalEnabled(isEnabled, for: client, in: transaction)
        }
    }

    func setPortalEnabled(_ isEnabled: Bool, for client: Client, in transaction: Transaction) throws {
        let now = context.surroundings.now()
        try transaction.execute(
            "UPDATE clients SET portal_enabled = \(isEnabled), updated_at = \(now) WHERE id = \(client.id)"
        )
        guard !isEnabled else { return }
        try transaction.execute(
            "UPDATE invitations SET status = 'REVOKED', updated_at = \(now) WHERE client_id = \(client.id) AND status IN ('SENT', 'OPENED')"
        )
        guard let owner = try account(of: client, in: transaction)?.owner else { return }
        try context.endSessions(of: owner, practice: client.practiceID, because: .accessOff, in: transaction)
        try context.tokens.revoke([.magicLink, .reset, .challenge, .mfaCode], of: owner, in: transaction)
    }

    /// Lets a locked client try again at once (ACC-29).
    public func unlock(_ id: ID<Client>, as principal: Principal) async throws {
        try await administer("ACCOUNT.UNLOCK", .change, id, as: principal) { client, transaction in
            guard let holder = try account(of: client, in: transaction) else { throw RecordNotFound() }
            try context.throttle.clear(holder, in: transaction)
            try holder.owner?.set("failed_attempts = 0", in: transaction)
        }
    }

    /// The same for a member of staff, by an administrator.
    public func unlock(_ id: ID<StaffMember>, as principal: Principal) async throws {
        guard principal.role == .administrator || principal.isSystem else { throw AccessDenied() }
        try await context.database.write { transaction in
            guard let holder = try SessionHolder.find(.staff(id), in: transaction),
                holder.practice.id == principal.practiceID
            else { throw RecordNotFound() }
            try context.throttle.clear(holder, in: transaction)
            try holder.owner?.set("failed_attempts = 0", in: transaction)
            try context.record("ACCOUNT.UNLOCK", of: holder.owner, as: principal, in: transaction)
        }
    }

    // MARK: - Creating

    /// Creates an account with a password that is given out, and has to be replaced at the first sign-in (ACC-39). Returns the
    /// password, which is shown this once. Throws ``Refusal/conflict(_:)`` for a client who has one, and for a name that is
    /// taken.
    public func createAccount(
        for id: ID<Client>,
        username: String,
        email: String,
        as principal: Principal
    ) async throws -> String {
        let address = try EmailAddress.validated(email)
        let name = try Username.validated(username)
        let password = OneTimeSecret.recovery(context.surroundings.random)
        let hash = try await context.hasher.hash(password)
        return try await administer("ACCOUNT.CREATE", .create, id, as: principal) { client, transaction in
            try mayHaveAccount(client, in: transaction)
            let account = PortalAccount(
                id: context.surroundings.newID(),
                practiceID: client.practiceID,
                clientID: client.id,
                username: name,
                email: address,
                passwordHash: hash,
                locale: client.language ?? "en",
                createdAt: context.surroundings.now()
            )
            try refuseTaken(name, address, practice: client.practiceID, in: transaction)
            try transaction.insert(account, into: PortalAccount.table)
            try context.linkConsents(to: account.id, of: client.practiceID, in: transaction)
            try CredentialOwner.account(account.id).expectNewPassword(client.practiceID, context, in: transaction)
            try setPortalEnabled(true, for: client, in: transaction)
            return password
        }
    }

    /// Throws ``Refusal/conflict(_:)`` where there is an account that is in use, or may not be one yet. What is left of a
    /// registration that was broken off goes.
    func mayHaveAccount(_ client: Client, in transaction: Transaction) throws {
        if let account = try account(of: client, in: transaction)?.account, account.status != .pending {
            throw Refusal.conflict("This client has a portal account already. There is one for each client.")
        }
        guard try mayActivateOwnAccount(client, in: transaction) else {
            throw Refusal.conflict(
                "This client is under 18. Link an approved parent or guardian first; then their own account can be opened."
            )
        }
        try transaction.execute(
            "DELETE FROM portal_accounts WHERE client_id = \(client.id) AND practice_id = \(client.practiceID) AND status = 'PENDING'"
        )
    }

    func refuseTaken(_ username: String, _ email: String, practice: ID<Practice>, in transaction: Transaction) throws {
        // A name is what one signs in with: it must not be another's address either.
        let taken = try transaction.row(
            """
            SELECT id FROM portal_accounts
            WHERE practice_id = \(practice) AND (username IN (\(username), \(email)) OR email IN (\(username), \(email)))
            """
        )
        if taken != nil {
            throw Refusal.conflict("This user name or address cannot be used. Choose another.")
        }
    }

    /// Whether the client is of age, or has an approved parent or guardian (ACC-47).
    func mayActivateOwnAccount(_ client: Client, in transaction: Transaction) throws -> Bool {
        try RelationshipService.mayActivateOwnAccount(client.id, at: context.surroundings.now(), in: transaction)
    }
}

extension Principal {
    /// The service itself, or who runs it from the command line.
    var isSystem: Bool { if case .system = identity { true } else { false } }
}

/// The name that one signs in with, in lower case: an e-mail address, or letters, digits and a few signs.
enum Username {
    static func validated(_ text: String, pointer: String = "/username") throws -> String {
        let name = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        if name.contains("@") { return try EmailAddress.validated(name, pointer: pointer) }
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "._-".unicodeScalars.contains(scalar)
        }
        guard (3...64).contains(name.count), isPlain else {
            throw Refusal.invalid(
                pointer: pointer,
                message: "A user name has 3 to 64 letters, digits, dots, dashes or underscores.",
                remedy: "Choose another, or use your e-mail address."
            )
        }
        return name
    }
}
