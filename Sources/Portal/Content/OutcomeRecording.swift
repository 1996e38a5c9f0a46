import Assistant
import Records
import Store

/// Writes down what came of a message, in the transaction of the message.
struct OutcomeRecording {
    /// Gathers like questions; see ``GapService``.
    static let gatherWork = "content.gather"

    let access: ClientAccess
    let surroundings: Surroundings

    /// - Parameters:
    ///   - asked: the client's message as it was stored.
    ///   - locale: language of the conversation.
    func record(_ reply: Reply, asked: ID<ChatMessage>, in conversation: ID<Conversation>, locale: String) throws {
        let previous = try previous(to: asked, in: conversation)
        if reply.decision == .answer, let previous { try settleChoice(previous) }
        let cited = reply.citations.first
        var outcome = ChatOutcome(
            id: surroundings.newID(),
            clientID: access.clientID,
            conversationID: conversation,
            messageID: asked,
            decision: reply.decision.rawValue,
            topic: cited?.articleID ?? (reply.decision == .abstain ? nil : reply.topics.first),
            articleVersion: cited?.articleVersion,
            locale: cited?.language ?? locale,
            isReleased: false,
            at: access.now,
            createdAt: access.now,
            updatedAt: access.now
        )
        switch reply.decision {
        case .abstain: outcome.unanswered = .abstained
        case .clarify: outcome.unanswered = .notChosen
        case .handover:
            // Who asks for a person right after an answer did not get what they needed.
            if let previous { try leaveOpen(previous, because: .handedOver) }
        // What somebody writes in danger, and what the rules refuse, is no gap in the articles.
        case .answer, .refuse, .crisis, .smalltalk: break
        }
        if outcome.unanswered != nil {
            // Beside a sign of danger, nothing is passed on.
            if (reply.crisis?.tier ?? .none) > .none {
                outcome.unanswered = nil
            } else {
                outcome.question = SealedText(reply.redactedText)
            }
        }
        try access.insert(outcome)
        if outcome.unanswered != nil { try gather(outcome.id) }
    }

    private func previous(to asked: ID<ChatMessage>, in conversation: ID<Conversation>) throws -> ChatOutcome? {
        let message = try access.first(
            ChatMessage.self,
            where: "conversation_id = \(conversation) AND role = 'CLIENT' AND id <> \(asked)",
            order: "ordinal DESC"
        )
        return try message.flatMap { try access.first(ChatOutcome.self, where: "message_id = \($0.id)") }
    }

    /// A question that the client went on to choose an article for was answered.
    private func settleChoice(_ previous: ChatOutcome) throws {
        guard previous.unanswered == .notChosen else { return }
        var settled = previous
        settled.unanswered = nil
        settled.question = nil
        settled.gapID = nil
        settled.updatedAt = access.now
        try access.update(settled)
    }

    /// Counts an answered question among the unanswered ones.
    func leaveOpen(_ outcome: ChatOutcome, because reason: UnansweredReason) throws {
        var outcome = outcome
        guard outcome.unanswered == nil, outcome.decision == Reply.Decision.answer.rawValue else { return }
        outcome.unanswered = reason
        outcome.question = try access.one(outcome.messageID).body
        outcome.updatedAt = access.now
        try access.update(outcome)
        try gather(outcome.id)
    }

    private func gather(_ outcome: ID<ChatOutcome>) throws {
        try access.enqueue(WorkRequest(Self.gatherWork, subject: outcome.text), ids: surroundings)
    }
}
