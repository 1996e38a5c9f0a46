import Foundation
public import Records
import Store

/// Showing anew who one is before something sensitive: a new password, address or factor, recovery codes, an export. Good for
/// five minutes, in the session in which it was shown.
public struct StepUp: Sendable {
    let surroundings: Surroundings

    public static let lifetime: Duration = .seconds(300)

    /// Throws ``Refusal/stepUpRequired`` unless the session's holder showed who they are within the last five minutes, by
    /// signing in or since.
    func require(_ live: LiveSession, in transaction: Transaction) throws {
        let since = surroundings.now().adding(.zero - Self.lifetime)
        guard
            try transaction.row(
                "SELECT id FROM auth_sessions WHERE id = \(live.id) AND is_active = 1 AND authenticated_at > \(since)"
            ) != nil
        else { throw Refusal.stepUpRequired }
    }

}

extension LiveSession {
    /// Whether its holder showed who they are within the last five minutes, by signing in or since.
    public func isFresh(at now: Timestamp) -> Bool {
        session.authenticatedAt > now.adding(.zero - StepUp.lifetime)
    }
}

extension SignInService {
    /// Shows anew who one is: by an authenticator's or a recovery code where a second factor is set up, by the password
    /// otherwise. Returns the token that the session goes on with; the one before opens nothing any more. Throws
    /// ``Refusal/wrongCode``, and ``Refusal/locked(until:)`` after five of them.
    public func stepUp(method: SignInMethod, code: String, in live: LiveSession) async throws -> SessionToken {
        let principal = live.principal
        guard let owner = CredentialOwner(principal) else { throw AccessDenied() }
        guard !code.contains("\0"), code.utf8.count <= Self.longestPassword else { throw Refusal.wrongCode }
        let (holder, counter) = try await context.database.read { transaction in
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            let counter = context.factorCounter(of: owner, onDeviceOf: live)
            try checkFactor(counter, in: transaction)
            return (holder, counter)
        }
        let isPassword =
            method == .password ? try await context.hasher.verify(code, against: holder.passwordHash) : false
        let token = try await context.database.write { transaction -> SessionToken? in
            try checkFactor(counter, in: transaction)
            let isRight =
                switch method {
                case .password: isPassword
                case .authenticator, .recovery, .email:
                    try factors.accept(
                        code,
                        method: method,
                        of: holder,
                        challenge: Self.stepUpSubject(live),
                        in: transaction
                    )
                case .newPassword: false
                }
            guard isRight else {
                try recordWrongFactor(of: holder, counter, principal: principal, in: transaction)
                return nil
            }
            return try context.sessions.reauthenticated(live, hasSecondFactor: method != .password, in: transaction)
        }
        guard let token else { throw Refusal.wrongCode }
        return token
    }

    /// Mails a code to step up with, for who has neither password nor authenticator.
    public func sendStepUpCode(in live: LiveSession) async throws {
        guard let owner = CredentialOwner(live.principal) else { throw AccessDenied() }
        try await context.database.write { transaction in
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            try factors.sendCode(for: Self.stepUpSubject(live), to: holder, in: transaction)
        }
    }

    private static func stepUpSubject(_ live: LiveSession) -> String { "step-up:\(live.id)" }
}
