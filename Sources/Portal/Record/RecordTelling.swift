import Knowledge
import Records
import Store

/// Tells people of what was done with a record, after the transaction in which it was done.
struct RecordTelling: Sendable {
    let policy: AccessPolicy
    let kinds: [any RecordKind.Type]
    let surroundings: Surroundings

    private static let work = "record.tell"

    static func request(_ event: String, _ record: String, rev: Int) -> WorkRequest {
        WorkRequest(work, subject: "\(event) \(record)", dedupeKey: "\(event) \(record)#\(rev)")
    }

    var handler: WorkHandler {
        WorkHandler(Self.work) { item, transaction in
            let words = item.subjectID.split(separator: " ").map(String.init)
            guard words.count == 2, let client = item.clientID else { return }
            for kind in kinds { try tell(kind, of: words[0], words[1], client, item, in: transaction) }
        }
    }

    private func tell<Kind: RecordKind>(
        _ kind: Kind.Type,
        of event: String,
        _ record: String,
        _ client: ID<Client>,
        _ item: WorkItem,
        in transaction: Transaction
    ) throws {
        guard let telling = Kind.declaration.acts.first(where: { $0.event == event })?.telling,
            let id = ID<Record<Kind>>(record)
        else { return }
        let access = try policy.grant(
            .read,
            on: Kind.declaration.area,
            of: client,
            to: .system(item.kind, practice: item.practiceID),
            purpose: .automation,
            entity: Kind.declaration.table.text,
            entityID: record,
            in: transaction
        )
        // It may be gone, or not shared any more, by now.
        guard let found = try access.first(Record<Kind>.self, where: "id = \(id)"),
            let recipient = try recipient(of: telling, found, access, in: transaction)
        else { return }
        try PortalNotification(
            id: surroundings.newID(),
            practiceID: item.practiceID,
            recipient: recipient,
            clientID: client,
            type: event,
            title: telling.title.text(in: recipient.language(in: transaction)),
            link: telling.link,
            dedupeKey: "\(event):\(item.id)",
            sentAt: access.now
        ).insert(in: transaction)
    }

    private func recipient<Kind: RecordKind>(
        of telling: Telling,
        _ record: Record<Kind>,
        _ access: ClientAccess,
        in transaction: Transaction
    ) throws -> PortalNotification.Recipient? {
        switch telling.audience {
        case .clinician: record.shared ? try access.client().primaryTherapistID.map { .staff($0) } : nil
        case .client:
            try transaction.fetchOne(
                PortalAccount.self,
                "SELECT * FROM portal_accounts WHERE client_id = \(access.clientID) AND status = 'ACTIVE'"
            ).map { .account($0.id) }
        }
    }
}
