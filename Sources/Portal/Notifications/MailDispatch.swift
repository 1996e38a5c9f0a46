import Records
import Store

/// Sends what waits in the outbox: the one place where mail leaves the house, and where a client's wish not to be reached by
/// mail, or at an address, is kept.
struct MailDispatch: Sendable {
    let gate: ClientGate
    let vault: KeyVault
    let wording: MailWording
    let mailer: any MailSending

    /// With pauses that double up to an hour: about a day.
    private static let attempts = 30

    var handler: WorkHandler {
        WorkHandler(MailRequest.workKind, attempts: Self.attempts) { item, database in
            guard let id = ID<MailRecord>(item.subjectID) else { return { _ in } }
            let prepared = try await database.write { transaction in try prepare(id, in: transaction) }
            switch prepared {
            case .done: return { _ in }
            case .ended(let state, let reason): return finish(id, state, reason)
            case .ready(let message):
                do {
                    try await mailer.send(message)
                    return finish(id, .sent, nil)
                } catch MailFailure.permanent(let reason) {
                    return finish(id, .failed, reason)
                }
            }
        }
    }

    private enum Prepared: Sendable {
        case done
        case ended(MailRecord.State, String)
        case ready(MailMessage)
    }

    private func prepare(_ id: ID<MailRecord>, in transaction: Transaction) throws -> Prepared {
        guard let record = try MailRecord.find(id, vault: vault, in: transaction), record.state == .waiting,
            let request = record.request,
            let practice = try transaction.fetchOne(
                Practice.self,
                "SELECT * FROM practices WHERE id = \(record.practiceID)"
            )
        else { return .done }
        let now = gate.surroundings.now()
        if let expiresAt = record.expiresAt, expiresAt <= now { return .ended(.withheld, "expired") }
        if let client = record.clientID {
            let access = try gate.policy.grant(
                .read,
                on: .profile,
                of: client,
                to: .system(MailRequest.workKind, practice: record.practiceID),
                purpose: .automation,
                entity: "communication_restrictions",
                entityID: id.text,
                in: transaction
            )
            if try CommunicationRestriction.forbids(.email, address: request.to, under: access) {
                return .ended(.withheld, "restricted")
            }
        }
        do {
            return .ready(try wording.render(request, id: id, practice: practice, date: record.createdAt))
        } catch {
            return .ended(.failed, error.reason)
        }
    }

    /// Writes down what came of it, and takes the payload away: it holds one-time secrets.
    private func finish(_ id: ID<MailRecord>, _ state: MailRecord.State, _ reason: String?) -> WorkHandler.Finish {
        let now = gate.surroundings.now()
        return { transaction in
            try transaction.execute(
                """
                UPDATE mail_messages
                SET state = \(state), reason = \(reason), payload = NULL, finished_at = \(now), updated_at = \(now)
                WHERE id = \(id)
                """
            )
        }
    }
}
