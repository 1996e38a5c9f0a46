import Crypto
import Foundation
public import Records
import Store

/// Sign-in with name and password, for portal accounts and staff alike: sessions, lockout, sign-out.
public struct SignInService: Sendable {
    /// The two doors.
    public enum Door: String, Sendable { case portal, staff }

    private let database: Database
    private let audit: AuditLog
    private let hasher: PasswordHasher
    private let throttleKey: SymmetricKey
    private let surroundings: Surroundings

    /// A session's last use is written down at most this often.
    private static let touchInterval: Duration = .seconds(60)
    /// Longer passwords are refused before any work is done on them.
    private static let longestPassword = 1024

    init(database: Database, audit: AuditLog, hasher: PasswordHasher, master: MasterKey, surroundings: Surroundings) {
        self.database = database
        self.audit = audit
        self.hasher = hasher
        throttleKey = master.derived(for: "sign-in-throttle")
        self.surroundings = surroundings
    }

    private struct Candidate: Sendable {
        let practice: Practice
        let account: PortalAccount?
        let staff: StaffMember?
        let client: Client?

        var passwordHash: String? { account?.passwordHash ?? staff?.passwordHash }
    }

    /// Signs in with a name (username or e-mail) and a password.
    ///
    /// Throws ``Refusal/wrongCredentials`` alike for an unknown name, a wrong password and a switched-off account, and
    /// ``Refusal/locked(until:)`` after five failures in a row for a name, whether or not there is such an account
    /// (ACC-22, ACC-29).
    public func signIn(
        name: String,
        password: String,
        at door: Door,
        practice slug: String? = nil,
        origin: Principal.Origin,
        userAgent: String? = nil
    ) async throws -> SignInResult {
        let folded = name.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        // No name holds a NUL, and the database takes none.
        guard !folded.contains("\0"), slug?.contains("\0") != true else { throw Refusal.wrongCredentials }
        let candidate = try await candidate(name: folded, door: door, slug: slug)
        let nameHash = throttleHash(folded, door: door, practice: candidate.practice.id)
        try await database.read { transaction in try checkUnlocked(nameHash, in: transaction) }
        let isTooLong = password.utf8.count > Self.longestPassword
        let matches = try await hasher.verify(
            isTooLong ? "" : password,
            against: isTooLong ? nil : candidate.passwordHash
        )
        guard matches, let principal = principal(of: candidate, origin: origin) else {
            try await recordFailure(nameHash, candidate: candidate, door: door, origin: origin)
            throw Refusal.wrongCredentials
        }
        return try await openSession(for: principal, candidate: candidate, nameHash: nameHash, userAgent: userAgent)
    }

    /// Who holds `token`, if its session is alive and its holder may still come in. Using a session keeps it alive.
    public func authenticate(_ token: String, origin: Principal.Origin) async throws -> Principal? {
        let now = surroundings.now()
        let hash = SessionToken.hash(token)
        let found = try await database.read { transaction -> (Session, Principal, Int)? in
            guard
                let session = try transaction.fetchOne(
                    Session.self,
                    """
                    SELECT * FROM auth_sessions
                    WHERE token_hash = \(hash) AND expires_at > \(now) AND logout_at IS NULL AND revoked_at IS NULL
                    """
                ),
                let candidate = try self.candidate(of: session, in: transaction),
                let principal = self.principal(of: candidate, origin: origin)
            else { return nil }
            return (
                session, principal.acting(for: session.actingClientID), candidate.practice.settings.sessionMinutes
            )
        }
        guard let (session, principal, minutes) = found else { return nil }
        if now >= session.lastSeenAt.adding(Self.touchInterval) {
            // A database that cannot be written must not lock people out of reading it.
            _ = try? await database.write { transaction in
                try transaction.execute(
                    """
                    UPDATE auth_sessions
                    SET last_seen_at = \(now), expires_at = \(now.adding(.seconds(60 * minutes))), updated_at = \(now)
                    WHERE id = \(session.id)
                    """
                )
            }
        }
        return principal
    }

    /// Ends the session of `token` on the server.
    public func signOut(_ token: String, as principal: Principal) async throws {
        let now = surroundings.now()
        let hash = SessionToken.hash(token)
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE auth_sessions SET logout_at = \(now), updated_at = \(now) WHERE token_hash = \(hash) AND logout_at IS NULL"
            )
            try audit.append(
                AuditEntry(principal: principal, action: "SESSION.END", entity: "auth_sessions", outcome: .ok),
                at: now,
                in: transaction
            )
        }
    }

    // MARK: - Finding who it is

    private func candidate(name: String, door: Door, slug: String?) async throws -> Candidate {
        try await database.read { transaction in
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
                return Candidate(
                    practice: practice,
                    account: account,
                    staff: nil,
                    client: try client(of: account, in: transaction)
                )
            case .staff:
                let staff = try transaction.fetchOne(
                    StaffMember.self,
                    "SELECT * FROM users WHERE practice_id = \(practice.id) AND (username = \(name) OR email = \(name))"
                )
                return Candidate(practice: practice, account: nil, staff: staff, client: nil)
            }
        }
    }

    private func candidate(of session: Session, in transaction: Transaction) throws -> Candidate? {
        let account = try session.accountID.flatMap { id in
            try transaction.fetchOne(PortalAccount.self, "SELECT * FROM portal_accounts WHERE id = \(id)")
        }
        let staff = try session.userID.flatMap { id in
            try transaction.fetchOne(StaffMember.self, "SELECT * FROM users WHERE id = \(id)")
        }
        guard let practiceID = account?.practiceID ?? staff?.practiceID,
            let practice = try transaction.fetchOne(Practice.self, "SELECT * FROM practices WHERE id = \(practiceID)")
        else { return nil }
        return Candidate(
            practice: practice,
            account: account,
            staff: staff,
            client: try client(of: account, in: transaction)
        )
    }

    private func client(of account: PortalAccount?, in transaction: Transaction) throws -> Client? {
        try account?.clientID.flatMap { id in
            try transaction.fetchOne(Client.self, "SELECT * FROM clients WHERE id = \(id)")
        }
    }

    /// Nil when the account, the client's portal access or the member of staff is switched off.
    private func principal(of candidate: Candidate, origin: Principal.Origin) -> Principal? {
        guard candidate.practice.status != .suspended else { return nil }
        if let account = candidate.account, account.status == .active {
            if account.clientID != nil, candidate.client?.portalEnabled != true { return nil }
            return Principal(
                practiceID: candidate.practice.id,
                identity: .account(account.id, ownClient: account.clientID),
                origin: origin
            )
        }
        if let staff = candidate.staff, staff.status == .active {
            return Principal(
                practiceID: candidate.practice.id,
                identity: .staff(staff.id, role: staff.role),
                origin: origin
            )
        }
        return nil
    }

    // MARK: - Lockout

    private func throttleHash(_ name: String, door: Door, practice: ID<Practice>) -> String {
        HMAC<SHA256>.authenticationCode(for: Data("\(practice)|\(door.rawValue)|\(name)".utf8), using: throttleKey)
            .map { String(format: "%02x", $0) }.joined()
    }

    /// Throws ``Refusal/locked(until:)``. Asked before the password is looked at, and again before anything comes of it:
    /// of many tries at once, those that were under way when the lock fell are refused, right or wrong.
    private func checkUnlocked(_ nameHash: String, in transaction: Transaction) throws {
        let row = try transaction.row("SELECT locked_until FROM sign_in_throttles WHERE name_hash = \(nameHash)")
        let until: Timestamp? = try row?.get("locked_until")
        if let until, until > surroundings.now() { throw Refusal.locked(until: until) }
    }

    private func recordFailure(_ nameHash: String, candidate: Candidate, door: Door, origin: Principal.Origin)
        async throws
    {
        let now = surroundings.now()
        let settings = candidate.practice.settings
        try await database.write { transaction in
            try checkUnlocked(nameHash, in: transaction)
            let lock: Duration = .seconds(60 * settings.lockoutMinutes)
            // A lock that has run out starts the count anew.
            try transaction.execute(
                """
                INSERT INTO sign_in_throttles (name_hash, failures, locked_until, updated_at) VALUES (\(nameHash), 1, NULL, \(now))
                ON CONFLICT (name_hash) DO UPDATE SET
                    failures = CASE WHEN sign_in_throttles.locked_until IS NOT NULL AND sign_in_throttles.locked_until <= \(now)
                                    THEN 1 ELSE sign_in_throttles.failures + 1 END,
                    locked_until = CASE WHEN sign_in_throttles.locked_until > \(now) THEN sign_in_throttles.locked_until END,
                    updated_at = \(now)
                """
            )
            let failures =
                try transaction.row("SELECT failures FROM sign_in_throttles WHERE name_hash = \(nameHash)")
                .map { try $0.get("failures", as: Int.self) } ?? 0
            let principal = Principal(
                practiceID: candidate.practice.id,
                identity: .system(work: "sign-in.\(door.rawValue)"),
                origin: origin
            )
            try audit.append(
                AuditEntry(
                    principal: principal,
                    action: "SESSION.START",
                    entity: "auth_sessions",
                    entityID: candidate.account?.id.text ?? candidate.staff?.id.text,
                    outcome: .denied
                ),
                at: now,
                in: transaction
            )
            guard failures >= settings.lockoutFailures else { return }
            try transaction.execute(
                "UPDATE sign_in_throttles SET locked_until = \(now.adding(lock)) WHERE name_hash = \(nameHash) AND locked_until IS NULL"
            )
            let event = DomainEvent(
                "account.locked",
                subject: candidate.account?.id.text ?? candidate.staff?.id.text ?? "unknown"
            )
            try event.append(
                practice: candidate.practice.id,
                client: candidate.account?.clientID,
                at: now,
                ids: surroundings,
                transaction: transaction
            )
            try tellOwner(of: candidate, at: now, in: transaction)
            // Names that nobody tried for a day need no counter.
            try transaction.execute("DELETE FROM sign_in_throttles WHERE updated_at < \(now.adding(.seconds(-86_400)))")
        }
    }

    private func tellOwner(of candidate: Candidate, at now: Timestamp, in transaction: Transaction) throws {
        guard
            let recipient = candidate.account.map({ PortalNotification.Recipient.account($0.id) })
                ?? candidate.staff.map({ .staff($0.id) })
        else { return }
        try PortalNotification(
            id: surroundings.newID(),
            practiceID: candidate.practice.id,
            recipient: recipient,
            type: "account.locked",
            title: "Sign-in was locked for a while",
            message: "Somebody failed to sign in several times with your name. If that was not you, tell the practice.",
            dedupeKey: "account.locked:\(now.milliseconds)",
            sentAt: now
        ).insert(in: transaction)
    }

    // MARK: - Sessions

    private func openSession(for principal: Principal, candidate: Candidate, nameHash: String, userAgent: String?)
        async throws -> SignInResult
    {
        let now = surroundings.now()
        let token = SessionToken(random: surroundings.random)
        let expiresAt = now.adding(.seconds(60 * candidate.practice.settings.sessionMinutes))
        let session = Session(
            id: surroundings.newID(),
            accountID: principal.accountID,
            userID: principal.staffID,
            tokenHash: SessionToken.hash(token.text),
            ip: principal.origin.ip,
            userAgent: userAgent.map { String($0.prefix(200)) },
            loginAt: now,
            lastSeenAt: now,
            expiresAt: expiresAt,
            createdAt: now,
            updatedAt: now
        )
        try await database.write { transaction in
            try checkUnlocked(nameHash, in: transaction)
            try transaction.insert(session, into: Session.table)
            try transaction.execute("DELETE FROM sign_in_throttles WHERE name_hash = \(nameHash)")
            if let id = principal.accountID {
                try transaction.execute("UPDATE portal_accounts SET last_login_at = \(now) WHERE id = \(id)")
            }
            if let id = principal.staffID {
                try transaction.execute("UPDATE users SET last_login_at = \(now) WHERE id = \(id)")
            }
            try audit.append(
                AuditEntry(
                    principal: principal,
                    action: "SESSION.START",
                    entity: "auth_sessions",
                    entityID: session.id.text,
                    outcome: .ok
                ),
                at: now,
                in: transaction
            )
        }
        let name = candidate.client?.displayName ?? candidate.staff?.displayName ?? candidate.account?.username ?? ""
        return SignInResult(token: token, principal: principal, displayName: name, expiresAt: expiresAt)
    }
}
