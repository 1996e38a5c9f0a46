import Foundation
public import Records
public import Store

/// A message in the outbox, waiting or dealt with.
public struct MailRecord: Sendable, Codable {
    public enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case waiting = "WAITING"
        /// The next server, or the folder, has taken it.
        case sent = "SENT"
        /// Not sent, because the person does not want to be reached this way.
        case withheld = "WITHHELD"
        /// Refused for good.
        case failed = "FAILED"
    }

    static let table: SQL.Name = "mail_messages"

    public var id: ID<MailRecord>
    public var practiceID: ID<Practice>
    public var clientID: ID<Client>?
    public var template: String
    /// The ``MailRequest`` as JSON; nil once it was dealt with.
    public var payload: SealedText?
    public var state: State
    /// Why it failed or was withheld, in a word or a status code.
    public var reason: String?
    /// Not worth sending any more from this moment on, such as a link that has expired.
    public var expiresAt: Timestamp?
    public var finishedAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// The request, as long as it waits.
    public var request: MailRequest? {
        payload.flatMap { try? JSONDecoder().decode(MailRequest.self, from: Data($0.plaintext.utf8)) }
    }

    /// Whose key seals the payload.
    static func keyOwner(practice: ID<Practice>, client: ID<Client>?) -> String {
        client.map(AccessPolicy.keyOwner) ?? "practice:\(practice)"
    }

    /// The message with `id`; nil when there is none.
    static func find(_ id: ID<MailRecord>, vault: KeyVault, in transaction: Transaction) throws -> MailRecord? {
        guard let row = try transaction.row("SELECT * FROM \(table) WHERE id = \(id)") else { return nil }
        let owner = keyOwner(practice: try row.get("practice_id"), client: try row.get("client_id"))
        return try transaction.decode(MailRecord.self, from: row, sealing: vault.sealer(for: owner))
    }
}
