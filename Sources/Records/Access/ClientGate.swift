public import Store

/// The one door to client data: a transaction together with the access that was granted in it.
public struct ClientGate: Sendable {
    public let database: Database
    public let policy: AccessPolicy
    public let surroundings: Surroundings

    public init(database: Database, policy: AccessPolicy, surroundings: Surroundings) {
        self.database = database
        self.policy = policy
        self.surroundings = surroundings
    }

    /// Runs `body` with access to one client's record, in one transaction with its audit record. A refusal rolls back,
    /// is put on record in a transaction of its own, and throws ``AccessDenied``; so does asking for a record that is
    /// not there or is another client's, which throws ``RecordNotFound``.
    ///
    /// - Parameter reason: why a masked record is revealed; see ``AccessPolicy/grant(_:on:of:to:purpose:entity:entityID:reason:in:)``.
    public func open<Result: Sendable>(
        _ action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        as principal: Principal,
        purpose: Purpose,
        entity: String,
        entityID: String? = nil,
        reason: String? = nil,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.write { transaction in
                try body(
                    policy.grant(
                        action,
                        on: area,
                        of: clientID,
                        to: principal,
                        purpose: purpose,
                        entity: entity,
                        entityID: entityID,
                        reason: reason,
                        in: transaction
                    )
                )
            }
        } catch  where error is AccessDenied || error is RecordNotFound {
            let missing = error is RecordNotFound ? entityID : nil
            try await database.write { transaction in
                try policy.recordDenial(
                    of: action,
                    on: area,
                    client: clientID.text,
                    missing: missing,
                    to: principal,
                    entity: entity,
                    in: transaction
                )
            }
            throw error
        }
    }

    /// Runs `body` with a reading of one area across all clients that a member of staff may see, in one transaction with
    /// its audit record. A refusal is put on record and throws ``AccessDenied``.
    public func openCaseload<Result: Sendable>(
        on area: DataArea,
        as principal: Principal,
        purpose: Purpose,
        entity: String,
        _ body: @escaping @Sendable (CaseloadAccess) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.write { transaction in
                try body(
                    policy.grantCaseload(on: area, to: principal, purpose: purpose, entity: entity, in: transaction)
                )
            }
        } catch let denial as AccessDenied {
            try await database.write { transaction in
                try policy.recordDenial(
                    of: .read,
                    on: area,
                    client: nil,
                    to: principal,
                    entity: entity,
                    in: transaction
                )
            }
            throw denial
        }
    }
}
