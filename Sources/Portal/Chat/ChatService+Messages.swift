import Assistant
import Records
import Store

/// The messages of a conversation, as they are stored.
extension ChatService {
    /// Stores the message and its reply; returns the message's id.
    func append(_ reply: Reply, to conversation: Conversation, nonce: String?, _ access: ClientAccess) throws
        -> ID<ChatMessage>
    {
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

    /// The message that was sent with this key before, and its answer.
    func answer(
        to nonce: String,
        in id: ID<Conversation>,
        _ access: ClientAccess
    ) throws -> (message: ChatMessage, answer: Answer)? {
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
        return (
            asked,
            Answer(reply: reply, messageID: asked.id, isAlertRaised: reply.crisis?.alert ?? false, isEarlier: true)
        )
    }
}
