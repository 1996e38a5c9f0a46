public import Store

extension AccessPolicy {
    /// How long a broken glass stays broken.
    public static let emergencyDuration: Duration = .seconds(60 * 60)

    /// Opens a client's record to a clinician or supervisor of the practice who does not treat them, for
    /// ``emergencyDuration``: from now on the relation is ``Relation/emergencyAccess``. On record as that member of staff's
    /// act; the reason is sealed.
    ///
    /// Throws ``AccessDenied`` for another role, a client of another practice or none, and an empty reason.
    public func breakGlass(
        for principal: Principal,
        on clientID: ID<Client>,
        reason: String,
        in transaction: Transaction
    ) throws -> (access: AccessReason, client: Client) {
        guard let staff = principal.staffID, principal.role == .clinician || principal.role == .supervisor,
            !reason.allSatisfy(\.isWhitespace),
            let client = try transaction.fetchOne(
                Client.self,
                "SELECT * FROM clients WHERE id = \(clientID) AND practice_id = \(principal.practiceID)"
            )
        else { throw AccessDenied() }
        let now = surroundings.now()
        let access = AccessReason(
            id: surroundings.newID(),
            clientID: clientID,
            userID: staff,
            kind: .emergency,
            reason: SealedText(reason),
            startsAt: now,
            endsAt: now.adding(Self.emergencyDuration)
        )
        try transaction.insert(
            access,
            into: AccessReason.table,
            sealing: try vault.sealer(for: Self.keyOwner(clientID))
        )
        try audit.append(
            AuditEntry(
                principal: principal,
                clientID: clientID,
                relation: .emergencyAccess,
                purpose: .emergency,
                action: "EMERGENCY.OPEN",
                entity: "access_reasons",
                entityID: access.id.text,
                outcome: .ok,
                reason: AccessReason.given
            ),
            at: now,
            in: transaction
        )
        return (access, client)
    }
}
