import Records
import Store

extension RelationshipService {
    private static let tellKind = "relationship.tell"

    /// Has those told whom `event` concerns, once this transaction has committed.
    func tell(of relationship: ClientRelationship, _ event: String, _ access: ClientAccess) throws {
        try access.append(DomainEvent(event, subject: relationship.id.text), ids: surroundings)
        try access.enqueue(
            WorkRequest(
                Self.tellKind,
                subject: relationship.id.text,
                dedupeKey: "\(event)|\(relationship.id)|\(access.now.milliseconds)"
            ),
            ids: surroundings
        )
    }

    /// Tells those who decide of a request, and both sides of everything that follows.
    var tellHandler: WorkHandler {
        WorkHandler(Self.tellKind) { item, transaction in
            guard let client = item.clientID, let id = ID<ClientRelationship>(item.subjectID),
                let event = item.dedupeKey.split(separator: "|").first.map(String.init)
            else { return }
            let access = try gate.policy.grant(
                .read,
                on: .relationships,
                of: client,
                to: .system(item.kind, practice: item.practiceID),
                purpose: .automation,
                entity: "client_relationships",
                entityID: id.text,
                in: transaction
            )
            let relationship = try access.one(id)
            let isRequest = event == "relationship.requested"
            for recipient in isRequest ? try deciders(access, transaction) : try sides(relationship, transaction) {
                try PortalNotification(
                    id: surroundings.newID(),
                    practiceID: item.practiceID,
                    recipient: recipient,
                    clientID: client,
                    type: event,
                    title: isRequest ? "Somebody asks to act for a client" : "Who may see a record has changed",
                    message: isRequest ? "Look at the papers and decide." : "Sign in to see who may see what.",
                    actionRequired: isRequest,
                    dedupeKey: item.dedupeKey,
                    sentAt: access.now
                ).insert(in: transaction)
            }
        }
    }

    /// The therapist and the administrators.
    private func deciders(_ access: ClientAccess, _ transaction: Transaction) throws -> [PortalNotification.Recipient] {
        let therapist = try access.client().primaryTherapistID
        return try transaction.rows(
            """
            SELECT id FROM users
            WHERE practice_id = \(access.practiceID) AND status = 'ACTIVE' AND (role = 'ADMINISTRATOR' OR id = \(therapist))
            ORDER BY id
            """
        ).map { .staff(try $0.get("id")) }
    }

    /// The proxy's account, and the client's own if there is one.
    private func sides(_ relationship: ClientRelationship, _ transaction: Transaction) throws
        -> [PortalNotification.Recipient]
    {
        try transaction.rows(
            """
            SELECT id FROM portal_accounts
            WHERE id = \(relationship.accountID) OR client_id = \(relationship.clientID) ORDER BY id
            """
        ).map { .account(try $0.get("id")) }
    }
}
