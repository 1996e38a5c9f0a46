public import Assistant
public import Records
import Store

/// What clients say of the assistant's answers.
public struct FeedbackService: Sendable {
    let gate: ClientGate
    let alerts: AlertService
    let safetyNet: SafetyNet

    private var surroundings: Surroundings { gate.surroundings }
    private static let longestComment = 2000

    /// What a client says.
    public struct Opinion: Sendable {
        public var isHelpful: Bool
        public var reason: ChatFeedback.Reason?
        public var comment: String?
        /// Whether the editors may read question and comment, which they do not see otherwise.
        public var isReleased: Bool

        public init(
            isHelpful: Bool,
            reason: ChatFeedback.Reason? = nil,
            comment: String? = nil,
            isReleased: Bool = false
        ) {
            self.isHelpful = isHelpful
            self.reason = reason
            self.comment = comment
            self.isReleased = isReleased
        }
    }

    /// Keeps the client's opinion of the answer to a message; a later one takes its place.
    ///
    /// - Parameter message: the client's message or the answer to it.
    /// - Returns: what was kept, and the help to show when the comment tells of danger.
    public func give(
        _ opinion: Opinion,
        on message: ID<ChatMessage>,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> (feedback: ChatFeedback, panel: CrisisPanel?) {
        if let comment = opinion.comment, comment.count > Self.longestComment {
            throw Refusal.invalid(
                pointer: "/comment",
                message: "should have at most \(Self.longestComment) characters",
                remedy: "Say it shorter"
            )
        }
        return try await gate.open(
            .change,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_messages",
            entityID: message.text
        ) { access in
            let asked = try asked(message, access)
            guard let outcome = try access.first(ChatOutcome.self, where: "message_id = \(asked.id)") else {
                throw RecordNotFound()
            }
            let feedback = try keep(opinion, on: outcome, access)
            try count(feedback, in: outcome, access)
            return (feedback, try screen(opinion.comment, feedback, access))
        }
    }

    private func asked(_ id: ID<ChatMessage>, _ access: ClientAccess) throws -> ChatMessage {
        let message = try access.one(id)
        guard message.role != .client else { return message }
        guard
            let asked = try access.first(
                ChatMessage.self,
                where: "conversation_id = \(message.conversationID) AND ordinal = \(message.ordinal - 1)"
            )
        else { throw RecordNotFound() }
        return asked
    }

    private func keep(_ opinion: Opinion, on outcome: ChatOutcome, _ access: ClientAccess) throws -> ChatFeedback {
        let known = try access.first(ChatFeedback.self, where: "message_id = \(outcome.messageID)")
        let feedback = ChatFeedback(
            id: known?.id ?? surroundings.newID(),
            clientID: access.clientID,
            messageID: outcome.messageID,
            isHelpful: opinion.isHelpful,
            reason: opinion.isHelpful ? nil : opinion.reason,
            comment: opinion.comment.map { SealedText(Redactor.redact($0).text) },
            isReleased: opinion.isReleased,
            articleSlug: outcome.articleVersion == nil ? nil : outcome.topic,
            articleVersion: outcome.articleVersion,
            locale: outcome.locale,
            at: access.now,
            createdAt: known?.createdAt ?? access.now,
            updatedAt: access.now
        )
        if known == nil { try access.insert(feedback) } else { try access.update(feedback) }
        return feedback
    }

    /// An answer that did not help is a question that was not answered.
    private func count(_ feedback: ChatFeedback, in outcome: ChatOutcome, _ access: ClientAccess) throws {
        var outcome = outcome
        if feedback.isHelpful, outcome.unanswered == .unhelpful {
            outcome.unanswered = nil
            outcome.question = nil
            outcome.gapID = nil
        }
        outcome.isReleased = feedback.isReleased
        outcome.updatedAt = access.now
        try access.update(outcome)
        if !feedback.isHelpful {
            try OutcomeRecording(access: access, surroundings: surroundings).leaveOpen(outcome, because: .unhelpful)
        }
    }

    /// Whatever a client writes is read for danger.
    private func screen(_ comment: String?, _ feedback: ChatFeedback, _ access: ClientAccess) throws -> CrisisPanel? {
        guard let comment else { return nil }
        let finding = safetyNet.screen(comment, of: access.practiceID)
        guard finding.tier > .none else { return nil }
        try safetyNet.record(
            finding,
            text: comment,
            source: .chat,
            sourceID: feedback.id.text,
            access: access,
            alerts: alerts,
            surroundings: surroundings
        )
        return safetyNet.panel(for: finding.tier, language: finding.language, region: try access.practice().region)
    }
}
