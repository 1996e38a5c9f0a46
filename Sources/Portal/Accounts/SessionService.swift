public import Records
import Store

/// The sessions of portal accounts and staff: opened by whoever has found out who it is, kept alive by use, ended on the server.
public struct SessionService: Sendable {
    private let database: Database
    private let audit: AuditLog
    private let surroundings: Surroundings

    /// A session's last use is written down at most this often.
    private static let touchInterval: Duration = .seconds(60)

    init(database: Database, audit: AuditLog, surroundings: Surroundings) {
        self.database = database
        self.audit = audit
        self.surroundings = surroundings
    }

    /// Opens a session for somebody who has shown who they are, in the transaction that used up what they showed.
    ///
    /// - Parameters:
    ///   - principal: as ``SessionHolder/principal(origin:)`` gives it.
    ///   - hasSecondFactor: whether a second factor was shown, or the device is trusted to stand for one.
    func open(
        for holder: SessionHolder,
        as principal: Principal,
        client: SessionClient,
        hasSecondFactor: Bool = false,
        in transaction: Transaction
    ) throws -> SignInResult {
        let now = surroundings.now()
        let token = SessionToken(random: surroundings.random)
        let expiresAt = now.adding(.seconds(60 * holder.practice.settings.sessionMinutes))
        let session = Session(
            id: surroundings.newID(),
            accountID: principal.accountID,
            userID: principal.staffID,
            tokenHash: SessionToken.hash(token.text),
            ip: principal.origin.ip,
            userAgent: client.userAgent.map { String($0.prefix(200)) },
            loginAt: now,
            lastSeenAt: now,
            expiresAt: expiresAt,
            createdAt: now,
            updatedAt: now
        )
        try transaction.insert(session, into: Session.table)
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
        return SignInResult(
            token: token,
            principal: principal,
            displayName: holder.displayName,
            expiresAt: expiresAt
        )
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
                let holder = try SessionHolder(of: session, in: transaction),
                let principal = holder.principal(origin: origin)
            else { return nil }
            return (session, principal, holder.practice.settings.sessionMinutes)
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
}
