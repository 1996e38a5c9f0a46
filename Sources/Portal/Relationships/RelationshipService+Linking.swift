import Crypto
import Records
import Store

// Consents for somebody who had no account yet.

extension RelationshipService {
    static let linkKind = "consent.link"

    /// By which a consent for an address is found without the address being readable. Keyed, so that nobody who holds the
    /// database can try addresses.
    func recipientHash(_ email: String, in practice: ID<Practice>) -> String {
        let text = "\(practice)|\(email.lowercased())"
        return Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: recipientKey)))
    }

    /// Links the consents that were given to an account's address before there was the account. Those that are withdrawn or
    /// over, and those that were linked once, stay as they are.
    var linkHandler: WorkHandler {
        WorkHandler(Self.linkKind) { item, transaction in
            guard let id = ID<PortalAccountTag>(item.subjectID),
                let account = try transaction.fetchOne(
                    PortalAccount.self,
                    """
                    SELECT * FROM portal_accounts
                    WHERE id = \(id) AND practice_id = \(item.practiceID) AND status = 'ACTIVE'
                    """
                )
            else { return }
            let waiting = try transaction.rows(
                """
                SELECT id, client_id FROM consents
                WHERE recipient_hash = \(recipientHash(account.email, in: item.practiceID))
                  AND kind = 'FAMILY_ACCESS' AND state = 'GRANTED'
                  AND (expires_at IS NULL OR expires_at > \(surroundings.now()))
                  AND NOT EXISTS (SELECT 1 FROM client_relationships AS r WHERE r.consent_id = consents.id)
                ORDER BY granted_at, id
                """
            )
            for row in waiting {
                let client: ID<Client> = try row.get("client_id")
                guard client != account.clientID else { continue }
                let consent: ID<Consent> = try row.get("id")
                let access = try gate.policy.grant(
                    .read,
                    on: .consents,
                    of: client,
                    to: .system(item.kind, practice: item.practiceID),
                    purpose: .automation,
                    entity: "consents",
                    entityID: consent.text,
                    in: transaction
                )
                let given = try access.one(consent)
                guard let kind = given.relationshipKind else { continue }
                try link(account, kind, given, access)
            }
        }
    }
}

extension AccountContext {
    /// Has the consents looked for that were given to the address of an account before it had it.
    func linkConsents(to account: ID<PortalAccountTag>, of practice: ID<Practice>, in transaction: Transaction) throws {
        let now = surroundings.now()
        try WorkRequest(
            RelationshipService.linkKind,
            subject: account.text,
            dedupeKey: "\(account):\(now.milliseconds)"
        ).enqueue(practice: practice, client: nil, now: now, ids: surroundings, transaction: transaction)
    }
}
