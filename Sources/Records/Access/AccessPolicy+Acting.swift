public import Store

extension AccessPolicy {
    /// What an account is to a client today through a relationship; nil when it is nothing. Not an access: it opens nothing.
    public func proxyRelation(of principal: Principal, to clientID: ID<Client>, in transaction: Transaction)
        throws(StoreError) -> Relation?
    {
        try proxyship(of: principal, to: clientID, at: surroundings.now(), in: transaction)?.relation
    }

    /// The clients for whom an account may act today, with what it is to each.
    public func actingChoices(of principal: Principal, in transaction: Transaction) throws(StoreError)
        -> [(client: Client, relation: Relation)]
    {
        guard let account = principal.accountID else { return [] }
        let now = surroundings.now()
        let candidates = try transaction.fetch(
            Client.self,
            """
            SELECT * FROM clients WHERE practice_id = \(principal.practiceID) AND id IN
                (SELECT client_id FROM client_relationships WHERE account_id = \(account) AND status = 'APPROVED')
            ORDER BY last_name, first_name, id
            """
        )
        var choices: [(client: Client, relation: Relation)] = []
        for client in candidates {
            if let proxyship = try Proxyship.inForce(of: account, to: client, at: now, in: transaction) {
                choices.append((client, proxyship.relation))
            }
        }
        return choices
    }

    /// The areas that an account may read of a client today, for telling the client who sees what.
    public func readableAreas(of account: ID<PortalAccountTag>, on client: Client, in transaction: Transaction)
        throws(StoreError) -> [DataArea]
    {
        guard
            let proxyship = try Proxyship.inForce(of: account, to: client, at: surroundings.now(), in: transaction)
        else { return [] }
        return DataArea.allCases.filter { area in
            table.cell(proxyship.row, in: area).flatMap { proxyship.reach($0, .read, in: area) } != nil
        }
    }
}
