public import Records
public import Store

/// A channel, or an address on it, that must never be used to reach a client, such as a shared mailbox (PROF-13).
public struct CommunicationRestriction: ClientRecord {
    /// The ways of reaching somebody that can be ruled out.
    public enum Channel: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case email = "EMAIL"
        case sms = "SMS"
        case push = "PUSH"
        case voice = "VOICE"
        case post = "POST"
    }

    public static let table: SQL.Name = "communication_restrictions"
    public static let area = DataArea.profile

    public var id: ID<CommunicationRestriction>
    public var clientID: ID<Client>
    public var channel: Channel
    /// Nil rules the whole channel out.
    public var address: SealedText?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// Whether the client of `access` must not be reached by `channel` at `address`.
    static func forbids(_ channel: Channel, address: String, under access: ClientAccess) throws -> Bool {
        try access.all(CommunicationRestriction.self, where: "channel = \(channel)").contains { restriction in
            restriction.address.map { normal($0.plaintext, channel) == normal(address, channel) } ?? true
        }
    }

    /// What two spellings of one address have in common: no blanks, no case; of a telephone number, its digits.
    private static func normal(_ address: String, _ channel: Channel) -> String {
        switch channel {
        case .sms, .voice: String(address.filter { $0.isASCII && $0.isNumber })
        case .email, .push, .post: address.lowercased().filter { !$0.isWhitespace }
        }
    }
}
