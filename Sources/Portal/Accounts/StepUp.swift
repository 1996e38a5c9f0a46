import Foundation
public import Records
import Store

/// Showing anew who one is before something sensitive: a new password, address or factor, recovery codes, an export. Good for
/// five minutes, in the session in which it was shown.
public struct StepUp: Sendable {
    let database: Database
    let surroundings: Surroundings

    public static let lifetime: Duration = .seconds(300)

    /// Throws ``Refusal/stepUpRequired`` unless the session of `token` is `principal`'s and was stepped up lately.
    func require(_ token: String, of principal: Principal, in transaction: Transaction) throws {
        let since = surroundings.now().adding(.zero - Self.lifetime)
        guard let owner = CredentialOwner(principal),
            try transaction.row(
                """
                SELECT id FROM auth_sessions
                WHERE token_hash = \(SessionToken.hash(token)) AND \(owner.condition) AND step_up_at > \(since)
                """
            ) != nil
        else { throw Refusal.stepUpRequired }
    }

    /// The same for services of other areas, such as exports.
    public func require(_ token: String, of principal: Principal) async throws {
        try await database.read { transaction in try require(token, of: principal, in: transaction) }
    }

    func mark(_ token: String, of owner: CredentialOwner, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE auth_sessions SET step_up_at = \(surroundings.now()) WHERE token_hash = \(SessionToken.hash(token)) AND \(owner.condition)"
        )
    }
}

extension SignInService {
    /// Shows anew who one is: by an authenticator's or a recovery code where a second factor is set up, by the password
    /// otherwise. Throws ``Refusal/wrongCode``, and ``Refusal/locked(until:)`` after five of them.
    public func stepUp(method: SignInMethod, code: String, token: String, as principal: Principal) async throws {
        guard let owner = CredentialOwner(principal) else { throw AccessDenied() }
        guard !code.contains("\0"), code.utf8.count <= Self.longestPassword else { throw Refusal.wrongCode }
        let holder = try await context.database.read { transaction -> SessionHolder in
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            try checkFactor(of: holder, in: transaction)
            return holder
        }
        let isPassword = method == .password ? try await context.hasher.verify(code, against: holder.passwordHash) : false
        let isRight = try await context.database.write { transaction -> Bool in
            try checkFactor(of: holder, in: transaction)
            let isRight =
                switch method {
                case .password: isPassword
                case .authenticator, .recovery, .email:
                    try factors.accept(
                        code,
                        method: method,
                        of: holder,
                        challenge: Self.stepUpSubject(token),
                        in: transaction
                    )
                case .newPassword: false
                }
            if isRight {
                try factors.stepUp.mark(token, of: owner, in: transaction)
                try context.record("SESSION.STEP_UP", of: owner, client: holder.account?.clientID, as: principal, in: transaction)
            } else {
                try recordWrongFactor(of: holder, principal: principal, in: transaction)
            }
            return isRight
        }
        if !isRight { throw Refusal.wrongCode }
    }

    /// Mails a code to step up with, for who has neither password nor authenticator.
    public func sendStepUpCode(token: String, as principal: Principal) async throws {
        guard let owner = CredentialOwner(principal) else { throw AccessDenied() }
        try await context.database.write { transaction in
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            try factors.sendCode(for: Self.stepUpSubject(token), to: holder, in: transaction)
        }
    }

    private static func stepUpSubject(_ token: String) -> String { "step-up:\(token)" }
}
