public import Records
import Store

/// Signing in without a password: by a link that is mailed, good for fifteen minutes and once (ACC-23, ACC-24).
public struct MagicLinkService: Sendable {
    let context: AccountContext
    let signIn: SignInService

    public static let lifetime: Duration = .seconds(900)

    /// Mails a link to who has that name. The answer, and the work, are the same for a name that nobody has. A lock after wrong
    /// passwords does not stop it.
    public func request(name: String, at door: SignInService.Door, practice slug: String?, origin: Principal.Origin)
        async throws
    {
        try await signIn.passwords.mailLink(
            .magicLink,
            template: .magicLink,
            page: door == .portal ? "magic-link" : "staff/magic-link",
            lifetime: Self.lifetime,
            name: name,
            at: door,
            practice: slug,
            origin: origin
        )
    }

    /// Signs in by a link. Throws ``Refusal/linkExpired``. Somebody with a second factor gets a challenge.
    public func redeem(
        _ token: String,
        at door: SignInService.Door,
        origin: Principal.Origin,
        client: SessionClient = SessionClient()
    ) async throws -> SignInOutcome {
        guard !token.contains("\0") else { throw Refusal.linkExpired }
        return try await context.database.write { transaction in
            guard let link = try context.tokens.redeem(token, as: .magicLink, in: transaction), let owner = link.owner,
                (owner.accountID != nil) == (door == .portal),
                let holder = try SessionHolder.find(owner, in: transaction),
                let principal = holder.principal(origin: origin)
            else { throw Refusal.linkExpired }
            // The link came to the address: it is theirs.
            if owner.accountID != nil {
                try owner.set(
                    "email_verified_at = COALESCE(email_verified_at, \(context.surroundings.now()))",
                    in: transaction
                )
            }
            let methods = try signIn.factors.methods(for: holder, after: .mailedLink, in: transaction)
            return methods.isEmpty
                ? try signIn.admit(holder, as: principal, client: client, hasSecondFactor: false, in: transaction)
                : .challenge(try signIn.challenge(holder, methods: methods, in: transaction))
        }
    }
}
