import Foundation
import Records
import Store

/// Decides which way a notification goes out of the house, and when, and asks for it, once for each channel.
struct NotificationDelivery: Sendable {
    static let workKind = "notification.deliver"

    let vault: KeyVault
    let surroundings: Surroundings
    /// Where the portal is, for the button in the message. The message itself says nothing of what is new.
    let publicAddress: String

    /// What becomes of a notification on one channel.
    enum Decision: Sendable, Hashable {
        case now
        /// Once the recipient's quiet hours are over.
        case later(Timestamp)
        case notWanted
        case noAddress

        var name: String {
            switch self {
            case .now: "NOW"
            case .later: "LATER"
            case .notWanted: "NOT_WANTED"
            case .noAddress: "NO_ADDRESS"
            }
        }
    }

    var handler: WorkHandler {
        WorkHandler(Self.workKind) { item, transaction in
            guard let id = ID<PortalNotification>(item.subjectID),
                let notification = try transaction.fetchOne(
                    PortalNotification.self,
                    "SELECT * FROM notifications WHERE id = \(id)"
                ),
                let recipient = try Recipient.find(for: notification, in: transaction)
            else { return }
            try deliver(notification, to: recipient, by: .email, in: transaction)
        }
    }

    private func deliver(
        _ notification: PortalNotification,
        to recipient: Recipient,
        by channel: DeliveryChannel,
        in transaction: Transaction
    ) throws {
        let now = surroundings.now()
        let known = try transaction.row(
            "SELECT id FROM notification_deliveries WHERE notification_id = \(notification.id) AND channel = \(channel.rawValue)"
        )
        guard known == nil else { return }
        let decision = try decide(notification, recipient, channel, now, in: transaction)
        var at: Timestamp?
        if case .later(let moment) = decision { at = moment }
        var mail: ID<MailRecord>?
        if decision == .now || at != nil {
            mail = try MailRequest(
                .notification,
                to: recipient.email,
                locale: recipient.locale,
                parameters: ["link": publicAddress]
            ).enqueue(
                practice: notification.practiceID,
                client: recipient.clientID,
                runAt: at,
                vault: vault,
                surroundings: surroundings,
                transaction: transaction
            )
        }
        try transaction.execute(
            """
            INSERT INTO notification_deliveries
                (id, notification_id, channel, decision, deliver_at, mail_id, created_at, updated_at)
            VALUES (\(surroundings.newID(NotificationDelivery.self)), \(notification.id), \(channel.rawValue),
                    \(decision.name), \(at), \(mail), \(now), \(now))
            """
        )
    }

    private func decide(
        _ notification: PortalNotification,
        _ recipient: Recipient,
        _ channel: DeliveryChannel,
        _ now: Timestamp,
        in transaction: Transaction
    ) throws -> Decision {
        guard recipient.isReachable, !recipient.email.isEmpty else { return .noAddress }
        // Security messages about an account have wordings, and senders, of their own.
        if notification.type.hasPrefix("account.") || notification.type == "device.new" { return .notWanted }
        // Somebody may be in danger: staff are told whatever the hour and whatever they chose.
        if notification.isUrgent && recipient.isStaff { return .now }
        let kind = NotificationKind(type: notification.type)
        let chosen = try transaction.row(
            """
            SELECT enabled FROM notification_preferences
            WHERE (account_id = \(notification.accountID) OR user_id = \(notification.userID))
                AND event_type = \(kind.rawValue) AND channel = \(channel.rawValue)
            """
        )
        guard try chosen?.get("enabled") ?? channel.isOnUnlessChosen else { return .notWanted }
        return recipient.quietHours?.end(at: now, in: recipient.timeZone).map { .later($0) } ?? .now
    }

    /// Whom a notification is for, as far as it takes to reach them.
    struct Recipient {
        let email: String
        let locale: String
        let timeZone: TimeZone
        let quietHours: QuietHours?
        let isStaff: Bool
        let isReachable: Bool
        /// The client that an account is of.
        let clientID: ID<Client>?

        static func find(for notification: PortalNotification, in transaction: Transaction) throws -> Recipient? {
            let row = try transaction.row(
                """
                SELECT COALESCE(a.email, u.email) AS email, a.client_id AS client_id,
                    COALESCE(a.locale, p.language, o.locale) AS locale,
                    COALESCE(p.time_zone, c.time_zone, o.time_zone) AS time_zone, p.quiet_from, p.quiet_to,
                    u.id IS NOT NULL AS is_staff, COALESCE(a.status, u.status) AS status,
                    COALESCE(c.portal_enabled, 1) AS portal_enabled
                FROM notifications n
                JOIN practices o ON o.id = n.practice_id
                LEFT JOIN portal_accounts a ON a.id = n.account_id
                LEFT JOIN clients c ON c.id = a.client_id
                LEFT JOIN users u ON u.id = n.user_id
                LEFT JOIN preferences p ON p.account_id = n.account_id OR p.user_id = n.user_id
                WHERE n.id = \(notification.id)
                """
            )
            guard let row else { return nil }
            let from: Int? = try row.get("quiet_from")
            let to: Int? = try row.get("quiet_to")
            return Recipient(
                email: try row.get("email"),
                locale: try row.get("locale"),
                timeZone: TimeZone(identifier: try row.get("time_zone")) ?? .gmt,
                quietHours: from.flatMap { from in to.flatMap { QuietHours(from: from, to: $0) } },
                isStaff: try row.get("is_staff"),
                isReachable: try row.get("status", as: String.self) == "ACTIVE" && row.get("portal_enabled"),
                clientID: try row.get("client_id")
            )
        }
    }
}
