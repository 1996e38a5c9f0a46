public import Store

extension ClientGate {
    /// Opens a record for what takes longer to think about than others should wait for the store: `look` reads a snapshot,
    /// `think` takes its time without holding anything, and `settle` has a transaction of its own, in which the right is
    /// decided anew and put on record.
    ///
    /// The look is on record with what follows it: the deed, a refusal, or a failed attempt. Nothing of it may be given to
    /// anybody before `settle` has come through.
    ///
    /// - Parameters:
    ///   - attempts: how often to look and think again when `settle` finds that what it was thought from has changed.
    ///   - settle: nil when that is so; nothing is written then.
    ///   - atLast: settles it after so many attempts, all in one transaction.
    public func deliberate<Seen: Sendable, Thought: Sendable, Result: Sendable>(
        _ action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        as principal: Principal,
        purpose: Purpose,
        entity: String,
        entityID: String? = nil,
        attempts: Int,
        look: @escaping @Sendable (ClientAccess) throws -> Seen,
        think: @Sendable (Seen) async throws -> Thought,
        settle: @escaping @Sendable (ClientAccess, Transaction, Thought) throws -> Result?,
        atLast: @escaping @Sendable (ClientAccess, Transaction) throws -> Result
    ) async throws -> Result {
        @Sendable func granted(_ transaction: Transaction) throws -> ClientAccess {
            try policy.grant(
                action,
                on: area,
                of: clientID,
                to: principal,
                purpose: purpose,
                entity: entity,
                entityID: entityID,
                in: transaction
            )
        }
        return try await recordingRefusals(
            of: action,
            on: area,
            of: clientID,
            as: principal,
            purpose: purpose,
            entity: entity,
            entityID: entityID,
            act: nil
        ) {
            for _ in 0..<attempts {
                let seen = try await database.read { transaction in
                    try look(
                        policy.look(action, on: area, of: clientID, to: principal, purpose: purpose, in: transaction)
                    )
                }
                let thought = try await think(seen)
                do {
                    return try await database.write { transaction in
                        guard let result = try settle(granted(transaction), transaction, thought) else {
                            throw Outdated()
                        }
                        return result
                    }
                } catch is Outdated {}
            }
            return try await database.write { try atLast(granted($0), $0) }
        }
    }

    /// What was thought was thought from what is no longer so.
    private struct Outdated: Error {}
}
