import Foundation
public import Records
public import Store

/// A message to be sent by e-mail: which wording, to whom, in which language, and what fills the gaps in it.
///
/// Wording never holds anything clinical, so that a mailbox that others read gives nothing away; the parameters hold names
/// of the practice, links and codes, never what a client said or did.
public struct MailRequest: Codable, Sendable, Hashable {
    /// Name of the wording, a ``MailTemplate`` of `Prompts/mail`.
    public var template: String
    /// One address, such as `maya@mail.example`.
    public var to: String
    /// Language of the recipient, such as `es`. Any other than those there is wording in falls back to English.
    public var locale: String
    /// What fills the wording's gaps, by name. The practice's name and phone number need not be given.
    public var parameters: [String: String]

    public init(template: String, to: String, locale: String, parameters: [String: String] = [:]) {
        self.template = template
        self.to = to
        self.locale = locale
        self.parameters = parameters
    }

    public init(_ template: MailTemplate, to: String, locale: String, parameters: [String: String] = [:]) {
        self.init(template: template.rawValue, to: to, locale: locale, parameters: parameters)
    }

    /// A moment as a parameter, which the wording shows as a date and time of the practice.
    public static func moment(_ moment: Timestamp) -> String { String(moment.milliseconds) }

    /// How long something is of use, in the unit that the wording has a place for; the last begun unit counts.
    static func validity(_ lifetime: Duration, of template: MailTemplate) -> [String: String] {
        let units: [(MailTemplate.Parameter, Int64)] = [(.minutes, 60), (.hours, 3600), (.days, 86_400)]
        guard let (name, seconds) = units.first(where: { template.parameters.contains($0.0) }) else { return [:] }
        return [name.rawValue: String((lifetime.components.seconds + seconds - 1) / seconds)]
    }

    /// The work that sends it.
    static let workKind = "mail.send"

    /// Puts the message into the queue, in the transaction that asks for it: it goes out if and only if that commits.
    ///
    /// The payload is sealed under the client's key, or the practice's where `client` is nil, since links in it carry
    /// one-time secrets. Returns the message's id, which is also its `Message-ID`.
    ///
    /// - Parameters:
    ///   - client: whom the message reaches, or is about. Their restrictions of communication apply to it, and deleting
    ///     them takes it along.
    ///   - runAt: not before this moment; nil is at once.
    ///   - expiresAt: not after this moment, as for a link that has expired by then.
    @discardableResult
    public func enqueue(
        practice: ID<Practice>,
        client: ID<Client>?,
        runAt: Timestamp? = nil,
        expiresAt: Timestamp? = nil,
        vault: KeyVault,
        surroundings: Surroundings,
        transaction: Transaction
    ) throws -> ID<MailRecord> {
        let now = surroundings.now()
        let record = MailRecord(
            id: surroundings.newID(),
            practiceID: practice,
            clientID: client,
            template: template,
            payload: SealedText(String(decoding: try JSONEncoder().encode(self), as: UTF8.self)),
            state: .waiting,
            expiresAt: expiresAt,
            createdAt: now,
            updatedAt: now
        )
        try transaction.insert(
            record,
            into: MailRecord.table,
            sealing: vault.sealer(for: MailRecord.keyOwner(practice: practice, client: client))
        )
        try WorkRequest(Self.workKind, subject: record.id.text, runAt: runAt)
            .enqueue(practice: practice, client: client, now: now, ids: surroundings, transaction: transaction)
        return record.id
    }
}
