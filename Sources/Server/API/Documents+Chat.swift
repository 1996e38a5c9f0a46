import Assistant
import Portal
import Records
import Store

/// A conversation in a list.
struct ConversationDocument: Codable, Sendable {
    let id: ID<Conversation>
    let state: String
    let language: String
    let startedAt: Timestamp
    let lastAt: Timestamp
    /// What the assistant is and is not, to be shown before the first message.
    let disclosure: String?

    init(_ conversation: Conversation, disclosure: String? = nil) {
        id = conversation.id
        state = conversation.state.rawValue
        language = conversation.locale
        startedAt = conversation.startedAt
        lastAt = conversation.lastAt
        self.disclosure = disclosure
    }
}

/// What the client asks.
struct AskRequest: Codable, Sendable, FieldsDescribed {
    let text: String
    /// A key of the client's own: the same message sent again is answered again, and stored once.
    let clientNonce: String?

    static let fieldDescriptions = [
        "text": "The message, up to 20,000 bytes.",
        "client_nonce": "A key of your own, up to 100 characters. The same message sent again gives the same answer.",
    ]
}

/// The assistant's answer. The crisis panel, when there is one, is shown before everything else.
struct ReplyDocument: Codable, Sendable, FieldsDescribed {
    struct Paragraph: Codable, Sendable {
        let text: String
        /// Number of the citation that it quotes.
        let citation: Int?
    }
    struct CitationDocument: Codable, Sendable {
        let number: Int
        let article: String
        let version: Int
        let language: String
        let passage: String
        let title: String
        let heading: String?
        let quote: String
    }

    /// Whether somebody of the care team is there, in the answer to whoever asks for a person.
    struct TeamDocument: Codable, Sendable, FieldsDescribed {
        let isThere: Bool
        let turnAt: Timestamp?

        static let fieldDescriptions = ["turn_at": "Until when somebody is there, or when somebody is there next."]
    }

    let messageId: ID<ChatMessage>?
    let stored: Bool
    let decision: String
    let tier: String
    let crisisPanel: PanelDocument?
    let alertSent: Bool
    let disclosure: String?
    let text: String
    let paragraphs: [Paragraph]
    let citations: [CitationDocument]
    let links: [LinkDocument]
    let suggestions: [String]
    let team: TeamDocument?
    let draftMessage: String?
    let guardrails: [String]
    let topics: [String]
    let confidence: Double
    /// The language model that put it into words; nil where the articles are quoted.
    let wordedBy: String?

    static let fieldDescriptions = [
        "stored":
            "Whether the message is on record. False only when the store cannot be written; help is shown all the same.",
        "alert_sent": "Whether the care team is being told.",
        "worded_by": "The language model that put the quotations into words; left out where the articles are quoted.",
        "draft_message": "A message to the practice, ready to be changed and sent.",
    ]

    init(_ answer: ChatService.Answer, prompts: Prompts) {
        let reply = answer.reply
        messageId = answer.messageID
        stored = answer.isStored
        decision = reply.decision.rawValue
        tier = (reply.crisis?.tier ?? .none).rawValue
        let isTold = answer.isAlertRaised && answer.isStored
        alertSent = isTold
        crisisPanel = reply.crisisPanel.map { panel in
            PanelDocument(panel, adding: isTold ? prompts.alertSent(language: panel.language) : nil)
        }
        disclosure = reply.disclosure
        text = reply.plainText
        paragraphs = reply.paragraphs.map { Paragraph(text: $0.text, citation: $0.citation.map { $0 + 1 }) }
        citations = reply.citations.enumerated().map { index, citation in
            CitationDocument(
                number: index + 1,
                article: citation.articleID,
                version: citation.articleVersion,
                language: citation.language,
                passage: citation.passageID,
                title: citation.title,
                heading: citation.heading,
                quote: citation.quote
            )
        }
        links = reply.links.map { LinkDocument(label: $0.label, path: $0.path) }
        suggestions = reply.suggestions
        team = reply.team.map { team in
            TeamDocument(isThere: team.isThere, turnAt: team.turnAt.map { Timestamp(milliseconds: $0) })
        }
        draftMessage = reply.draftMessage
        guardrails = reply.guardrails.map(\.ruleID)
        topics = reply.topics
        confidence = reply.confidence
        wordedBy = reply.wording?.model
    }
}

struct LinkDocument: Codable, Sendable {
    let label: String
    let path: String
}

/// One message of a conversation's history.
struct ChatMessageDocument: Codable, Sendable {
    let id: ID<ChatMessage>
    let role: String
    let at: Timestamp
    let text: String
    let reply: ReplyDocument?

    init(_ entry: ChatService.HistoryEntry, prompts: Prompts) {
        id = entry.message.id
        role = entry.message.role.rawValue
        at = entry.message.at
        text = entry.message.body.plaintext
        reply = entry.answer.map { ReplyDocument($0, prompts: prompts) }
    }
}

struct ConversationHistoryDocument: Codable, Sendable {
    let messages: [ChatMessageDocument]
}

/// An article as it was when the assistant quoted it.
struct QuotedArticleDocument: Codable, Sendable, FieldsDescribed {
    struct CurrentDocument: Codable, Sendable {
        let article: String
        let version: Int
        let title: String
        let path: String
    }

    let number: Int
    let article: ArticleDocument
    let outOfDate: Bool
    let outOfDateSince: Timestamp?
    let current: CurrentDocument?

    static let fieldDescriptions = [
        "number": "Number of the first citation of this article in the reply.",
        "article": "The very version that was quoted.",
        "out_of_date": "Whether it was replaced or taken down since; to be shown with it.",
        "current": "What stands in its place now.",
    ]

    init(_ quoted: QuotedArticle) {
        number = quoted.number
        article = ArticleDocument(quoted.article)
        outOfDate = quoted.outOfDateSince != nil
        outOfDateSince = quoted.outOfDateSince
        current = quoted.current.map { current in
            CurrentDocument(
                article: current.slug,
                version: current.version,
                title: current.title,
                path: "/api/v1/portal/resources/\(current.slug)"
            )
        }
    }
}
