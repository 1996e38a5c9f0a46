public import Records
import Store

/// A line in somebody's notification list. Title and message hold no health data: they may show on a lock screen.
public struct PortalNotification: Sendable, Codable {
    public enum Recipient: Sendable, Hashable {
        case account(ID<PortalAccountTag>)
        case staff(ID<StaffMember>)

        /// The language that they read, such as `es`.
        func language(in transaction: Transaction) throws(StoreError) -> String {
            let row =
                switch self {
                case .account(let id):
                    try transaction.row(
                        """
                        SELECT COALESCE(a.locale, o.locale) AS language FROM portal_accounts a
                        JOIN practices o ON o.id = a.practice_id WHERE a.id = \(id)
                        """
                    )
                case .staff(let id):
                    try transaction.row(
                        """
                        SELECT COALESCE(p.language, o.locale) AS language FROM users u
                        JOIN practices o ON o.id = u.practice_id
                        LEFT JOIN preferences p ON p.user_id = u.id WHERE u.id = \(id)
                        """
                    )
                }
            return try row?.get("language") ?? "en"
        }
    }

    static let table: SQL.Name = "notifications"

    public var id: ID<PortalNotification>
    public var practiceID: ID<Practice>
    public var accountID: ID<PortalAccountTag>?
    public var userID: ID<StaffMember>?
    public var clientID: ID<Client>?
    /// The event's type, such as `alert.raised`.
    public var type: String
    public var title: String
    public var message: String?
    /// Path of the page or resource that it is about.
    public var link: String?
    public var actionRequired: Bool
    /// Goes out at any hour, whatever the recipient prefers: somebody may be in danger.
    public var isUrgent: Bool
    /// One recipient is told once per key.
    public var dedupeKey: String
    public var sentAt: Timestamp
    public var readAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<PortalNotification>,
        practiceID: ID<Practice>,
        recipient: Recipient,
        clientID: ID<Client>? = nil,
        type: String,
        title: String,
        message: String? = nil,
        link: String? = nil,
        actionRequired: Bool = false,
        isUrgent: Bool = false,
        dedupeKey: String,
        sentAt: Timestamp
    ) {
        self.id = id
        self.practiceID = practiceID
        switch recipient {
        case .account(let id): accountID = id
        case .staff(let id): userID = id
        }
        self.clientID = clientID
        self.type = type
        self.title = title
        self.message = message
        self.link = link
        self.actionRequired = actionRequired
        self.isUrgent = isUrgent
        self.dedupeKey = dedupeKey
        self.sentAt = sentAt
        createdAt = sentAt
        updatedAt = sentAt
    }

    /// Tells the recipient, unless they were told under this key before, and asks for it to go out over their other
    /// channels.
    func insert(in transaction: Transaction) throws(StoreError) {
        let isKnown = try transaction.row(
            """
            SELECT id FROM notifications
            WHERE dedupe_key = \(dedupeKey) AND (account_id = \(accountID) OR user_id = \(userID))
            """
        )
        guard isKnown == nil else { return }
        try transaction.insert(self, into: Self.table)
        // The item takes the notification's id: there is one for each.
        guard let item = ID<WorkItem>(id.text) else { return }
        try WorkRequest(NotificationDelivery.workKind, subject: id.text)
            .enqueue(id: item, practice: practiceID, client: clientID, now: sentAt, transaction: transaction)
    }
}
