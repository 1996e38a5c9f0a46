import Foundation
public import Records
import Store

/// Passwords: judged, changed, forgotten and set anew.
public struct PasswordService: Sendable {
    let context: AccountContext
    let rules: PasswordRules

    static let resetLifetime: Duration = .seconds(3600)
    /// Mails of one kind to one person within a quarter of an hour; further ones are not sent, in silence.
    static let mailsPerQuarterHour = 3

    /// A password that passed, with its hash.
    struct Prepared: Sendable {
        fileprivate let hash: String
    }

    // MARK: - Judging

    /// What is wrong with a password, without keeping anything.
    ///
    /// - Parameter details: what is known of the person: names and addresses as typed so far.
    public func faults(
        of password: String,
        details: [String],
        practice slug: String?,
        hasSecondFactor: Bool,
        as principal: Principal? = nil
    ) async throws -> [PasswordRules.Fault] {
        let owner = principal.flatMap { CredentialOwner($0) }
        let known = try await context.database.read { transaction -> [String] in
            if let owner { return try SessionHolder.find(owner, in: transaction)?.passwordContext ?? [] }
            guard slug?.contains("\0") != true else { return [] }
            let practice = try transaction.fetchOne(
                Practice.self,
                slug.map { "SELECT * FROM practices WHERE slug = \($0)" }
                    ?? "SELECT * FROM practices ORDER BY created_at LIMIT 1"
            )
            return [practice?.name, practice?.slug, "bellwether"].compactMap { $0 }
        }
        return rules.faults(of: password, context: known + details, hasSecondFactor: hasSecondFactor)
    }

    /// Judges and hashes a new password of `holder`. Throws ``Refusal/weakPassword(_:)``.
    func prepare(_ password: String, for holder: SessionHolder) async throws -> Prepared {
        let (hasSecondFactor, former) = try await context.database.read { transaction -> (Bool, [String]) in
            guard let owner = holder.owner else { return (false, []) }
            let factor = try transaction.row(
                "SELECT id FROM mfa_methods WHERE \(owner.condition) AND confirmed_at IS NOT NULL LIMIT 1"
            )
            let former = try transaction.rows(
                "SELECT password_hash FROM password_history WHERE \(owner.condition) ORDER BY created_at DESC, id DESC LIMIT \(PasswordRules.history)"
            ).map { try $0.get("password_hash", as: String.self) }
            return (factor != nil || holder.secondFactorPolicy == .required, former)
        }
        return try await prepare(
            password,
            context: holder.passwordContext,
            hasSecondFactor: hasSecondFactor,
            former: former + [holder.passwordHash].compactMap { $0 }
        )
    }

    func prepare(_ password: String, context known: [String], hasSecondFactor: Bool, former: [String]) async throws
        -> Prepared
    {
        let faults = rules.faults(of: password, context: known, hasSecondFactor: hasSecondFactor)
        guard faults.isEmpty else { throw Refusal.weakPassword(faults) }
        for hash in Set(former) where try await context.hasher.verify(password, against: hash) {
            throw Refusal.weakPassword([.usedBefore])
        }
        return Prepared(hash: try await context.hasher.hash(password))
    }

    // MARK: - Storing

    /// Makes it the password, keeps it in the history, and ends what the old one opened: other sessions, mailed links, locks.
    func store(
        _ password: Prepared,
        of holder: SessionHolder,
        keeping session: ID<Session>? = nil,
        in transaction: Transaction
    ) throws {
        guard let owner = holder.owner else { return }
        let now = context.surroundings.now()
        try owner.set(
            "password_hash = \(password.hash), must_change_password = 0, password_expires_at = NULL, failed_attempts = 0, updated_at = \(now)",
            in: transaction
        )
        try remember(password, of: owner, in: transaction)
        try context.endSessions(
            of: owner,
            practice: holder.practice.id,
            because: .credentialsChanged,
            except: session,
            in: transaction
        )
        try context.tokens.revoke([.magicLink, .reset], of: owner, in: transaction)
        try context.throttle.clear(holder, in: transaction)
        try context.tell(
            holder,
            type: "account.password-changed",
            title: "Your password was changed",
            message: "If that was not you, tell the practice.",
            in: transaction
        )
        try context.mail(.passwordChanged, to: holder, in: transaction)
    }

    func remember(_ password: Prepared, of owner: CredentialOwner, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO password_history (id, account_id, user_id, password_hash, created_at)
            VALUES (\(context.surroundings.newID(PasswordService.self)), \(owner.accountID), \(owner.userID), \(password.hash),
                    \(context.surroundings.now()))
            """
        )
        try transaction.execute(
            """
            DELETE FROM password_history WHERE \(owner.condition) AND id NOT IN (
                SELECT id FROM password_history WHERE \(owner.condition)
                ORDER BY created_at DESC, id DESC LIMIT \(PasswordRules.history)
            )
            """
        )
    }

    func hash(of password: Prepared) -> String { password.hash }

    // MARK: - Changing

    /// Changes one's own password, which takes the present one. The session goes on; all others end.
    public func change(from current: String, to new: String, in live: LiveSession) async throws {
        let principal = live.principal
        guard let owner = CredentialOwner(principal) else { throw AccessDenied() }
        guard current.utf8.count <= SignInService.longestPassword, new.utf8.count <= SignInService.longestPassword
        else {
            throw Refusal.weakPassword([.tooLong(maximum: PasswordRules.maximum)])
        }
        let holder = try await context.database.read { transaction -> SessionHolder in
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            if let until = try context.throttle.lock(of: context.throttle.passwordHash(of: owner), in: transaction) {
                throw Refusal.locked(until: until)
            }
            return holder
        }
        guard try await context.hasher.verify(current, against: holder.passwordHash) else {
            try await context.database.write { transaction in
                try context.record("PASSWORD.CHANGE", of: owner, as: principal, outcome: .denied, in: transaction)
                _ = try context.throttle.fail(
                    context.throttle.passwordHash(of: owner),
                    limit: holder.practice.settings.lockoutFailures,
                    lock: .seconds(60 * holder.practice.settings.lockoutMinutes),
                    in: transaction
                )
            }
            throw Refusal.invalid(
                pointer: "/current",
                message: "This is not your present password.",
                remedy: "Type the password that you signed in with, or ask for a link to set a new one."
            )
        }
        let prepared = try await prepare(new, for: holder)
        try await context.database.write { transaction in
            try store(prepared, of: holder, keeping: live.id, in: transaction)
            try context.record(
                "PASSWORD.CHANGE",
                of: owner,
                client: holder.account?.clientID,
                as: principal,
                in: transaction
            )
        }
    }

    // MARK: - Forgotten

    /// Mails a link to set a new password, to who has that name. The answer, and the work, are the same for a name that nobody
    /// has (ACC-27).
    public func requestReset(
        name: String,
        at door: SignInService.Door,
        practice slug: String?,
        origin: Principal.Origin
    )
        async throws
    {
        try await mailLink(
            .reset,
            template: .passwordReset,
            page: door == .portal ? "reset-password" : "staff/reset-password",
            lifetime: Self.resetLifetime,
            name: name,
            at: door,
            practice: slug,
            origin: origin
        )
    }

    /// Sets a new password by a mailed link, ends all sessions and tells the owner. Signs nobody in: whoever has a second
    /// factor still shows it at the next sign-in. Throws ``Refusal/linkExpired`` and ``Refusal/weakPassword(_:)``, after which
    /// the link is still good.
    public func reset(_ token: String, to password: String, origin: Principal.Origin) async throws {
        guard !token.contains("\0"), password.utf8.count <= SignInService.longestPassword else {
            throw Refusal.linkExpired
        }
        let found = try await context.database.read { transaction -> SessionHolder? in
            let token = try context.tokens.find(token, as: .reset, in: transaction)
            return try token?.owner.flatMap { try SessionHolder.find($0, in: transaction) }
        }
        guard let holder = found, let principal = holder.principal(origin: origin) else { throw Refusal.linkExpired }
        let prepared = try await prepare(password, for: holder)
        try await context.database.write { transaction in
            guard try context.tokens.redeem(token, as: .reset, in: transaction) != nil else {
                throw Refusal.linkExpired
            }
            try store(prepared, of: holder, in: transaction)
            try context.record(
                "PASSWORD.RESET",
                of: holder.owner,
                client: holder.account?.clientID,
                as: principal,
                in: transaction
            )
        }
    }

    /// Mails a link to whoever has `name` and may come in; does the same work for everybody else.
    func mailLink(
        _ purpose: OneTimeToken.Purpose,
        template: MailTemplate,
        page: String,
        lifetime: Duration,
        name: String,
        at door: SignInService.Door,
        practice slug: String?,
        origin: Principal.Origin
    ) async throws {
        let folded = name.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        guard !folded.contains("\0"), slug?.contains("\0") != true else { return }
        let now = context.surroundings.now()
        try await context.database.write { transaction in
            try context.throttle.checkAddress(origin, in: transaction)
            // Asking costs an address as much as failing: it must not mail half the town.
            try context.throttle.failAddress(origin, in: transaction)
            guard
                let holder = try? SessionHolder.find(name: folded, at: door, practice: slug, in: transaction)
            else { return }
            var owner = holder.principal(origin: origin) == nil ? nil : holder.owner
            if let known = owner,
                try context.tokens.count(purpose, of: known, since: now.adding(.seconds(-900)), in: transaction)
                    >= Self.mailsPerQuarterHour
            {
                owner = nil
            }
            let secret = try context.tokens.issue(
                purpose,
                practice: holder.practice.id,
                owner: owner,
                lifetime: lifetime,
                in: transaction
            )
            try context.record(
                "\(purpose.rawValue).REQUEST",
                of: owner,
                as: Principal(
                    practiceID: holder.practice.id,
                    identity: .system(work: "sign-in.\(door.rawValue)"),
                    origin: origin
                ),
                in: transaction
            )
            guard owner != nil else { return }
            try context.mail(
                template,
                to: holder,
                ["link": context.link(page, secret: secret)],
                lasting: lifetime,
                in: transaction
            )
        }
    }
}

extension GuessThrottle {
    /// Under which guesses at the present password of somebody signed in are counted.
    func passwordHash(of owner: CredentialOwner) -> String { hash("password", owner.text) }
}
