import Records
import Store

// What becomes of those who acted for a client who is deleted.

extension ClientDeletion {
    /// The accounts that are there for this client alone: nobody's own, and related to no other client, be it in the past.
    ///
    /// Such an account goes with the client, since nothing is left that its holder's name and address would be kept for. One
    /// that is part of another client's story stays, as that client's history says who acted for them.
    func proxies(of client: ID<Client>, in transaction: Transaction) throws -> [ID<PortalAccountTag>] {
        try transaction.rows(
            """
            SELECT id FROM portal_accounts
            WHERE client_id IS NULL
                AND id IN (SELECT account_id FROM client_relationships WHERE client_id = \(client))
                AND id NOT IN (SELECT account_id FROM client_relationships WHERE client_id <> \(client))
            ORDER BY id
            """
        ).map { try $0.get("id") }
    }

    /// Removes the accounts with all that is theirs: open sessions end with them, mailed links open nothing.
    func remove(_ proxies: [ID<PortalAccountTag>], as principal: Principal, in transaction: Transaction) throws {
        for proxy in proxies {
            try transaction.execute("DELETE FROM portal_accounts WHERE id = \(proxy)")
            try desk.log.append(
                AuditEntry(
                    principal: principal,
                    purpose: .operations,
                    action: "ACCOUNT.DELETE",
                    entity: PortalAccount.table.text,
                    entityID: proxy.text,
                    outcome: .ok
                ),
                at: desk.surroundings.now(),
                in: transaction
            )
        }
    }
}
