import Foundation
public import Records
import Store

/// A new e-mail address: confirmed where it leads to, announced at the old one.
public struct EmailChangeService: Sendable {
    let context: AccountContext
    let stepUp: StepUp

    static let lifetime: Duration = .seconds(86_400)

    /// Mails a link to the new address. The answer is the same when it is somebody else's here; they get no mail.
    public func request(_ address: String, in live: LiveSession) async throws {
        let principal = live.principal
        guard let owner = CredentialOwner(principal) else { throw AccessDenied() }
        let new = try EmailAddress.validated(address)
        try await context.database.write { transaction in
            try stepUp.require(live, in: transaction)
            guard let holder = try SessionHolder.find(owner, in: transaction) else { throw AccessDenied() }
            let isTaken =
                try transaction.row(
                    "SELECT id FROM \(owner.table) WHERE practice_id = \(holder.practice.id) AND (email = \(new) OR username = \(new)) AND id <> \(owner.text)"
                ) != nil
            try context.tokens.revoke([.emailChange], of: owner, in: transaction)
            let secret = try context.tokens.issue(
                .emailChange,
                practice: holder.practice.id,
                owner: owner,
                lifetime: Self.lifetime,
                destination: new,
                in: transaction
            )
            try context.record(
                "EMAIL.CHANGE_REQUEST",
                of: owner,
                client: holder.account?.clientID,
                as: principal,
                in: transaction
            )
            if isTaken { return }
            try context.mail(
                .verifyEmail,
                to: holder,
                address: new,
                ["link": context.link("verify-email", secret: secret)],
                lasting: Self.lifetime,
                in: transaction
            )
        }
    }

    /// Makes the new address the account's. Throws ``Refusal/linkExpired``.
    public func confirm(_ token: String, origin: Principal.Origin) async throws {
        guard !token.contains("\0") else { throw Refusal.linkExpired }
        try await context.database.write { transaction in
            guard let change = try context.tokens.redeem(token, as: .emailChange, in: transaction),
                let owner = change.owner, let new = change.destination?.plaintext,
                let holder = try SessionHolder.find(owner, in: transaction),
                let principal = holder.principal(origin: origin)
            else { throw Refusal.linkExpired }
            let now = context.surroundings.now()
            // Told first, while the old address is still the holder's.
            try context.mail(.emailChanged, to: holder, in: transaction)
            // Where the address is the name, too, that goes with it.
            try owner.set(
                "username = CASE WHEN username = email THEN \(new) ELSE username END, email = \(new), updated_at = \(now)",
                in: transaction
            )
            if owner.accountID != nil { try owner.set("email_verified_at = \(now)", in: transaction) }
            if let account = holder.account {
                try context.linkConsents(to: account.id, of: holder.practice.id, in: transaction)
            }
            try context.tokens.revoke([.magicLink, .reset], of: owner, in: transaction)
            try context.tell(
                holder,
                type: "account.email-changed",
                title: "Your e-mail address was changed",
                message: "If that was not you, tell the practice.",
                in: transaction
            )
            try context.record(
                "EMAIL.CHANGE",
                of: owner,
                client: holder.account?.clientID,
                as: principal,
                in: transaction
            )
        }
    }
}

/// An e-mail address as it is stored: in lower case.
enum EmailAddress {
    /// Throws ``Refusal/invalid(pointer:message:remedy:)`` for what no mail can be sent to.
    static func validated(_ text: String, pointer: String = "/email") throws -> String {
        let address = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = address.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.value > 32 && scalar.value != 127
                && !"<>(),;:\\\"[]".unicodeScalars.contains(scalar)
        }
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty,
            local.utf8.count <= 64, domain.contains("."), !domain.hasPrefix("."), !domain.hasSuffix("."),
            address.utf8.count <= 254, isPlain
        else {
            throw Refusal.invalid(
                pointer: pointer,
                message: "This is not an e-mail address.",
                remedy: "Write it like name@mail.example."
            )
        }
        return address
    }
}
