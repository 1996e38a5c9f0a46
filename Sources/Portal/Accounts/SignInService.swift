import Crypto
import Foundation
public import Records
import Store

/// Sign-in with name and password, for portal accounts and staff alike, and the lockout of who guesses. What comes of it is a
/// session, which is ``SessionService``'s.
public struct SignInService: Sendable {
    /// The two doors.
    public enum Door: String, Sendable { case portal, staff }

    private let database: Database
    private let audit: AuditLog
    private let sessions: SessionService
    private let hasher: PasswordHasher
    private let throttleKey: SymmetricKey
    private let surroundings: Surroundings

    /// Longer passwords are refused before any work is done on them.
    private static let longestPassword = 1024

    init(
        database: Database,
        audit: AuditLog,
        sessions: SessionService,
        hasher: PasswordHasher,
        master: MasterKey,
        surroundings: Surroundings
    ) {
        self.database = database
        self.audit = audit
        self.sessions = sessions
        self.hasher = hasher
        throttleKey = master.derived(for: "sign-in-throttle")
        self.surroundings = surroundings
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
        client: SessionClient = SessionClient()
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
        guard matches, let principal = candidate.principal(origin: origin) else {
            try await recordFailure(nameHash, candidate: candidate, door: door, origin: origin)
            throw Refusal.wrongCredentials
        }
        return try await database.write { transaction in
            try checkUnlocked(nameHash, in: transaction)
            try transaction.execute("DELETE FROM sign_in_throttles WHERE name_hash = \(nameHash)")
            return try sessions.open(for: candidate, as: principal, client: client, in: transaction)
        }
    }

    // MARK: - Finding who it is

    private func candidate(name: String, door: Door, slug: String?) async throws -> SessionHolder {
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

    private func recordFailure(_ nameHash: String, candidate: SessionHolder, door: Door, origin: Principal.Origin)
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

    private func tellOwner(of candidate: SessionHolder, at now: Timestamp, in transaction: Transaction) throws {
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
}
