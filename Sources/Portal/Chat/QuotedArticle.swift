public import Records
public import Retrieval
import Store

/// An article as the assistant quoted it to a client, whatever became of it since.
public struct QuotedArticle: Sendable {
    /// Place of the citation in the reply, from 1. Of several of one version the first.
    public let number: Int
    /// The very version that was quoted.
    public let article: Article
    /// When it was taken down or replaced; nil while it stands.
    public let outOfDateSince: Timestamp?
    /// What stands in its place now, where the client may read it.
    public let current: Current?

    public struct Current: Sendable, Hashable {
        public let slug: String
        public let version: Int
        public let language: String
        public let title: String
    }
}

extension ChatService {
    /// The versions that the reply to a message quoted, each once. Only who may read the conversation sees them, so that a
    /// version that was taken down is open to those who were shown it and to nobody else.
    ///
    /// - Parameter message: the client's message, or the assistant's.
    public func quoted(in message: ID<ChatMessage>, of client: ID<Client>, as principal: Principal) async throws
        -> [QuotedArticle]
    {
        try await gate.perform(
            nil,
            .read,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_messages",
            entityID: message.text
        ) { access, transaction in
            var answer = try access.one(message)
            if answer.role == .client {
                let next = answer.ordinal + 1
                guard
                    let reply = try access.first(
                        ChatMessage.self,
                        where: "conversation_id = \(answer.conversationID) AND ordinal = \(next)"
                    )
                else { throw RecordNotFound() }
                answer = reply
            }
            let citations = try access.all(
                StoredCitation.self,
                where: "message_id = \(answer.id)",
                order: "rank"
            )
            var seen: Set<ID<ArticleVersion>> = []
            return try citations.compactMap { citation in
                guard let version = try ArticleVersion.quoted(by: citation, of: access.practiceID, in: transaction),
                    seen.insert(version.id).inserted, var article = version.article
                else { return nil }
                article.version = version.version
                return QuotedArticle(
                    number: citation.rank,
                    article: article,
                    outOfDateSince: version.retiredAt,
                    current: try version.isLive ? nil : Self.current(version, transaction)
                )
            }
        }
    }

    private static func current(_ version: ArticleVersion, _ transaction: Transaction) throws -> QuotedArticle.Current?
    {
        try transaction.row(
            """
            SELECT v.*, r.slug FROM resource_versions v JOIN resources r ON r.id = v.resource_id
            WHERE r.id = \(version.resourceID) AND r.status = 'PUBLISHED' AND r.audience IN ('PUBLIC', 'CLIENTS')
                AND v.locale = \(version.locale) AND v.published_at IS NOT NULL AND v.retired_at IS NULL
            """
        ).map { row in
            QuotedArticle.Current(
                slug: try row.get("slug"),
                version: try row.get("version"),
                language: try row.get("locale"),
                title: try row.get("title")
            )
        }
    }
}
