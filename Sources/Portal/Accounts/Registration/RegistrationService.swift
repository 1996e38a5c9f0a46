import Foundation
public import Records
import Store

/// Registration by an invitation, step by step, to be resumed on any device by whoever holds the resume token.
///
/// The account comes into being with the credentials, and can be used once the last step is done.
public struct RegistrationService: Sendable {
    let context: AccountContext
    let invitations: InvitationService
    let passwords: PasswordService
    let factors: SecondFactorService
    let terms: TermsService
    let preferences: PreferenceService

    static let lifetime: Duration = .seconds(7 * 86_400)

    /// Begins, or begins anew. Returns the token to go on with, and where one stands.
    ///
    /// Throws ``Refusal/linkExpired`` for a code that is unknown, used or out of date, and for a wrong date of birth.
    public func start(code: String, birthDate: String?, origin: Principal.Origin) async throws -> (
        token: String, registration: Registration
    ) {
        guard !code.contains("\0"), code.utf8.count <= 200 else { throw Refusal.linkExpired }
        let begun = try await context.database.write { transaction -> (String, Registration)? in
            try context.throttle.checkAddress(origin, in: transaction)
            guard let (invitation, client) = try invitations.open(code, birthDate: birthDate, in: transaction) else {
                // Kept, so that codes cannot be guessed from one address.
                try context.throttle.failAddress(origin, in: transaction)
                return nil
            }
            try invitations.accounts.mayHaveAccount(client, in: transaction)
            try transaction.execute("DELETE FROM registrations WHERE client_id = \(client.id) AND step <> 'DONE'")
            let now = context.surroundings.now()
            let token = OneTimeSecret.link(context.surroundings.random)
            let registration = Registration(
                id: context.surroundings.newID(),
                practiceID: client.practiceID,
                clientID: client.id,
                invitationID: invitation.id,
                resumeHash: context.tokens.hash("REGISTRATION", token),
                step: invitation.channel.showsAddress ? .credentials : .verify,
                email: invitation.channel.showsAddress ? invitation.destination : nil,
                expiresAt: now.adding(Self.lifetime),
                createdAt: now,
                updatedAt: now
            )
            try transaction.insert(registration, into: Registration.table, sealing: sealer(client.id))
            try record("REGISTRATION.START", registration, origin: origin, in: transaction)
            return (token, registration)
        }
        guard let begun else { throw Refusal.linkExpired }
        return (begun.0, begun.1)
    }

    /// Where one stands. Throws ``Refusal/linkExpired``.
    public func resume(_ token: String) async throws -> Registration {
        try await context.database.read { transaction in try find(token, in: transaction).0 }
    }

    // MARK: - Verify

    /// Mails a code to an address. At most three.
    public func sendCode(_ token: String, to email: String) async throws -> Registration {
        let address = try EmailAddress.validated(email)
        return try await step(token, .verify) { registration, client, transaction in
            let now = context.surroundings.now()
            let sent = try transaction.count(
                "SELECT COUNT(*) AS count FROM auth_tokens WHERE subject_id = \(registration.id.text) AND created_at > \(now.adding(.seconds(-900)))"
            )
            guard sent < PasswordService.mailsPerQuarterHour else {
                throw Refusal.conflict(
                    "Enough codes were sent for now. Look for the last one in your mail, or ask again in a quarter of an hour."
                )
            }
            try transaction.execute(
                "UPDATE auth_tokens SET used_at = \(now) WHERE subject_id = \(registration.id.text) AND used_at IS NULL"
            )
            let code = try context.tokens.issue(
                .emailVerify,
                practice: client.practiceID,
                owner: nil,
                lifetime: SecondFactorService.codeLifetime,
                subject: registration.id.text,
                secret: OneTimeSecret.digits(context.surroundings.random),
                in: transaction
            )
            registration.email = SealedText(address)
            try MailRequest(
                .verifyCode,
                to: address,
                locale: client.language ?? "en",
                parameters: MailRequest.validity(SecondFactorService.codeLifetime, of: .verifyCode)
                    .merging(["code": code]) { $1 }
            ).enqueue(
                practice: client.practiceID,
                client: client.id,
                expiresAt: now.adding(SecondFactorService.codeLifetime),
                vault: context.vault,
                surroundings: context.surroundings,
                transaction: transaction
            )
        }
    }

    /// Throws ``Refusal/wrongCode``.
    public func verify(_ token: String, code: String) async throws -> Registration {
        guard !code.contains("\0"), code.utf8.count <= 64 else { throw Refusal.wrongCode }
        let outcome = try await context.database.write { transaction -> Registration? in
            var (registration, client) = try find(token, in: transaction)
            guard registration.step == .verify else { throw outOfOrder(registration) }
            // A try counts on the code that is out, whether right or wrong.
            let live = try transaction.execute(
                """
                UPDATE auth_tokens SET attempts = attempts + 1
                WHERE subject_id = \(registration.id.text) AND used_at IS NULL AND attempts < \(OneTimeTokens.maximumAttempts)
                """
            )
            guard live > 0,
                try context.tokens.redeem(
                    code: code,
                    as: .emailVerify,
                    subject: registration.id.text,
                    in: transaction
                ) != nil
            else { return nil }
            registration.step = .credentials
            try save(&registration, of: client, in: transaction)
            return registration
        }
        guard let outcome else { throw Refusal.wrongCode }
        return outcome
    }

    // MARK: - Credentials

    /// Chooses a name, and a password unless one wants to sign in by mailed links alone (ACC-12, ACC-25).
    public func setCredentials(_ token: String, username: String?, password: String?) async throws -> Registration {
        let (registration, client, practice) = try await context.database.read { transaction in
            let (registration, client) = try find(token, in: transaction)
            guard
                let practice = try transaction.fetchOne(
                    Practice.self,
                    "SELECT * FROM practices WHERE id = \(client.practiceID)"
                )
            else { throw Refusal.linkExpired }
            return (registration, client, practice)
        }
        guard registration.step == .credentials, let email = registration.email?.plaintext else {
            throw outOfOrder(registration)
        }
        let name = try username.map { try Username.validated($0) } ?? email
        let context = context
        let known = [
            practice.name, practice.slug, "bellwether", name, email, client.firstName, client.lastName,
            client.preferredName ?? "", client.birthDate,
        ]
        let isSecondRequired = practice.settings.secondFactors[PortalAccount.Kind.client.rawValue] == .required
        guard password.map({ $0.utf8.count <= SignInService.longestPassword }) ?? true else {
            throw Refusal.weakPassword([.tooLong(maximum: PasswordRules.maximum)])
        }
        var prepared: PasswordService.Prepared?
        if let password {
            prepared = try await passwords.prepare(
                password,
                context: known,
                hasSecondFactor: isSecondRequired,
                former: []
            )
        }
        let stored = prepared
        return try await step(token, .credentials) { registration, client, transaction in
            try invitations.accounts.mayHaveAccount(client, in: transaction)
            try invitations.accounts.refuseTaken(name, email, practice: client.practiceID, in: transaction)
            let now = context.surroundings.now()
            var account = PortalAccount(
                id: context.surroundings.newID(),
                practiceID: client.practiceID,
                clientID: client.id,
                username: name,
                email: email,
                passwordHash: stored.map { passwords.hash(of: $0) },
                locale: client.language ?? "en",
                createdAt: now
            )
            account.status = .pending
            try transaction.insert(account, into: PortalAccount.table)
            let owner = CredentialOwner.account(account.id)
            try owner.set("email_verified_at = \(now)", in: transaction)
            if let stored { try passwords.remember(stored, of: owner, in: transaction) }
            registration.accountID = account.id
            registration.step = .secondFactor
        }
    }

    // MARK: - Second factor

    public func enrol(_ token: String, _ kind: SecondFactor.Kind) async throws -> FactorEnrolment {
        try await context.database.write { transaction in
            let (registration, _) = try find(token, in: transaction)
            guard registration.step == .secondFactor else { throw outOfOrder(registration) }
            return try factors.enrol(kind, of: holder(registration, in: transaction), in: transaction)
        }
    }

    /// Returns the recovery codes.
    public func confirm(_ token: String, _ kind: SecondFactor.Kind, code: String) async throws -> (
        registration: Registration, recoveryCodes: [String]
    ) {
        try await context.database.write { transaction in
            var (registration, client) = try find(token, in: transaction)
            guard registration.step == .secondFactor else { throw outOfOrder(registration) }
            let codes = try factors.confirm(
                kind,
                code: code,
                of: holder(registration, in: transaction),
                in: transaction
            )
            registration.step = registration.step.next
            try save(&registration, of: client, in: transaction)
            return (registration, codes)
        }
    }

    /// Goes on without one, where the practice allows it.
    public func skipSecondFactor(_ token: String) async throws -> Registration {
        try await step(token, .secondFactor) { registration, _, transaction in
            guard try holder(registration, in: transaction).secondFactorPolicy != .required else {
                throw Refusal.conflict("The practice asks for a second factor. Set one up to go on.")
            }
            registration.step = registration.step.next
        }
    }

    // MARK: - What the steps share

    func step(
        _ token: String,
        _ expected: Registration.Step,
        _ body: @escaping @Sendable (inout Registration, Client, Transaction) throws -> Void
    ) async throws -> Registration {
        try await context.database.write { transaction in
            var (registration, client) = try find(token, in: transaction)
            guard registration.step == expected else { throw outOfOrder(registration) }
            try body(&registration, client, transaction)
            try save(&registration, of: client, in: transaction)
            return registration
        }
    }

    func outOfOrder(_ registration: Registration) -> Refusal {
        .conflict("The next step is \(registration.step.rawValue). Steps are taken in order.")
    }

    private func find(_ token: String, in transaction: Transaction) throws -> (Registration, Client) {
        let now = context.surroundings.now()
        guard !token.contains("\0"),
            let row = try transaction.row(
                """
                SELECT * FROM registrations
                WHERE resume_hash = \(context.tokens.hash("REGISTRATION", token)) AND expires_at > \(now)
                """
            ),
            let client = try transaction.fetchOne(
                Client.self,
                "SELECT * FROM clients WHERE id = \(row.get("client_id", as: ID<Client>.self))"
            ), client.portalEnabled
        else { throw Refusal.linkExpired }
        let registration = try transaction.decode(Registration.self, from: row, sealing: sealer(client.id))
        return (registration, client)
    }

    private func save(_ registration: inout Registration, of client: Client, in transaction: Transaction) throws {
        registration.updatedAt = context.surroundings.now()
        try transaction.update(
            registration,
            in: Registration.table,
            where: "id = \(registration.id)",
            sealing: sealer(client.id)
        )
    }

    private func sealer(_ client: ID<Client>) throws -> ColumnSealer {
        try context.vault.sealer(for: AccessPolicy.keyOwner(client))
    }

    func holder(_ registration: Registration, in transaction: Transaction) throws -> SessionHolder {
        guard let id = registration.accountID, let holder = try SessionHolder.find(.account(id), in: transaction) else {
            throw Refusal.linkExpired
        }
        return holder
    }

    private func record(
        _ action: String,
        _ registration: Registration,
        origin: Principal.Origin,
        in transaction: Transaction
    )
        throws
    {
        let principal = Principal(
            practiceID: registration.practiceID,
            identity: .system(work: "registration"),
            origin: origin
        )
        try context.record(action, of: nil, client: registration.clientID, as: principal, in: transaction)
    }
}
