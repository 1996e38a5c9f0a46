public import Records
public import Store

/// What a consent is about, beside its kind and dates.
public struct ConsentTerms: ClientRecord {
    /// How it was given.
    public enum Channel: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case portal = "PORTAL"
        case paper = "PAPER"
        case verbal = "VERBAL"
    }

    public static let table: SQL.Name = "consent_terms"
    public static let area = DataArea.consents

    public var id: ID<ConsentTerms>
    public var clientID: ID<Client>
    public var consentID: ID<Consent>
    /// Who gets something.
    public var recipient: SealedText?
    /// What for.
    public var purpose: SealedText?
    /// Parts of the record that it opens.
    public var areas: [DataArea]
    /// Version of the text that was agreed to.
    public var textVersion: String?
    public var channel: Channel
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}
