public import Assistant
import Records
public import Store

/// A sign of risk that was found, with the rules that found it. Kept even when it is told to nobody.
struct CrisisEvent: ClientRecord {
    enum Source: String, Sendable, Codable, SQLConvertible {
        case chat = "CHAT"
        case message = "MESSAGE"
        case assessment = "ASSESSMENT"
        case journal = "JOURNAL"
        case mood = "MOOD"
        case form = "FORM"
    }

    static let table: SQL.Name = "crisis_events"
    static let area = DataArea.alerts

    var id: ID<CrisisEvent>
    var clientID: ID<Client>
    var accountID: ID<PortalAccountTag>?
    var source: Source
    var sourceID: String
    var tier: CrisisTier
    /// Whose risk it is.
    var subject: String
    /// Comma-separated.
    var categories: String
    /// Comma-separated.
    var ruleCodes: String
    /// The words that matched.
    var matchedSpans: SealedText?
    var rulesVersion: String
    var alertID: ID<Alert>?
    var at: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp

    init(
        id: ID<CrisisEvent>,
        clientID: ID<Client>,
        accountID: ID<PortalAccountTag>?,
        source: Source,
        sourceID: String,
        tier: CrisisTier,
        subject: String,
        categories: String,
        ruleCodes: String,
        matchedSpans: SealedText? = nil,
        rulesVersion: String,
        alertID: ID<Alert>?,
        at: Timestamp
    ) {
        self.id = id
        self.clientID = clientID
        self.accountID = accountID
        self.source = source
        self.sourceID = sourceID
        self.tier = tier
        self.subject = subject
        self.categories = categories
        self.ruleCodes = ruleCodes
        self.matchedSpans = matchedSpans
        self.rulesVersion = rulesVersion
        self.alertID = alertID
        self.at = at
        createdAt = at
        updatedAt = at
    }

    /// Records the event. A source has one, which tells of the gravest that was found in it.
    func record(_ access: ClientAccess) throws {
        guard let known = try access.first(CrisisEvent.self, where: "source = \(source) AND source_id = \(sourceID)")
        else {
            return try access.insert(self)
        }
        guard tier > known.tier else { return }
        var graver = self
        graver.id = known.id
        graver.createdAt = known.createdAt
        try access.update(graver)
    }
}

extension CrisisTier: SQLConvertible {}

extension CrisisTier {
    var severity: Alert.Severity {
        switch self {
        case .none, .support: .info
        case .elevated: .warn
        case .high: .high
        case .imminent: .critical
        }
    }
}
