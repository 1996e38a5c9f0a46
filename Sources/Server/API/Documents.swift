import Assistant
import Portal
import Records
import Retrieval
import Store

/// Help that is shown before anything else.
struct PanelDocument: Codable, Sendable, FieldsDescribed {
    struct ResourceDocument: Codable, Sendable {
        let name: String
        let call: String?
        let text: String?
        let chat: String?
        let note: String?
        let hours: String?
    }

    let lead: String
    let resources: [ResourceDocument]
    let lines: [String]
    let language: String
    let quickExit: String?

    static let fieldDescriptions = [
        "quick_exit": "The words of a button that leaves the page at once, when somebody may be watching the screen."
    ]

    /// - Parameter line: what is true of this moment, such as that the care team is being told.
    init(_ panel: CrisisPanel, adding line: String? = nil) {
        lead = panel.lead
        lines = panel.lines + (line.map { [$0] } ?? [])
        language = panel.language
        quickExit = panel.quickExit
        resources = panel.resources.map { resource in
            ResourceDocument(
                name: resource.name,
                call: resource.call,
                text: resource.text,
                chat: resource.chat,
                note: resource.note,
                hours: resource.hours
            )
        }
    }
}

struct CloseAlertRequest: Codable, Sendable, FieldsDescribed {
    let closure: Alert.Closure
    let note: String?

    static let fieldDescriptions = [
        "note": "What was done to reach the client, and what came of it. Required for HIGH and CRITICAL."
    ]
}

struct AlertDocument: Codable, Sendable, FieldsDescribed {
    let id: ID<Alert>
    let clientId: ID<Client>
    let client: String
    let kind: String
    let severity: String
    let state: String
    let summary: String
    let signals: Int
    let raisedAt: Timestamp
    let acknowledgedAt: Timestamp?
    let acknowledgedBy: ID<StaffMember>?
    let closedAt: Timestamp?
    let closedBy: ID<StaffMember>?
    let closure: Alert.Closure?
    let outreachNote: String?
    let source: String
    let sourceId: String

    static let fieldDescriptions = [
        "signals": "How many signs of risk joined this alert.", "source_id": "The record that raised it last.",
    ]

    init(_ entry: AlertService.Entry) {
        let alert = entry.alert
        id = alert.id
        clientId = alert.clientID
        client = entry.clientName
        kind = alert.kind.rawValue
        severity = alert.severity.rawValue
        state = alert.state.rawValue
        summary = alert.summary.plaintext
        signals = alert.signals
        raisedAt = alert.raisedAt
        acknowledgedAt = alert.acknowledgedAt
        acknowledgedBy = alert.acknowledgedByUserID
        closedAt = alert.closedAt
        closedBy = alert.closedByUserID
        closure = alert.closure
        outreachNote = alert.outreachNote?.plaintext
        source = alert.source
        sourceId = alert.sourceID
    }
}

struct AlertListDocument: Codable, Sendable {
    let alerts: [AlertDocument]
}

struct NotificationDocument: Codable, Sendable {
    let id: ID<PortalNotification>
    let type: String
    let title: String
    let message: String?
    let link: String?
    let actionRequired: Bool
    let sentAt: Timestamp
    let readAt: Timestamp?

    init(_ notification: PortalNotification) {
        id = notification.id
        type = notification.type
        title = notification.title
        message = notification.message
        link = notification.link
        actionRequired = notification.actionRequired
        sentAt = notification.sentAt
        readAt = notification.readAt
    }
}

struct InboxDocument: Codable, Sendable {
    let unread: Int
    let notifications: [NotificationDocument]
}

struct ClientDocument: Codable, Sendable {
    let id: ID<Client>
    let name: String
    let birthDate: String
    let language: String?
    let portalEnabled: Bool
    let status: String

    init(_ client: Client) {
        id = client.id
        name = client.displayName
        birthDate = client.birthDate
        language = client.language
        portalEnabled = client.portalEnabled
        status = client.status.rawValue
    }
}

struct CaseloadDocument: Codable, Sendable {
    let clients: [ClientDocument]
}

struct ArticleSummaryDocument: Codable, Sendable {
    let id: String
    let title: String
    let language: String
    let topics: [String]
    let version: Int

    init(_ article: Article) {
        id = article.id
        title = article.title
        language = article.language
        topics = article.topics
        version = article.version
    }
}

struct ArticleListDocument: Codable, Sendable {
    let articles: [ArticleSummaryDocument]
}

struct ArticleDocument: Codable, Sendable, FieldsDescribed {
    let id: String
    let title: String
    let language: String
    let topics: [String]
    let version: Int
    let body: String
    let links: [LinkDocument]
    let reviewBy: String

    static let fieldDescriptions = ["body": "Markdown."]

    init(_ article: Article) {
        id = article.id
        title = article.title
        language = article.language
        topics = article.topics
        version = article.version
        body = article.body
        links = article.links.map { LinkDocument(label: $0.label, path: $0.path) }
        reviewBy = article.reviewBy
    }
}

struct ReadinessDocument: Codable, Sendable {
    let ready: Bool
    let checks: [String: String]
}

struct LivenessDocument: Codable, Sendable {
    let status: String
}

struct SignInOptionsDocument: Codable, Sendable {
    let methods: [String]
}
