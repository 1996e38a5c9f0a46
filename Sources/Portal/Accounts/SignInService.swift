import Foundation
public import Records
import Store

/// Sign-in with name and password, for portal accounts and staff alike, and the lockout of who guesses. What comes of it is a
/// session, which is ``SessionService``'s, or a challenge, where something more has to be shown first.
public struct SignInService: Sendable {
    /// The two doors.
    public enum Door: String, Sendable, CaseIterable { case portal, staff }

    let context: AccountContext
    let factors: SecondFactorService
    let passwords: PasswordService
    let terms: TermsService

    /// Longer passwords are refused before any work is done on them.
    static let longestPassword = 1024
    /// Consecutive failures after which a password opens nothing any more until it is reset (NIST SP 800-63B-4, 3.2.2).
    static let failureCeiling = 100

    /// Signs in with a name (username or e-mail) and a password.
    ///
    /// Throws ``Refusal/wrongCredentials`` alike for an unknown name, a wrong password and a switched-off account, and
    /// ``Refusal/locked(until:)`` after five failures in a row for a name, whether or not there is such an account
    /// (ACC-22, ACC-29), where a browser that its owner has signed in on before counts for itself;
    /// ``Refusal/passwordExpired`` for a right one that was given out too long ago; ``Refusal/tooManyTries(until:)`` for an address that failed at many names; `PasswordHasher.Busy` when
    /// too many sign in at once.
    public func begin(
        name: String,
        password: String,
        at door: Door,
        practice slug: String? = nil,
        origin: Principal.Origin,
        client: SessionClient = SessionClient()
    ) async throws -> SignInOutcome {
        let folded = name.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        // No name holds a NUL, and the database takes none.
        guard !folded.contains("\0"), slug?.contains("\0") != true else { throw Refusal.wrongCredentials }
        let (candidate, state, counter) = try await context.database.read { transaction in
            let candidate = try SessionHolder.find(name: folded, at: door, practice: slug, in: transaction)
            let counter = try context.counter(
                .password,
                of: candidate.owner,
                on: client,
                orElse: context.throttle.nameHash(folded, door: door, practice: candidate.practice.id),
                in: transaction
            )
            try checkUnlocked(counter, in: transaction)
            try context.throttle.checkAddress(origin, in: transaction)
            return (candidate, try candidate.state(in: transaction), counter)
        }
        let isRefused =
            password.utf8.count > Self.longestPassword || (state?.failedAttempts ?? 0) >= Self.failureCeiling
        let stored = isRefused ? nil : candidate.passwordHash
        let matches = try await context.hasher.verify(isRefused ? "" : password, against: stored)
        guard matches, let principal = candidate.principal(origin: origin) else {
            try await recordFailure(counter, candidate: candidate, door: door, origin: origin)
            throw Refusal.wrongCredentials
        }
        // A hash of former days is made anew while the password is at hand.
        let renewed =
            try await stored.flatMap { context.hasher.isOutdated($0) ? password : nil }.asyncMap {
                try await context.hasher.hash($0)
            }
        return try await context.database.write { transaction in
            try checkUnlocked(counter, in: transaction)
            if state?.isPasswordExpired(at: context.surroundings.now()) == true { throw Refusal.passwordExpired }
            try context.throttle.clear(counter, in: transaction)
            if let owner = candidate.owner {
                try owner.set("failed_attempts = 0", in: transaction)
                if let renewed { try owner.set("password_hash = \(renewed)", in: transaction) }
            }
            let methods = try factors.methods(for: candidate, after: .password, in: transaction)
            let isTrusted =
                try !methods.isEmpty && client.channel == .web
                && context.devices.isTrusted(client.deviceSecret, by: principal, in: transaction)
            return methods.isEmpty || isTrusted
                ? try admit(candidate, as: principal, client: client, hasSecondFactor: isTrusted, in: transaction)
                : .challenge(try challenge(candidate, methods: methods, in: transaction))
        }
    }

    /// ``begin(name:password:at:practice:origin:client:)`` for somebody who needs nothing more. Throws
    /// ``SecondFactorRequired`` for everybody else.
    public func signIn(
        name: String,
        password: String,
        at door: Door,
        practice slug: String? = nil,
        origin: Principal.Origin,
        client: SessionClient = SessionClient()
    ) async throws -> SignInResult {
        switch try await begin(name: name, password: password, at: door, practice: slug, origin: origin, client: client)
        {
        case .session(let session): return session
        case .challenge(let challenge): throw SecondFactorRequired(challenge: challenge)
        }
    }

    // MARK: - Letting in

    /// A session for somebody who has shown enough, unless they have to choose a password of their own first.
    func admit(
        _ holder: SessionHolder,
        as principal: Principal,
        client: SessionClient,
        hasSecondFactor: Bool,
        in transaction: Transaction
    ) throws -> SignInOutcome {
        if try holder.state(in: transaction)?.mustChangePassword == true {
            return .challenge(try challenge(holder, methods: [.newPassword], in: transaction))
        }
        let session = try context.sessions.open(
            for: holder,
            as: principal,
            client: client,
            hasSecondFactor: hasSecondFactor,
            in: transaction
        )
        try holder.owner?.set("login_count = login_count + 1", in: transaction)
        if session.isOnUnfamiliarDevice {
            try context.mail(
                .newDevice,
                to: holder,
                ["device": DeviceName.of(userAgent: client.userAgent)],
                in: transaction
            )
        }
        return .session(session)
    }

    /// A sign-in that lacks one of `methods`. A code goes out by itself where there is no other way.
    func challenge(_ holder: SessionHolder, methods: [SignInMethod], in transaction: Transaction) throws
        -> SignInChallenge
    {
        let token = try context.tokens.issue(
            .challenge,
            practice: holder.practice.id,
            owner: holder.owner,
            lifetime: SignInChallenge.lifetime,
            subject: methods.map(\.rawValue).joined(separator: ","),
            in: transaction
        )
        let issued = SignInChallenge(
            token: token,
            methods: methods,
            expiresAt: context.surroundings.now().adding(SignInChallenge.lifetime)
        )
        if methods.first == .email { try factors.sendCode(for: token, to: holder, in: transaction) }
        return issued
    }

    // MARK: - Lockout

    /// Throws ``Refusal/locked(until:)``. Asked before the password is looked at, and again before anything comes of it:
    /// of many tries at once, those that were under way when the lock fell are refused, right or wrong.
    private func checkUnlocked(_ counter: String, in transaction: Transaction) throws {
        if let until = try context.throttle.lock(of: counter, in: transaction) { throw Refusal.locked(until: until) }
    }

    private func recordFailure(_ counter: String, candidate: SessionHolder, door: Door, origin: Principal.Origin)
        async throws
    {
        let settings = candidate.practice.settings
        let principal = Principal(
            practiceID: candidate.practice.id,
            identity: .system(work: "sign-in.\(door.rawValue)"),
            origin: origin
        )
        try await context.database.write { transaction in
            try checkUnlocked(counter, in: transaction)
            try context.audit.append(
                AuditEntry(
                    principal: principal,
                    action: "SESSION.START",
                    entity: "auth_sessions",
                    entityID: candidate.owner?.text,
                    outcome: .denied
                ),
                at: context.surroundings.now(),
                in: transaction
            )
            try candidate.owner?.set("failed_attempts = failed_attempts + 1", in: transaction)
            try context.throttle.failAddress(origin, in: transaction)
            let isLocked = try context.throttle.fail(
                counter,
                limit: settings.lockoutFailures,
                lock: .seconds(60 * settings.lockoutMinutes),
                in: transaction
            )
            if isLocked { try announceLock(of: candidate, in: transaction) }
        }
    }

    /// Tells the owner, who still gets in by a link that is mailed to them: a lock must not be a way to keep them out.
    func announceLock(of holder: SessionHolder, in transaction: Transaction) throws {
        try DomainEvent("account.locked", subject: holder.owner?.text ?? "unknown").append(
            practice: holder.practice.id,
            client: holder.account?.clientID,
            at: context.surroundings.now(),
            ids: context.surroundings,
            transaction: transaction
        )
        guard holder.owner != nil else { return }
        try context.tell(
            holder,
            type: "account.locked",
            title: "Sign-in was locked for a while",
            message: "Somebody failed to sign in several times with your name. If that was not you, tell the practice.",
            in: transaction
        )
        try context.mail(
            .accountLocked,
            to: holder,
            ["link": "\(context.publicAddress)/\(holder.account == nil ? "staff/" : "")magic-link"],
            lasting: .seconds(60 * holder.practice.settings.lockoutMinutes),
            in: transaction
        )
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Result>(_ body: (Wrapped) async throws -> Result) async rethrows -> Result? {
        switch self {
        case .some(let value): try await body(value)
        case .none: nil
        }
    }
}
