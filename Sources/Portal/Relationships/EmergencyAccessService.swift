public import Records
import Store

/// Breaking the glass: a clinician or supervisor opens the record of somebody they do not treat, for a reason, for a short
/// while; the administrators hear of it at once and look at it afterwards (45 CFR 164.312(a)(2)(ii)).
public struct EmergencyAccessService: Sendable {
    private let gate: ClientGate
    private var surroundings: Surroundings { gate.surroundings }

    init(gate: ClientGate) { self.gate = gate }

    /// Opens a client's record in an emergency. The reason is kept sealed.
    ///
    /// Throws `AccessDenied` for other roles and for clients of another practice; that is on record.
    public func open(_ client: ID<Client>, reason: String, as principal: Principal) async throws -> AccessReason {
        do {
            return try await gate.database.write { transaction in
                let (access, record) = try gate.policy.breakGlass(
                    for: principal,
                    on: client,
                    reason: reason,
                    in: transaction
                )
                let administrators = try transaction.rows(
                    """
                    SELECT id FROM users
                    WHERE practice_id = \(record.practiceID) AND role = 'ADMINISTRATOR' AND status = 'ACTIVE' ORDER BY id
                    """
                )
                for administrator in administrators {
                    try PortalNotification(
                        id: surroundings.newID(),
                        practiceID: record.practiceID,
                        recipient: .staff(administrator.get("id")),
                        clientID: client,
                        type: "emergency-access.opened",
                        title: "Somebody opened a record in an emergency",
                        message: "Look at the reason, and mark it reviewed.",
                        link: "/api/v1/admin/emergency-access",
                        actionRequired: true,
                        dedupeKey: "emergency-access:\(access.id)",
                        sentAt: access.startsAt
                    ).insert(in: transaction)
                }
                try DomainEvent("emergency-access.opened", subject: access.id.text).append(
                    practice: record.practiceID,
                    client: client,
                    at: access.startsAt,
                    ids: surroundings,
                    transaction: transaction
                )
                return access
            }
        } catch let denial as AccessDenied {
            try await gate.database.write { transaction in
                try gate.policy.recordDenial(
                    of: .read,
                    on: .chart,
                    client: client.text,
                    to: principal,
                    entity: "access_reasons",
                    in: transaction
                )
            }
            throw denial
        }
    }

    /// Emergency accesses and reveals of the practice, those that nobody reviewed first, then the newest.
    public func reasons(as principal: Principal) async throws -> [AccessReason] {
        try await gate.openCaseload(on: .audit, as: principal, purpose: .operations, entity: "access_reasons") {
            access in
            try access.all(
                AccessReason.self,
                order: "CASE WHEN reviewed_at IS NULL THEN 0 ELSE 1 END, starts_at DESC, id DESC"
            )
        }
    }

    /// Marks one reviewed. Throws ``Refusal/conflict(_:)`` when that was done before, and for one's own.
    public func review(_ id: ID<AccessReason>, note: String, as principal: Principal) async throws -> AccessReason {
        let owner = try await gate.database.read { transaction in
            try transaction.row("SELECT client_id FROM access_reasons WHERE id = \(id)").map {
                try $0.get("client_id", as: ID<Client>.self)
            }
        }
        guard let owner else { throw RecordNotFound() }
        return try await gate.open(
            .change,
            on: .audit,
            of: owner,
            as: principal,
            purpose: .operations,
            entity: "access_reasons",
            entityID: id.text
        ) { access in
            guard let staff = principal.staffID else { throw AccessDenied() }
            var reason = try access.one(id)
            guard reason.reviewedAt == nil else { throw Refusal.conflict("It was reviewed before.") }
            guard reason.userID != staff else { throw Refusal.conflict("Nobody reviews their own access.") }
            reason.reviewedAt = access.now
            reason.reviewedByUserID = staff
            reason.reviewNote = SealedText(note)
            reason.updatedAt = access.now
            try access.update(reason)
            try access.append(DomainEvent("emergency-access.reviewed", subject: id.text), ids: surroundings)
            return reason
        }
    }
}
