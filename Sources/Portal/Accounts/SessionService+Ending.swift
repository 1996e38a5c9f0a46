public import Records
public import Store

// Seeing sessions, and ending them.

extension SessionService {
    /// One's own open sessions, the one used last first (ACC-32).
    public func sessions(of principal: Principal) async throws -> [Session] {
        guard let owner = SessionOwner(principal) else { return [] }
        return try await database.read { transaction in
            try open("\(owner.condition)", at: surroundings.now(), in: transaction)
        }
    }

    /// Ends the session that the request came with (ACC-26).
    public func signOut(_ live: LiveSession) async throws {
        let now = surroundings.now()
        let count = activity.take(live.id)
        try await database.write { transaction in
            try transaction.execute(
                """
                UPDATE auth_sessions
                SET pages_viewed = pages_viewed + \(count.views), actions_taken = actions_taken + \(count.actions)
                WHERE id = \(live.id)
                """
            )
            try Session.end("id = \(live.id)", because: .signedOut, at: now, in: transaction)
            try note("SESSION.END", live.id, by: live.principal, in: transaction)
        }
    }

    /// Keeps the session alive for another stretch, without anything else. Returns when it ends now unless it is used.
    public func touch(_ live: LiveSession) async throws -> Timestamp {
        let now = surroundings.now()
        return try await database.write { transaction in
            guard let holder = try SessionHolder(of: live.session, in: transaction) else { throw RecordNotFound() }
            let idle: Duration = .seconds(60 * holder.practice.settings.sessionMinutes)
            let deadline = min(now.adding(idle), live.session.absoluteExpiresAt)
            let changed = try transaction.execute(
                """
                UPDATE auth_sessions SET last_seen_at = \(now), expires_at = \(deadline), updated_at = \(now)
                WHERE id = \(live.id) AND is_active = 1
                """
            )
            if changed == 0 { throw RecordNotFound() }
            return deadline
        }
    }

    /// Ends one of one's own sessions. Throws `RecordNotFound` for anybody else's, and for one that has ended.
    public func end(_ id: ID<Session>, as principal: Principal) async throws {
        guard let owner = SessionOwner(principal) else { throw RecordNotFound() }
        let now = surroundings.now()
        try await database.write { transaction in
            let ended = try Session.end(
                "id = \(id) AND \(owner.condition)",
                because: .endedByOwner,
                at: now,
                in: transaction
            )
            if ended == 0 { throw RecordNotFound() }
            try note("SESSION.REVOKE", id, by: principal, in: transaction)
        }
    }

    /// Ends all of one's own sessions, or all but `kept`. Returns how many they were.
    @discardableResult
    public func endAll(as principal: Principal, except kept: ID<Session>? = nil) async throws -> Int {
        guard let owner = SessionOwner(principal) else { return 0 }
        return try await database.write { transaction in
            try endAll(of: owner, because: .endedByOwner, except: kept, by: principal, in: transaction)
        }
    }

    /// Ends the owner's sessions with whatever made them end, in its transaction: a change of credentials, or access that is
    /// switched off. Returns how many they were.
    @discardableResult
    public func endAll(
        of owner: SessionOwner,
        because reason: Session.EndReason,
        except kept: ID<Session>? = nil,
        by principal: Principal,
        in transaction: Transaction
    ) throws -> Int {
        let others: SQL = kept.map { "id <> \($0)" } ?? "1 = 1"
        let ended = try Session.end(
            "\(owner.condition) AND \(others)",
            because: reason,
            at: surroundings.now(),
            in: transaction
        )
        if ended > 0 {
            try note("SESSION.REVOKE", nil, by: principal, reason: reason.rawValue, in: transaction)
        }
        return ended
    }

    /// Somebody has shown again who they are, as before a sensitive change: the session is as if new, under a new token
    /// (ASVS 5.0 § 7.2.4, 7.5.1). The one before opens nothing from then on.
    public func reauthenticated(_ live: LiveSession, hasSecondFactor: Bool, in transaction: Transaction) throws
        -> SessionToken
    {
        let now = surroundings.now()
        guard
            let session = try transaction.fetchOne(
                Session.self,
                "SELECT * FROM auth_sessions WHERE id = \(live.id) AND is_active = 1"
            ),
            let familyHash = session.familyHash
        else { throw RecordNotFound() }
        let token = SessionToken(random: surroundings.random)
        let isSecond = hasSecondFactor || session.mfaPassed
        try transaction.execute(
            """
            UPDATE auth_sessions SET
                token_hash = \(token.hash), family_hash = \(token.familyHash), prev_token_hash = NULL,
                prev_valid_until = NULL, authenticated_at = \(now), mfa_passed = \(isSecond), updated_at = \(now)
            WHERE id = \(live.id) AND family_hash = \(familyHash)
            """
        )
        try note("SESSION.REAUTHENTICATE", live.id, by: live.principal, in: transaction)
        return token
    }

    // MARK: - Administrators

    /// The open sessions of the administrator's practice, or of one person in it (ASVS 5.0 § 7.4.5).
    public func sessions(of owner: SessionOwner? = nil, asAdministrator principal: Principal) async throws -> [Session]
    {
        try await database.write { transaction in
            try requireAdministrator(principal, in: transaction)
            try note("SESSION.LIST", nil, by: principal, in: transaction)
            let condition: SQL = owner.map { "\($0.condition)" } ?? "1 = 1"
            return try open(
                "\(condition) AND \(inPractice(of: principal))",
                at: surroundings.now(),
                in: transaction
            )
        }
    }

    /// Ends any one session of the administrator's practice. Throws `RecordNotFound` for one elsewhere or ended.
    public func end(_ id: ID<Session>, asAdministrator principal: Principal) async throws {
        let now = surroundings.now()
        try await database.write { transaction in
            try requireAdministrator(principal, in: transaction)
            let ended = try Session.end(
                "id = \(id) AND \(inPractice(of: principal))",
                because: .endedByAdministrator,
                at: now,
                in: transaction
            )
            if ended == 0 { throw RecordNotFound() }
            try note("SESSION.REVOKE", id, by: principal, in: transaction)
        }
    }

    /// Ends all sessions of one person of the administrator's practice. Returns how many they were.
    public func endAll(of owner: SessionOwner, asAdministrator principal: Principal) async throws -> Int {
        let now = surroundings.now()
        return try await database.write { transaction in
            try requireAdministrator(principal, in: transaction)
            let ended = try Session.end(
                "\(owner.condition) AND \(inPractice(of: principal))",
                because: .endedByAdministrator,
                at: now,
                in: transaction
            )
            try note("SESSION.REVOKE", nil, by: principal, in: transaction)
            return ended
        }
    }

    private func requireAdministrator(_ principal: Principal, in transaction: Transaction) throws {
        guard principal.role == .administrator else { throw AccessDenied() }
    }

    private func inPractice(of principal: Principal) -> SQL {
        """
        (account_id IN (SELECT id FROM portal_accounts WHERE practice_id = \(principal.practiceID))
         OR user_id IN (SELECT id FROM users WHERE practice_id = \(principal.practiceID)))
        """
    }

    private func open(_ condition: SQL, at now: Timestamp, in transaction: Transaction) throws -> [Session] {
        try transaction.fetch(
            Session.self,
            """
            SELECT * FROM auth_sessions WHERE is_active = 1 AND expires_at > \(now) AND \(condition)
            ORDER BY last_seen_at DESC, id DESC LIMIT 500
            """
        )
    }
}
