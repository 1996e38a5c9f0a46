public import Records
import Store

// Coming back with a token.

extension SessionService {
    /// The session of `token`, if it is alive and its holder may still come in.
    ///
    /// - Parameters:
    ///   - channel: how the token came; one that was given out for the other way opens nothing.
    ///   - use: keeps the session alive unless it is only watched.
    public func authenticate(
        _ token: String,
        from channel: SessionClient.Channel = .api,
        origin: Principal.Origin,
        use: Use = .view
    ) async throws -> LiveSession? {
        guard let token = SessionToken(token) else { return nil }
        let now = surroundings.now()
        let found = try await database.read { transaction -> (Session, SessionHolder)? in
            guard
                let session = try transaction.fetchOne(
                    Session.self,
                    """
                    SELECT * FROM auth_sessions
                    WHERE family_hash = \(token.familyHash) AND is_active = 1 AND expires_at > \(now)
                    """
                ),
                let holder = try SessionHolder(of: session, in: transaction)
            else { return nil }
            return (session, holder)
        }
        guard let (session, holder) = found, session.channel == channel else { return nil }
        guard let principal = holder.principal(origin: origin.within(session.id))?.acting(for: session.actingClientID)
        else {
            try await endAsSwitchedOff(session)
            return nil
        }
        switch session.standing(of: token, at: now) {
        case .old:
            if session.renews { try await endAsCopied(session, principal) }
            return nil
        case .previous:
            activity.add(use, to: session.id)
            return live(session, principal)
        case .present:
            activity.add(use, to: session.id)
            let renewed = try await write(session, token, idle: holder.practice.settings.sessionMinutes, use, at: now)
            return live(session, principal, renewed)
        }
    }

    private func live(_ session: Session, _ principal: Principal, _ renewed: SessionToken? = nil) -> LiveSession {
        LiveSession(
            session: session,
            principal: principal,
            antiForgeryToken: antiForgeryToken(of: session.id),
            renewedToken: renewed
        )
    }

    /// Writes down the use of the session and renews its token, where either is due. Returns the new token.
    private func write(_ session: Session, _ token: SessionToken, idle: Int, _ use: Use, at now: Timestamp) async throws
        -> SessionToken?
    {
        let isRenewed = session.renews && session.prevValidUntil.map { $0 <= now } ?? true
        let isTouched = use != .watching && now >= session.lastSeenAt.adding(Self.touchInterval)
        guard isRenewed || isTouched else { return nil }
        let next = isRenewed ? SessionToken(family: token.family, random: surroundings.random) : token
        let count = activity.take(session.id)
        let deadline =
            use == .watching
            ? session.expiresAt : min(now.adding(.seconds(60 * idle)), session.absoluteExpiresAt)
        // A database that cannot be written must not lock people out of reading it: the present token stays good then.
        let changed = try? await database.write { transaction in
            try transaction.execute(
                """
                UPDATE auth_sessions SET
                    token_hash = \(next.hash),
                    prev_token_hash = \(isRenewed ? token.hash : session.prevTokenHash),
                    prev_valid_until = \(isRenewed ? now.adding(Self.renewalGrace) : session.prevValidUntil),
                    last_seen_at = \(use == .watching ? session.lastSeenAt : now),
                    expires_at = \(deadline),
                    pages_viewed = pages_viewed + \(count.views),
                    actions_taken = actions_taken + \(count.actions),
                    updated_at = \(now)
                WHERE id = \(session.id) AND token_hash = \(token.hash) AND is_active = 1
                """
            )
        }
        // Another request with the same token was faster, and has the next one.
        return isRenewed && changed == 1 ? next : nil
    }

    // MARK: - Ends that a request brings about

    private func endAsSwitchedOff(_ session: Session) async throws {
        let now = surroundings.now()
        _ = try? await database.write { transaction in
            try Session.end("id = \(session.id)", because: .accessOff, at: now, in: transaction)
        }
    }

    /// Somebody came with an old token: which of the two is the thief cannot be known, so neither goes on.
    private func endAsCopied(_ session: Session, _ principal: Principal) async throws {
        let now = surroundings.now()
        try await database.write { transaction in
            let ended = try Session.end("id = \(session.id)", because: .tokenReused, at: now, in: transaction)
            guard ended > 0, let recipient = SessionOwner(principal)?.recipient else { return }
            try note(
                "SESSION.REVOKE",
                session.id,
                by: principal,
                outcome: .denied,
                reason: .tokenReused,
                in: transaction
            )
            try DomainEvent("session.token_reused", subject: session.id.text).append(
                practice: principal.practiceID,
                client: nil,
                at: now,
                ids: surroundings,
                transaction: transaction
            )
            try PortalNotification(
                id: surroundings.newID(),
                practiceID: principal.practiceID,
                recipient: recipient,
                type: "session.token_reused",
                title: "A session was ended to be safe",
                message: "An old key of one of your sessions was used again, so the session was ended. "
                    + "If you see this more than once, change your password and tell the practice.",
                dedupeKey: "session.token_reused:\(session.id)",
                sentAt: now
            ).insert(in: transaction)
        }
    }
}

extension Session {
    enum Standing { case present, previous, old }

    /// What a token of this session's family is now.
    func standing(of token: SessionToken, at now: Timestamp) -> Standing {
        if token.hash == tokenHash { return .present }
        if token.hash == prevTokenHash, let prevValidUntil, now < prevValidUntil { return .previous }
        return .old
    }

    /// Ends the active sessions that fit `condition`, and says how many they were.
    @discardableResult
    static func end(_ condition: SQL, because reason: EndReason, at now: Timestamp, in transaction: Transaction) throws
        -> Int
    {
        // Signing out is what its holder does; everything else is done to it.
        let isLogout = reason == .signedOut
        return try transaction.execute(
            """
            UPDATE auth_sessions SET
                is_active = 0, end_reason = \(reason), updated_at = \(now),
                logout_at = \(isLogout ? now : nil), revoked_at = \(isLogout ? nil : now)
            WHERE is_active = 1 AND \(condition)
            """
        )
    }
}
