import Foundation
public import Records
public import Store

/// An invitation of a client to the portal. The code itself is known to who was given it.
public struct Invitation: Sendable, Codable {
    public enum Channel: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// A link by e-mail.
        case email = "EMAIL"
        /// A link to be scanned at the practice.
        case qr = "QR"
        /// A short code on paper, to be typed.
        case paper = "PAPER"
        /// Mailed to the address on record after somebody said who they are.
        case selfClaim = "SELF"

        /// How long a code is good for.
        var lifetime: Duration {
            switch self {
            case .email, .selfClaim: .seconds(7 * 86_400)
            case .qr: .seconds(3600)
            case .paper: .seconds(14 * 86_400)
            }
        }

        /// Whether whoever holds the code has shown that they read the address.
        var showsAddress: Bool { self == .email || self == .selfClaim }
    }

    public enum Status: String, Sendable, Codable, SQLConvertible {
        case sent = "SENT", opened = "OPENED", used = "USED", revoked = "REVOKED"
    }

    static let table: SQL.Name = "invitations"
    /// Wrong dates of birth that a code on paper bears.
    static let maximumAttempts = 5

    public var id: ID<Invitation>
    var practiceID: ID<Practice>
    var clientID: ID<Client>
    public var channel: Channel
    var destination: SealedText?
    var codeHash: String
    var attempts: Int
    public var status: Status
    public var expiresAt: Timestamp
    var createdByUserID: ID<StaffMember>?
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// What staff hand over: a code to print, or a link to draw.
public struct IssuedInvitation: Sendable {
    public let invitation: Invitation
    /// Shown this once; nil for mail, where nobody but the recipient sees it.
    public let code: String?
    public let link: String?
}

/// Invitations by staff (ACC-01, ACC-03, ACC-04).
public struct InvitationService: Sendable {
    let context: AccountContext
    let accounts: AccountAdministration

    /// Invites a client, and turns portal access on with it. An earlier invitation ends.
    ///
    /// - Parameter email: where it goes; needed for ``Invitation/Channel/email``.
    public func invite(
        _ id: ID<Client>,
        by channel: Invitation.Channel,
        email: String? = nil,
        as principal: Principal
    ) async throws -> IssuedInvitation {
        let address = try email.map { try EmailAddress.validated($0) }
        guard channel != .email || address != nil else {
            throw Refusal.invalid(
                pointer: "/email",
                message: "The address is missing.",
                remedy: "Say where to send it."
            )
        }
        return try await accounts.administer("INVITATION.CREATE", .create, id, as: principal) { client, transaction in
            try accounts.setPortalEnabled(true, for: client, in: transaction)
            return try invite(client, by: channel, address: address, staff: principal.staffID, in: transaction)
        }
    }

    func invite(
        _ client: Client,
        by channel: Invitation.Channel,
        address: String?,
        staff: ID<StaffMember>?,
        in transaction: Transaction
    ) throws -> IssuedInvitation {
        try accounts.mayHaveAccount(client, in: transaction)
        let now = context.surroundings.now()
        try transaction.execute(
            "UPDATE invitations SET status = 'REVOKED', updated_at = \(now) WHERE client_id = \(client.id) AND status IN ('SENT', 'OPENED')"
        )
        let random = context.surroundings.random
        let code = channel == .paper ? OneTimeSecret.paper(random) : OneTimeSecret.link(random)
        let invitation = Invitation(
            id: context.surroundings.newID(),
            practiceID: client.practiceID,
            clientID: client.id,
            channel: channel,
            destination: address.map { SealedText($0) },
            codeHash: hash(code),
            attempts: 0,
            status: .sent,
            expiresAt: now.adding(channel.lifetime),
            createdByUserID: staff,
            createdAt: now,
            updatedAt: now
        )
        try transaction.insert(
            invitation,
            into: Invitation.table,
            sealing: context.vault.sealer(for: AccessPolicy.keyOwner(client.id))
        )
        let link = context.link("register", secret: code)
        if channel.showsAddress, let address {
            try MailRequest(
                .invitation,
                to: address,
                locale: client.language ?? "en",
                parameters: MailRequest.validity(invitation.channel.lifetime, of: .invitation).merging(["link": link]) {
                    $1
                }
            ).enqueue(
                practice: client.practiceID,
                client: client.id,
                expiresAt: invitation.expiresAt,
                vault: context.vault,
                surroundings: context.surroundings,
                transaction: transaction
            )
            return IssuedInvitation(invitation: invitation, code: nil, link: nil)
        }
        return IssuedInvitation(invitation: invitation, code: code, link: channel == .qr ? link : nil)
    }

    /// Links and typed codes: a code is the same however it is written.
    func hash(_ code: String) -> String {
        let normalized = code.utf8.count <= 20 ? OneTimeSecret.normalized(code) : code
        return context.tokens.hash("INVITATION", normalized)
    }

    /// The live invitation behind a code. A code that others may have seen takes the client's date of birth beside it; five
    /// wrong ones end it. Nil for everything else.
    func open(_ code: String, birthDate: String?, in transaction: Transaction) throws -> (Invitation, Client)? {
        let now = context.surroundings.now()
        guard
            let row = try transaction.row(
                """
                UPDATE invitations SET attempts = attempts + 1, updated_at = \(now)
                WHERE code_hash = \(hash(code)) AND status IN ('SENT', 'OPENED') AND expires_at > \(now)
                    AND attempts < \(Invitation.maximumAttempts)
                RETURNING *
                """
            ),
            let client = try transaction.fetchOne(
                Client.self,
                "SELECT * FROM clients WHERE id = \(row.get("client_id", as: ID<Client>.self))"
            ), client.portalEnabled
        else { return nil }
        let invitation = try transaction.decode(
            Invitation.self,
            from: row,
            sealing: context.vault.sealer(for: AccessPolicy.keyOwner(client.id))
        )
        if !invitation.channel.showsAddress, birthDate != client.birthDate { return nil }
        try transaction.execute(
            "UPDATE invitations SET status = 'OPENED', attempts = 0 WHERE id = \(invitation.id)"
        )
        return (invitation, client)
    }
}
