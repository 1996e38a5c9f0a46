import Foundation
public import Records
import Store

extension SignInService {
    /// Completes a challenge.
    ///
    /// Throws ``Refusal/linkExpired`` for a challenge that is unknown, over, used, or was tried five times;
    /// ``Refusal/wrongCode`` for a wrong code or one that was used; ``Refusal/locked(until:)`` after five wrong codes in a row,
    /// on any challenges; ``Refusal/weakPassword(_:)`` for a new password that will not do.
    ///
    /// - Parameter trustDevice: whether this browser stands for the second factor from now on, for as many days as the
    ///   practice chose (ACC-33).
    public func answer(
        challenge token: String,
        method: SignInMethod,
        code: String,
        trustDevice: Bool = false,
        origin: Principal.Origin,
        client: SessionClient = SessionClient()
    ) async throws -> SignInOutcome {
        guard !token.contains("\0"), !code.contains("\0"), code.utf8.count <= Self.longestPassword else {
            throw Refusal.wrongCode
        }
        let counted = try await context.database.write { transaction -> (OneTimeToken, SessionHolder, String)? in
            guard let challenge = try context.tokens.countAttempt(token, as: .challenge, in: transaction),
                let owner = challenge.owner, let holder = try SessionHolder.find(owner, in: transaction)
            else { return nil }
            let counter = try context.factorCounter(of: owner, on: client, in: transaction)
            try checkFactor(counter, in: transaction)
            return (challenge, holder, counter)
        }
        guard let (challenge, holder, counter) = counted, let principal = holder.principal(origin: origin) else {
            throw Refusal.linkExpired
        }
        let allowed = (challenge.subjectID ?? "").split(separator: ",").compactMap {
            SignInMethod(rawValue: String($0))
        }
        guard allowed.contains(method) else { throw Refusal.wrongCode }
        // What takes long is done outside the transaction.
        let isPassword =
            method == .password ? try await context.hasher.verify(code, against: holder.passwordHash) : false
        let newPassword = method == .newPassword ? try await passwords.prepare(code, for: holder) : nil
        let now = context.surroundings.now()
        let outcome = try await context.database.write { transaction -> SignInOutcome? in
            try checkFactor(counter, in: transaction)
            let isRight =
                switch method {
                case .password:
                    try isPassword && holder.state(in: transaction)?.isPasswordExpired(at: now) != true
                case .newPassword: newPassword != nil
                case .authenticator, .email, .recovery:
                    try factors.accept(code, method: method, of: holder, challenge: token, in: transaction)
                }
            guard isRight else {
                try recordWrongFactor(of: holder, counter, principal: principal, in: transaction)
                return nil
            }
            guard try context.tokens.redeem(challenge.id, in: transaction) != nil else { throw Refusal.linkExpired }
            if let newPassword { try passwords.store(newPassword, of: holder, in: transaction) }
            try context.throttle.clear(counter, in: transaction)
            let admitted = try admit(
                holder,
                as: principal,
                client: client,
                hasSecondFactor: method != .newPassword,
                in: transaction
            )
            if trustDevice, [.authenticator, .email, .recovery].contains(method), case .session(let session) = admitted
            {
                try context.devices.trust(
                    session.deviceID,
                    by: principal,
                    days: holder.practice.settings.deviceTrustDays,
                    in: transaction
                )
            }
            return admitted
        }
        guard let outcome else { throw Refusal.wrongCode }
        return outcome
    }

    /// Sends a code by mail for a challenge that takes one. A new one makes the last one useless; at most three go out.
    public func sendCode(forChallenge token: String) async throws {
        guard !token.contains("\0") else { throw Refusal.linkExpired }
        try await context.database.write { transaction in
            guard let challenge = try context.tokens.find(token, as: .challenge, in: transaction),
                let owner = challenge.owner, let holder = try SessionHolder.find(owner, in: transaction),
                challenge.subjectID?.split(separator: ",").contains(Substring(SignInMethod.email.rawValue)) == true
            else { throw Refusal.linkExpired }
            try factors.sendCode(for: token, to: holder, in: transaction)
        }
    }

    // MARK: - Wrong codes

    func checkFactor(_ counter: String, in transaction: Transaction) throws {
        if let until = try context.throttle.lock(of: counter, in: transaction) { throw Refusal.locked(until: until) }
    }

    func recordWrongFactor(
        of holder: SessionHolder,
        _ counter: String,
        principal: Principal,
        in transaction: Transaction
    ) throws {
        guard let owner = holder.owner else { return }
        try context.record(
            "MFA.VERIFY",
            of: owner,
            client: holder.account?.clientID,
            as: principal,
            outcome: .denied,
            in: transaction
        )
        let settings = holder.practice.settings
        let isLocked = try context.throttle.fail(
            counter,
            limit: settings.lockoutFailures,
            lock: .seconds(60 * settings.lockoutMinutes),
            in: transaction
        )
        if isLocked { try announceLock(of: holder, in: transaction) }
    }
}
