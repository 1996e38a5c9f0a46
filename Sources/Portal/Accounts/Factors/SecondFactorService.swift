import Foundation
public import Records
import Store

/// Second factors: set up, confirmed, used, taken away (ACC-15, ACC-17, ACC-18, ACC-21).
public struct SecondFactorService: Sendable {
    let context: AccountContext
    let stepUp: StepUp

    static let codeLifetime: Duration = .seconds(600)
    /// Codes that go out for one sign-in.
    static let codesPerChallenge = 3
    static let recoveryCodes = 10

    // MARK: - By the owner

    /// The caller's own factors, and how many recovery codes are left.
    public func list(of principal: Principal) async throws -> (factors: [SecondFactor], recoveryCodesLeft: Int) {
        guard let owner = CredentialOwner(principal) else { throw AccessDenied() }
        return try await context.database.read { transaction in
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            let left = try transaction.count(
                "SELECT COUNT(*) AS count FROM recovery_codes WHERE \(owner.condition) AND used_at IS NULL"
            )
            return (try factors(of: holder, in: transaction), left)
        }
    }

    /// Begins to set up a factor. Throws ``Refusal/stepUpRequired``, and ``Refusal/conflict(_:)`` where the practice offers
    /// none or one of this kind is in use.
    public func enrol(_ kind: SecondFactor.Kind, in live: LiveSession) async throws -> FactorEnrolment {
        try await act(in: live) { holder, transaction in
            try enrol(kind, of: holder, in: transaction)
        }
    }

    /// Confirms a factor by its first code. Returns recovery codes with the first factor, which are never shown again.
    public func confirm(_ kind: SecondFactor.Kind, code: String, in live: LiveSession) async throws
        -> [String]
    {
        try await act(in: live) { holder, transaction in
            let codes = try confirm(kind, code: code, of: holder, in: transaction)
            try tellOfChange(holder, as: live.principal, action: "MFA.ENABLE", in: transaction)
            return codes
        }
    }

    public func remove(_ kind: SecondFactor.Kind, in live: LiveSession) async throws {
        try await act(in: live) { holder, transaction in
            guard let owner = holder.owner else { throw AccessDenied() }
            let removed = try transaction.execute("DELETE FROM mfa_methods WHERE \(owner.condition) AND kind = \(kind)")
            if removed == 0 { throw RecordNotFound() }
            if try factors(of: holder, in: transaction).isEmpty {
                try transaction.execute("DELETE FROM recovery_codes WHERE \(owner.condition)")
            }
            try tellOfChange(holder, as: live.principal, action: "MFA.DISABLE", in: transaction)
        }
    }

    /// Ten new recovery codes; the old ones open nothing any more.
    public func renewRecoveryCodes(in live: LiveSession) async throws -> [String] {
        try await act(in: live) { holder, transaction in
            guard try factors(of: holder, in: transaction).contains(where: { $0.confirmedAt != nil }) else {
                throw Refusal.conflict(
                    "Recovery codes stand in for a second factor, and there is none. Set one up first."
                )
            }
            let codes = try makeRecoveryCodes(of: holder, in: transaction)
            try tellOfChange(holder, as: live.principal, action: "MFA.RECOVERY_CODES", in: transaction)
            return codes
        }
    }

    private func act<Result: Sendable>(
        in live: LiveSession,
        _ body: @escaping @Sendable (SessionHolder, Transaction) throws -> Result
    ) async throws -> Result {
        guard let owner = CredentialOwner(live.principal) else { throw AccessDenied() }
        return try await context.database.write { transaction in
            try stepUp.require(live, in: transaction)
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            return try body(holder, transaction)
        }
    }

    private func tellOfChange(
        _ holder: SessionHolder,
        as principal: Principal,
        action: String,
        in transaction: Transaction
    )
        throws
    {
        try context.record(action, of: holder.owner, client: holder.account?.clientID, as: principal, in: transaction)
        try context.tell(
            holder,
            type: "account.factor-changed",
            title: "How you sign in was changed",
            message: "A second factor of your account was changed. If that was not you, tell the practice.",
            in: transaction
        )
        try context.mail(.factorChanged, to: holder, in: transaction)
    }

    // MARK: - Setting up

    func factors(of holder: SessionHolder, in transaction: Transaction) throws -> [SecondFactor] {
        guard let owner = holder.owner else { return [] }
        return try transaction.fetch(
            SecondFactor.self,
            "SELECT * FROM mfa_methods WHERE \(owner.condition) ORDER BY created_at, id",
            sealing: context.vault.sealer(for: holder.keyOwner)
        )
    }

    func enrol(_ kind: SecondFactor.Kind, of holder: SessionHolder, in transaction: Transaction) throws
        -> FactorEnrolment
    {
        guard let owner = holder.owner, holder.secondFactorPolicy != .off else {
            throw Refusal.conflict("The practice has switched second factors off for this kind of account.")
        }
        if try factors(of: holder, in: transaction).contains(where: { $0.kind == kind && $0.confirmedAt != nil }) {
            throw Refusal.conflict("This second factor is in use. Remove it before you set it up anew.")
        }
        try transaction.execute("DELETE FROM mfa_methods WHERE \(owner.condition) AND kind = \(kind)")
        let now = context.surroundings.now()
        let secret = kind == .authenticator ? context.surroundings.random(20) : nil
        let factor = SecondFactor(
            id: context.surroundings.newID(),
            practiceID: holder.practice.id,
            accountID: owner.accountID,
            userID: owner.userID,
            kind: kind,
            secret: secret.map { SealedText(Data($0).base64EncodedString()) },
            createdAt: now,
            updatedAt: now
        )
        try transaction.insert(
            factor,
            into: SecondFactor.table,
            sealing: context.vault.sealer(for: holder.keyOwner)
        )
        if kind == .email { try sendCode(for: "enrol:\(owner.text)", to: holder, in: transaction) }
        return FactorEnrolment(
            kind: kind,
            secret: secret.map(Base32.encode),
            uri: secret.map {
                TimeBasedCode.uri(secret: $0, account: holder.username ?? "", issuer: holder.practice.name)
            }
        )
    }

    /// Throws ``Refusal/wrongCode``.
    func confirm(_ kind: SecondFactor.Kind, code: String, of holder: SessionHolder, in transaction: Transaction) throws
        -> [String]
    {
        guard let owner = holder.owner,
            let factor = try factors(of: holder, in: transaction).first(where: {
                $0.kind == kind && $0.confirmedAt == nil
            }),
            try isRight(code, factor, subject: "enrol:\(owner.text)", in: transaction)
        else { throw Refusal.wrongCode }
        let now = context.surroundings.now()
        try transaction.execute(
            "UPDATE mfa_methods SET confirmed_at = \(now), updated_at = \(now) WHERE id = \(factor.id)"
        )
        let isFirst = try transaction.row("SELECT id FROM recovery_codes WHERE \(owner.condition) LIMIT 1") == nil
        return isFirst ? try makeRecoveryCodes(of: holder, in: transaction) : []
    }

    private func makeRecoveryCodes(of holder: SessionHolder, in transaction: Transaction) throws -> [String] {
        guard let owner = holder.owner else { return [] }
        try transaction.execute("DELETE FROM recovery_codes WHERE \(owner.condition)")
        let now = context.surroundings.now()
        return try (0..<Self.recoveryCodes).map { _ in
            let code = OneTimeSecret.recovery(context.surroundings.random)
            let salt = OneTimeSecret.link(context.surroundings.random)
            let hash = context.tokens.hash("RECOVERY", salt, OneTimeSecret.normalized(code))
            try transaction.execute(
                """
                INSERT INTO recovery_codes (id, account_id, user_id, salt, code_hash, created_at)
                VALUES (\(context.surroundings.newID(SecondFactor.self)), \(owner.accountID), \(owner.userID), \(salt), \(hash), \(now))
                """
            )
            return code
        }
    }

    // MARK: - Signing in

    /// How somebody got as far as being asked for more.
    enum FirstFactor { case password, mailedLink }

    /// What `holder` has to show beside the first factor; empty when that is enough. Somebody who must show two and has set up
    /// none gets a code by mail. After a mailed link another mail would prove nothing more, so that the password is asked for.
    func methods(for holder: SessionHolder, after first: FirstFactor, in transaction: Transaction) throws
        -> [SignInMethod]
    {
        let confirmed = try factors(of: holder, in: transaction).filter { $0.confirmedAt != nil }.map(\.kind)
        if confirmed.isEmpty, holder.secondFactorPolicy != .required { return [] }
        var methods: [SignInMethod] = confirmed.contains(.authenticator) ? [.authenticator] : []
        switch first {
        case .password: if confirmed.contains(.email) || methods.isEmpty { methods.append(.email) }
        case .mailedLink: if methods.isEmpty { methods.append(.password) }
        }
        return confirmed.isEmpty ? methods : methods + [.recovery]
    }

    /// Mails a code that answers `challenge` alone.
    func sendCode(for challenge: String, to holder: SessionHolder, in transaction: Transaction) throws {
        guard let owner = holder.owner else { return }
        let subject = context.tokens.hash("SUBJECT", challenge)
        let sent = try transaction.count(
            "SELECT COUNT(*) AS count FROM auth_tokens WHERE subject_id = \(subject) AND purpose = 'MFA_CODE' AND created_at > \(context.surroundings.now().adding(.zero - Self.codeLifetime))"
        )
        guard sent < Self.codesPerChallenge else {
            throw Refusal.conflict(
                "Enough codes were sent for now. Look for the last one in your mail, or sign in anew in ten minutes."
            )
        }
        try transaction.execute(
            "UPDATE auth_tokens SET used_at = \(context.surroundings.now()) WHERE subject_id = \(subject) AND purpose = 'MFA_CODE' AND used_at IS NULL"
        )
        let code = try context.tokens.issue(
            .mfaCode,
            practice: holder.practice.id,
            owner: owner,
            lifetime: Self.codeLifetime,
            subject: subject,
            secret: OneTimeSecret.digits(context.surroundings.random),
            in: transaction
        )
        try context.mail(.mfaCode, to: holder, ["code": code], lasting: Self.codeLifetime, in: transaction)
    }

    /// Whether `code` answers the challenge; uses it up.
    func accept(
        _ code: String,
        method: SignInMethod,
        of holder: SessionHolder,
        challenge: String,
        in transaction: Transaction
    ) throws -> Bool {
        switch method {
        case .authenticator:
            let factor = try factors(of: holder, in: transaction).first {
                $0.kind == .authenticator && $0.confirmedAt != nil
            }
            return try factor.map { try isRight(code, $0, subject: challenge, in: transaction) } ?? false
        case .email: return try isRight(emailed: code, of: holder.owner, subject: challenge, in: transaction)
        case .recovery: return try useRecoveryCode(code, of: holder, in: transaction)
        case .password, .newPassword: return false
        }
    }

    private func isRight(_ code: String, _ factor: SecondFactor, subject: String, in transaction: Transaction) throws
        -> Bool
    {
        let now = context.surroundings.now()
        switch factor.kind {
        case .authenticator:
            guard let secret = factor.secret.flatMap({ Data(base64Encoded: $0.plaintext) }),
                let step = TimeBasedCode.step(of: code, secret: Array(secret), at: now, after: factor.lastStep)
            else { return false }
            // Two at once with one code: the second finds the step taken.
            return try transaction.execute(
                """
                UPDATE mfa_methods SET last_step = \(step), last_used_at = \(now), updated_at = \(now)
                WHERE id = \(factor.id) AND (last_step IS NULL OR last_step < \(step))
                """
            ) == 1
        case .email:
            let owner: CredentialOwner? = factor.accountID.map { .account($0) } ?? factor.userID.map { .staff($0) }
            return try isRight(emailed: code, of: owner, subject: subject, in: transaction)
        }
    }

    private func isRight(emailed code: String, of owner: CredentialOwner?, subject: String, in transaction: Transaction)
        throws -> Bool
    {
        let bound = context.tokens.hash("SUBJECT", subject)
        let token = try context.tokens.redeem(code: code, as: .mfaCode, subject: bound, in: transaction)
        return token != nil && token?.owner == owner
    }

    private func useRecoveryCode(_ code: String, of holder: SessionHolder, in transaction: Transaction) throws -> Bool {
        guard let owner = holder.owner else { return false }
        let typed = OneTimeSecret.normalized(code)
        let rows = try transaction.rows(
            "SELECT id, salt, code_hash FROM recovery_codes WHERE \(owner.condition) AND used_at IS NULL"
        )
        let fitting = try rows.filter { row in
            ConstantTime.isEqual(context.tokens.hash("RECOVERY", try row.get("salt"), typed), try row.get("code_hash"))
        }
        guard let id: String = try fitting.first?.get("id") else { return false }
        let now = context.surroundings.now()
        return try transaction.execute(
            "UPDATE recovery_codes SET used_at = \(now) WHERE id = \(id) AND used_at IS NULL"
        ) == 1
    }
}
