import Assistant
import Records
import Retrieval
import Store

/// The messages of a conversation, as they are stored.
extension ChatService {
    /// Stores the message and its reply, with what the reply was made of; returns the message's id.
    func append(
        _ choice: Choice,
        to conversation: Conversation,
        nonce: String?,
        _ access: ClientAccess,
        _ transaction: Transaction
    ) throws -> ID<ChatMessage> {
        let reply = choice.given
        let last =
            try access.first(ChatMessage.self, where: "conversation_id = \(conversation.id)", order: "ordinal DESC")?
            .ordinal ?? 0
        let asked = ChatMessage(
            id: surroundings.newID(),
            clientID: access.clientID,
            conversationID: conversation.id,
            ordinal: last + 1,
            role: .client,
            body: SealedText(reply.redactedText),
            clientNonce: nonce,
            at: access.now,
            createdAt: access.now,
            updatedAt: access.now
        )
        let answered = ChatMessage(
            id: surroundings.newID(),
            clientID: access.clientID,
            conversationID: conversation.id,
            ordinal: last + 2,
            role: .assistant,
            body: SealedText(reply.plainText),
            reply: SealedText(try Self.encode(reply)),
            decision: reply.decision.rawValue,
            confidence: reply.confidence,
            rulesVersion: reply.rulesVersion,
            at: access.now,
            createdAt: access.now,
            updatedAt: access.now
        )
        try access.insert(asked)
        try access.insert(answered)
        try access.insert(inputs(of: choice, answered.id, access))
        for (index, citation) in reply.citations.enumerated() {
            try access.insert(
                StoredCitation(
                    id: surroundings.newID(),
                    clientID: access.clientID,
                    messageID: answered.id,
                    rank: index + 1,
                    articleID: citation.articleID,
                    articleVersion: citation.articleVersion,
                    passageID: citation.passageID,
                    locale: citation.language,
                    resourceVersionID: try version(of: citation, access, transaction),
                    createdAt: access.now,
                    updatedAt: access.now
                )
            )
        }
        for event in reply.guardrails {
            try access.insert(
                StoredGuardrailEvent(
                    id: surroundings.newID(),
                    clientID: access.clientID,
                    messageID: asked.id,
                    ruleCode: event.ruleID,
                    rulesVersion: reply.rulesVersion,
                    category: event.category.rawValue,
                    action: event.action.rawValue,
                    at: access.now,
                    createdAt: access.now,
                    updatedAt: access.now
                )
            )
        }
        return asked.id
    }

    private func inputs(of choice: Choice, _ message: ID<ChatMessage>, _ access: ClientAccess) throws -> ReplyInputs {
        ReplyInputs(
            id: surroundings.newID(),
            clientID: access.clientID,
            messageID: message,
            rulesVersion: choice.reply.rulesVersion,
            wordingVersion: choice.answerer.wordingVersion,
            lexiconVersion: choice.answerer.lexiconVersion,
            rankingVersion: SearchIndex.rankingVersion,
            encoder: choice.answerer.encoder,
            edition: choice.answerer.edition,
            context: SealedText(try Self.encode(PinnedContext(choice.context))),
            rewordedBy: choice.rewording?.author,
            draft: choice.rewording == nil ? nil : SealedText(try Self.encode(choice.reply)),
            createdAt: access.now,
            updatedAt: access.now
        )
    }

    private func version(of citation: Citation, _ access: ClientAccess, _ transaction: Transaction) throws
        -> ID<ArticleVersion>?
    {
        try transaction.row(
            """
            SELECT v.id FROM resource_versions v JOIN resources r ON r.id = v.resource_id
            WHERE r.practice_id = \(access.practiceID) AND r.slug = \(citation.articleID)
                AND v.version = \(citation.articleVersion) AND v.locale = \(citation.language)
            """
        )?.get("id")
    }

    /// The message that was sent with this key before, and its answer.
    func answer(to nonce: String, in id: ID<Conversation>, _ access: ClientAccess) throws -> Earlier? {
        guard
            let asked = try access.first(
                ChatMessage.self,
                where: "conversation_id = \(id) AND client_nonce = \(nonce)"
            ),
            let answered = try access.first(
                ChatMessage.self,
                where: "conversation_id = \(id) AND ordinal = \(asked.ordinal + 1)"
            ),
            let reply = Self.decode(answered.reply)
        else { return nil }
        return Earlier(
            message: asked,
            answer: Answer(
                reply: reply,
                messageID: asked.id,
                isAlertRaised: reply.crisis?.alert ?? false,
                isEarlier: true
            )
        )
    }
}
