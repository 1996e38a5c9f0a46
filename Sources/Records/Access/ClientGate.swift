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
    /// not there or is another client's, which throws ``RecordNotFound``. What `body` throws else rolls back, too, and the
    /// attempt is on record as one that failed.
    ///
    /// - Parameter reason: why a masked record is revealed; see ``AccessPolicy/grant(_:on:of:to:purpose:entity:entityID:reason:act:code:in:)``.
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
        try await perform(
            nil,
            action,
            on: area,
            of: clientID,
            as: principal,
            purpose: purpose,
            entity: entity,
            entityID: entityID,
            reason: reason
        ) { access, _ in try body(access) }
    }

    /// As ``open(_:on:of:as:purpose:entity:entityID:reason:_:)``, for what is more than a reading or writing of an area's
    /// rows, such as inviting or deleting a client: `body` gets the transaction, too.
    ///
    /// - Parameters:
    ///   - act: what the audit calls it, such as `PORTAL.DISABLE`; area and action where nil.
    ///   - code: why, out of a closed choice.
    public func perform<Result: Sendable>(
        _ act: String?,
        _ action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        as principal: Principal,
        purpose: Purpose,
        entity: String,
        entityID: String? = nil,
        reason: String? = nil,
        code: AuditReason? = nil,
        _ body: @escaping @Sendable (ClientAccess, Transaction) throws -> Result
    ) async throws -> Result {
        try await recordingRefusals(
            of: action,
            on: area,
            of: clientID,
            as: principal,
            purpose: purpose,
            entity: entity,
            entityID: entityID,
            act: act
        ) {
            try await database.write { transaction in
                let access = try policy.grant(
                    action,
                    on: area,
                    of: clientID,
                    to: principal,
                    purpose: purpose,
                    entity: entity,
                    entityID: entityID,
                    reason: reason,
                    act: act,
                    code: code,
                    in: transaction
                )
                return try body(access, transaction)
            }
        }
    }

    /// Runs `body`, and puts on record, in a transaction of its own, a refusal, a record that is not there, and an attempt
    /// that failed.
    func recordingRefusals<Result: Sendable>(
        of action: AccessAction,
        on area: DataArea,
        of clientID: ID<Client>,
        as principal: Principal,
        purpose: Purpose,
        entity: String,
        entityID: String?,
        act: String?,
        _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
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
                    act: act,
                    in: transaction
                )
            }
            throw error
        } catch  where Self.isFailedAttempt(error) {
            // What was thrown is what the caller has to hear of, whether or not the attempt could be put on record.
            try? await database.write { transaction in
                try policy.recordFailure(
                    of: action,
                    on: area,
                    client: clientID,
                    to: principal,
                    purpose: purpose,
                    entity: entity,
                    entityID: entityID,
                    act: act,
                    in: transaction
                )
            }
            throw error
        }
    }

    /// Whether access was granted and came to nothing, as when the state of things did not allow what was asked. A store
    /// that cannot be written now is not asked to write this, least of all when somebody in danger waits for an answer.
    private static func isFailedAttempt(_ error: any Error) -> Bool {
        !(error is CancellationError) && (error as? StoreError)?.isUnavailable != true
    }

    /// Runs `body` for an act on an area across the whole practice, in one transaction with its audit record. A refusal is
    /// put on record, and so is asking for what is not there; either is thrown.
    ///
    /// - Parameters:
    ///   - act: what the audit calls it, such as `AUDIT.SEARCH`.
    ///   - code: why, out of a closed choice.
    public func performForPractice<Result: Sendable>(
        _ act: String,
        _ action: AccessAction,
        on area: DataArea,
        as principal: Principal,
        entity: String,
        entityID: String? = nil,
        code: AuditReason? = nil,
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.write { transaction in
                try policy.grantPractice(
                    action,
                    on: area,
                    to: principal,
                    act: act,
                    entity: entity,
                    entityID: entityID,
                    code: code,
                    in: transaction
                )
                return try body(transaction)
            }
        } catch  where error is AccessDenied || error is RecordNotFound {
            try await database.write { transaction in
                try policy.recordDenial(
                    of: action,
                    on: area,
                    client: nil,
                    missing: entityID,
                    to: principal,
                    entity: entity,
                    act: act,
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
