import Records
import Store

/// Whose data a key seals.
enum KeyHolder: Sendable, Hashable {
    case client(ID<Client>)
    /// What is about no client: mail and links of the staff, requests of people who are not known yet.
    case practice(ID<Practice>)

    /// The practice, and all of its clients.
    static func all(of practice: ID<Practice>, in transaction: Transaction) throws -> [KeyHolder] {
        let clients = try transaction.rows("SELECT id FROM clients WHERE practice_id = \(practice) ORDER BY id")
        return try [.practice(practice)] + clients.map { .client(try $0.get("id")) }
    }

    var clientID: ID<Client>? {
        if case .client(let id) = self { id } else { nil }
    }

    var keyOwner: String {
        switch self {
        case .client(let id): AccessPolicy.keyOwner(id)
        case .practice(let id): MailRecord.keyOwner(practice: id, client: nil)
        }
    }

    init?(keyOwner: String) {
        let parts = keyOwner.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        if let client = ID<Client>(parts[1]), AccessPolicy.keyOwner(client) == keyOwner {
            self = .client(client)
        } else if let practice = ID<Practice>(parts[1]) {
            self = .practice(practice)
        } else {
            return nil
        }
    }

    /// Where the key may have sealed something, by the tables' names: of a client, every table that knows client or
    /// account, so that a new one is taken in by itself; of a practice, these.
    func sealedRows(in transaction: Transaction) throws -> [SealedRows] {
        switch self {
        case .client(let id):
            let own = try transaction.tables(with: "client_id")
            let accounts = try transaction.tables(with: "account_id").filter { !own.contains($0) }
            let rows =
                own.map { SealedRows($0, where: "client_id = \(id)") }
                + accounts.map {
                    SealedRows($0, where: "account_id IN (SELECT id FROM portal_accounts WHERE client_id = \(id))")
                }
            let keyed = Set(try transaction.tables(with: "id"))
            // The audit holds nothing sealed, and is large.
            return rows.filter { keyed.contains($0.table) && $0.table != "audit_log" }.sorted {
                $0.table.text < $1.table.text
            }
        case .practice(let id):
            return [
                SealedRows("auth_tokens", where: "practice_id = \(id)"),
                SealedRows("mail_messages", where: "practice_id = \(id) AND client_id IS NULL"),
                SealedRows("mfa_methods", where: "practice_id = \(id)"),
                SealedRows("registration_requests", where: "practice_id = \(id)"),
            ]
        }
    }
}
