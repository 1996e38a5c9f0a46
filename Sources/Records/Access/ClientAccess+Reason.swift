import Store

extension ClientAccess {
    /// Keeps, sealed, why closed words are opened under this access, and who answers for it; for oversight to review. Returns
    /// its id. Throws ``AccessDenied`` for an empty reason.
    public func keep(reason: String, of staff: ID<StaffMember>, subject: String, ids: Surroundings) throws
        -> ID<AccessReason>
    {
        guard !reason.allSatisfy(\.isWhitespace) else { throw AccessDenied() }
        let kept = AccessReason(
            id: ids.newID(),
            clientID: clientID,
            userID: staff,
            kind: .reveal,
            subject: subject,
            reason: SealedText(reason),
            startsAt: now,
            endsAt: now
        )
        try transaction.insert(kept, into: AccessReason.table, sealing: sealer)
        return kept.id
    }
}
