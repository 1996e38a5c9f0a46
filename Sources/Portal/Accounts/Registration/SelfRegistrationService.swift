import Foundation
public import Records
public import Store

/// What somebody says who says they are a client.
public struct ClaimedDetails: Sendable, Codable, Hashable {
    public var firstName: String
    public var lastName: String
    /// `yyyy-MM-dd`.
    public var birthDate: String
    public var email: String

    public init(firstName: String, lastName: String, birthDate: String, email: String) {
        self.firstName = firstName
        self.lastName = lastName
        self.birthDate = birthDate
        self.email = email
    }
}

/// A claim that the staff look at.
public struct RegistrationRequest: Sendable, Codable {
    public enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case open = "OPEN", approved = "APPROVED", rejected = "REJECTED"
    }

    static let table: SQL.Name = "registration_requests"

    public var id: ID<RegistrationRequest>
    var practiceID: ID<Practice>
    var details: SealedText
    public var state: State
    var decidedByUserID: ID<StaffMember>?
    public var decidedAt: Timestamp?
    public var createdAt: Timestamp
    var updatedAt: Timestamp

    public var claim: ClaimedDetails? {
        try? JSONDecoder().decode(ClaimedDetails.self, from: Data(details.plaintext.utf8))
    }
}

/// Registration without an invitation (ACC-05): answers the same whether or not there is such a client.
public struct SelfRegistrationService: Sendable {
    let context: AccountContext
    let invitations: InvitationService

    /// Takes a claim. Where it fits exactly one client with portal access and no account, and the address is the one on record,
    /// the invitation is mailed there; else the staff look at it. Either way the answer is the same.
    public func claim(_ details: ClaimedDetails, practice slug: String?, origin: Principal.Origin) async throws {
        var details = details
        details.email = try EmailAddress.validated(details.email)
        let claim = details
        guard [claim.firstName, claim.lastName].allSatisfy({ (1...100).contains($0.count) && !$0.contains("\0") }),
            Age.years(from: claim.birthDate, on: context.surroundings.now().day(in: .gmt)) != nil,
            claim.birthDate.utf8.count == 10, slug?.contains("\0") != true
        else {
            throw Refusal.invalid(
                pointer: "/birth_date",
                message: "Names and date of birth are needed.",
                remedy: "Write the date as year-month-day, such as 1990-05-17."
            )
        }
        try await context.database.write { transaction in
            try context.throttle.checkAddress(origin, in: transaction)
            try context.throttle.failAddress(origin, in: transaction)
            guard
                let practice = try transaction.fetchOne(
                    Practice.self,
                    slug.map { "SELECT * FROM practices WHERE slug = \($0)" }
                        ?? "SELECT * FROM practices ORDER BY created_at LIMIT 1"
                )
            else { return }
            let principal = Principal(
                practiceID: practice.id,
                identity: .system(work: "registration"),
                origin: origin
            )
            try context.record("REGISTRATION.CLAIM", of: nil, as: principal, in: transaction)
            if let client = try match(claim, in: practice, transaction),
                (try? invitations.invite(client, by: .selfClaim, address: claim.email, staff: nil, in: transaction))
                    != nil
            {
                return
            }
            try queue(claim, practice: practice.id, in: transaction)
        }
    }

    /// The one client that all of it fits.
    private func match(_ claim: ClaimedDetails, in practice: Practice, _ transaction: Transaction) throws -> Client? {
        let born = try transaction.rows(
            "SELECT * FROM clients WHERE practice_id = \(practice.id) AND birth_date = \(claim.birthDate) AND status = 'ACTIVE'"
        )
        let fitting = try born.filter { row in
            let client = try transaction.decode(Client.self, from: row)
            return GuessableText.fold(client.lastName) == GuessableText.fold(claim.lastName)
                && [client.firstName, client.preferredName ?? client.firstName].map(GuessableText.fold)
                    .contains(GuessableText.fold(claim.firstName))
        }
        guard fitting.count == 1, let row = fitting.first, row["email"] == .text(claim.email) else { return nil }
        let client = try transaction.decode(Client.self, from: row)
        let account = try invitations.accounts.account(of: client, in: transaction)?.account
        return client.portalEnabled && (account == nil || account?.status == .pending) ? client : nil
    }

    private func queue(_ claim: ClaimedDetails, practice: ID<Practice>, in transaction: Transaction) throws {
        let now = context.surroundings.now()
        try transaction.insert(
            RegistrationRequest(
                id: context.surroundings.newID(),
                practiceID: practice,
                details: SealedText(String(decoding: try JSONEncoder().encode(claim), as: UTF8.self)),
                state: .open,
                createdAt: now,
                updatedAt: now
            ),
            into: RegistrationRequest.table,
            sealing: sealer(practice)
        )
    }

    private func sealer(_ practice: ID<Practice>) throws -> ColumnSealer {
        try context.vault.sealer(for: MailRecord.keyOwner(practice: practice, client: nil))
    }

    // MARK: - By staff

    /// What is done about claims: of those who look after the accounts of the whole practice, since a claim names no client
    /// before it is decided. Throws ``AccessDenied``.
    private func perform<Result: Sendable>(
        _ act: String,
        _ action: AccessAction,
        _ id: ID<RegistrationRequest>? = nil,
        as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await context.gate.performForPractice(
            act,
            action,
            on: .account,
            as: principal,
            entity: "registration_requests",
            entityID: id?.text,
            body
        )
    }

    /// Open claims, the oldest first.
    public func requests(as principal: Principal) async throws -> [RegistrationRequest] {
        try await perform("REGISTRATION.LIST", .read, as: principal) { transaction in
            try transaction.fetch(
                RegistrationRequest.self,
                """
                SELECT * FROM registration_requests
                WHERE practice_id = \(principal.practiceID) AND state = 'OPEN' ORDER BY created_at, id LIMIT 200
                """,
                sealing: sealer(principal.practiceID)
            )
        }
    }

    /// Says which client it is: portal access is turned on, and the invitation is mailed to the address of the claim.
    public func approve(_ id: ID<RegistrationRequest>, as client: ID<Client>, by principal: Principal) async throws {
        try await invitations.accounts.administer("INVITATION.CREATE", .create, client, as: principal) {
            client,
            transaction in
            try context.policy.grantPractice(
                .create,
                on: .account,
                to: principal,
                act: "REGISTRATION.APPROVE",
                entity: "registration_requests",
                entityID: id.text,
                in: transaction
            )
            guard let claim = try decide(id, .approved, by: principal, in: transaction)?.claim else {
                throw RecordNotFound()
            }
            try invitations.accounts.setPortalEnabled(true, for: client, in: transaction)
            _ = try invitations.invite(
                client,
                by: .email,
                address: claim.email,
                staff: principal.staffID,
                in: transaction
            )
        }
    }

    public func reject(_ id: ID<RegistrationRequest>, by principal: Principal) async throws {
        try await perform("REGISTRATION.REJECT", .change, id, as: principal) { transaction in
            guard try decide(id, .rejected, by: principal, in: transaction) != nil else { throw RecordNotFound() }
        }
    }

    private func decide(
        _ id: ID<RegistrationRequest>,
        _ state: RegistrationRequest.State,
        by principal: Principal,
        in transaction: Transaction
    ) throws -> RegistrationRequest? {
        let now = context.surroundings.now()
        let row = try transaction.row(
            """
            UPDATE registration_requests
            SET state = \(state), decided_by_user_id = \(principal.staffID), decided_at = \(now), updated_at = \(now)
            WHERE id = \(id) AND practice_id = \(principal.practiceID) AND state = 'OPEN'
            RETURNING *
            """
        )
        return try row.map {
            try transaction.decode(RegistrationRequest.self, from: $0, sealing: sealer(principal.practiceID))
        }
    }
}
