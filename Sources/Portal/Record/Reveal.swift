import Records
public import Store

/// Why an administrator needs to see what is masked.
public enum RevealReason: String, Sendable, Hashable, Codable, CaseIterable, SQLConvertible {
    /// Somebody may be in danger.
    case safety = "SAFETY"
    case complaint = "COMPLAINT"
    /// A court, or the law.
    case legal = "LEGAL"
    case qualityReview = "QUALITY_REVIEW"
}

/// That somebody looked behind the mask of a record, and why (SEC-23).
struct Reveal: ClientRecord {
    static let table: SQL.Name = "record_reveals"
    static let area = DataArea.audit

    var id: ID<Reveal>
    var clientID: ID<Client>
    var entity: String
    var entityID: String
    var revealedByUserID: ID<StaffMember>?
    var reason: RevealReason
    var note: SealedText
    var at: Timestamp
}
