/// What the assistant says to one message. Complete in itself: stored, it can be shown again as it was.
public struct Reply: Sendable, Codable, Hashable {
    public enum Decision: String, Sendable, Codable, CaseIterable {
        /// Articles are quoted.
        case answer
        /// The assistant asks which of two articles is meant.
        case clarify
        /// Nothing in the articles answers the message.
        case abstain
        /// A guardrail refused it, or the personal part of it.
        case refuse
        /// The crisis panel is the reply; an ordinary question may be answered below it.
        case crisis
        /// A greeting, thanks, goodbye, or a question about the assistant.
        case smalltalk
        /// The writer wants a person.
        case handover
    }

    public let decision: Decision
    /// Nil when the crisis screen found nothing.
    public let crisis: CrisisFinding?
    /// Shown first, before everything else.
    public let crisisPanel: CrisisPanel?
    /// Guardrails that applied, the most important first.
    public let guardrails: [GuardrailEvent]
    /// The message without card numbers, passwords and the like: what may be stored.
    public let redactedText: String
    /// Kinds of what was removed, in the order found; see ``Redaction/Kind``.
    public let redactions: [String]
    public internal(set) var paragraphs: [ReplyParagraph]
    /// What the paragraphs quote, in the order of the paragraphs.
    public let citations: [Citation]
    /// At most three pages of the portal to go to.
    public let links: [ReplyLink]
    /// At most three questions to ask next.
    public let suggestions: [String]
    /// Whether somebody of the care team is there, where that was said.
    public let team: TeamPresence?
    /// A message to the care team, begun for the writer.
    public let draftMessage: String?
    /// The notice that this is an automated assistant, when it is due.
    public let disclosure: String?
    /// How likely the first article answers the message, 0 to 1.
    public let confidence: Double
    /// Ids of the articles nearest to the message, best first, also when none was good enough to quote.
    public let topics: [String]
    /// What to hand in with the conversation's next message.
    public let state: ConversationState
    /// Version of the rules and texts that made the reply.
    public let rulesVersion: String
    /// Nil when no language model had a part in it.
    public internal(set) var wording: ModelWording?

    /// The same reply with other paragraphs. A paragraph that points to no citation of the reply points to none.
    public func saying(_ paragraphs: [ReplyParagraph]) -> Reply {
        Reply(
            decision: decision,
            crisis: crisis,
            crisisPanel: crisisPanel,
            guardrails: guardrails,
            redactedText: redactedText,
            redactions: redactions,
            paragraphs: paragraphs.map { paragraph in
                let isKnown = paragraph.citation.map(citations.indices.contains) ?? true
                return isKnown ? paragraph : ReplyParagraph(paragraph.text)
            },
            citations: citations,
            links: links,
            suggestions: suggestions,
            team: team,
            draftMessage: draftMessage,
            disclosure: disclosure,
            confidence: confidence,
            topics: topics,
            state: state,
            rulesVersion: rulesVersion
        )
    }

    /// The reply as plain text, in the order a person should read it.
    public var plainText: String {
        var blocks: [String] = []
        if let crisisPanel { blocks.append(crisisPanel.plainText) }
        if let disclosure { blocks.append(disclosure) }
        blocks += paragraphs.map(\.text)
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

/// A paragraph of a reply: the assistant's own words, or a quotation.
public struct ReplyParagraph: Sendable, Codable, Hashable {
    public let text: String
    /// Place in ``Reply/citations`` of what is quoted, from 0; nil for the assistant's own words.
    public let citation: Int?

    public init(_ text: String, citation: Int? = nil) {
        self.text = text
        self.citation = citation
    }
}

/// Where a quotation stands.
public struct Citation: Sendable, Codable, Hashable {
    public let articleID: String
    /// Version of the article that was quoted.
    public let articleVersion: Int
    public let passageID: String
    public let title: String
    /// Heading above the passage; nil in the lead of the article.
    public let heading: String?
    /// The words quoted, exactly as they stand in the passage, with live fields filled in.
    public let quote: String
    /// Language of the article.
    public let language: String
    /// Anchor of the section within the article's page; empty for the lead.
    public let anchor: String
}

/// A page of the portal to go to.
public struct ReplyLink: Sendable, Codable, Hashable {
    public let label: String
    /// Path within the portal, such as `/portal/billing`.
    public let path: String
}
