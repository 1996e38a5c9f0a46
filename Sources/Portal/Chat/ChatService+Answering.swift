import Assistant
import Records
import Retrieval
import Store

/// From a message to its stored answer: look, choose, store.
extension ChatService {
    /// How often an answer is made anew because another message came in between, before it is made under the lock.
    private static let attempts = 3

    /// What is read before a message is answered.
    struct Look: Sendable {
        let conversation: Conversation
        let practice: Practice
        let client: Client
        /// The message that came with the same key before, and its answer.
        let earlier: Earlier?
    }

    struct Earlier: Sendable {
        let message: ChatMessage
        let answer: Answer
    }

    /// A reply that waits to be stored, and what it was made from.
    struct Choice: Sendable {
        /// The conversation as it was then.
        let conversation: Conversation
        let reply: Reply
        let context: ReplyContext
        let answerer: ArticleLibrary.Answerer
        var rewording: Rewording?

        /// As it goes out.
        var given: Reply { rewording.map { reply.saying($0.paragraphs) } ?? reply }
    }

    func store(_ answering: Answering) async throws -> Answer {
        try await gate.deliberate(
            .change,
            on: .chat,
            of: answering.client,
            as: answering.principal,
            purpose: .ownCare,
            entity: "chat_conversations",
            entityID: answering.conversation.text,
            attempts: Self.attempts,
            look: { try look(for: answering, $0) },
            think: { try await choose(for: answering, $0) },
            settle: { try settle($2, for: answering, $0, $1) },
            atLast: { access, transaction in
                let look = try look(for: answering, access)
                var draft = draft(for: answering, look, at: access.now)
                if !draft.wanted.isEmpty {
                    let fields = LiveFieldContext(practice: look.practice, client: look.client, access: access)
                    draft.add(try LiveFields.values(of: draft.wanted, in: fields), for: answering)
                }
                guard let answer = try settle(draft.choice, for: answering, access, transaction) else {
                    throw StoreError.busy
                }
                return answer
            }
        )
    }

    private func look(for answering: Answering, _ access: ClientAccess) throws -> Look {
        Look(
            conversation: try access.one(answering.conversation),
            practice: try access.practice(),
            client: try access.client(),
            earlier: try answering.nonce.flatMap { try answer(to: $0, in: answering.conversation, access) }
        )
    }

    // MARK: - Choosing

    /// A reply, and the live fields that it could say besides.
    private struct Draft {
        var choice: Choice
        var wanted: Set<String>

        /// Answers once more, with values from the client's own record.
        mutating func add(_ values: [String: String], for answering: Answering) {
            var context = choice.context
            context.liveFields.merge(values) { own, _ in own }
            choice = Choice(
                conversation: choice.conversation,
                reply: choice.answerer.assistant.reply(to: answering.text, in: context),
                context: context,
                answerer: choice.answerer
            )
            answering.choose(choice.reply)
        }
    }

    /// The record is looked into only for what the articles near the message would say from it.
    private func choose(for answering: Answering, _ look: Look) async throws -> Choice {
        var draft = draft(for: answering, look, at: surroundings.now())
        // What was answered before is answered as before; nothing is looked up or sent anywhere for it.
        if look.earlier?.message.body.plaintext == draft.choice.reply.redactedText { return draft.choice }
        if !draft.wanted.isEmpty {
            let wanted = draft.wanted
            let values = try await gate.open(
                .read,
                on: .chat,
                of: answering.client,
                as: answering.principal,
                purpose: .ownCare,
                entity: "chat_conversations",
                entityID: answering.conversation.text
            ) { access in
                let fields = LiveFieldContext(practice: look.practice, client: look.client, access: access)
                return try LiveFields.values(of: wanted, in: fields)
            }
            draft.add(values, for: answering)
        }
        var choice = draft.choice
        choice.rewording = await rewording(of: choice, for: answering)
        return choice
    }

    private func draft(for answering: Answering, _ look: Look, at now: Timestamp) -> Draft {
        let answerer = library.answerer(of: look.practice.id)
        var context = ReplyContext(language: look.conversation.locale, now: now.seconds)
        // What an older program remembered in a shape of its own is forgotten.
        if let state = Self.decode(look.conversation.memory, as: ConversationState.self) { context.state = state }
        context.audience = [.public_, .clients]
        context.practiceName = look.practice.name
        context.region = look.practice.region
        context.liveFields = LiveFields.ofThePractice(look.practice)
        context.team = TeamPresence(at: now, of: look.practice, for: look.client)
        context.encoded = answering.encoded
        let reply = answerer.assistant.reply(to: answering.text, in: context)
        answering.choose(reply)
        return Draft(
            choice: Choice(conversation: look.conversation, reply: reply, context: context, answerer: answerer),
            wanted: answerer.assistant.liveFields(near: reply).subtracting(context.liveFields.keys)
                .subtracting(LiveFields.ofThePractice)
        )
    }

    private func rewording(of choice: Choice, for answering: Answering) async -> Rewording? {
        let reply = choice.reply
        guard let rewording, reply.decision == .answer, reply.crisis == nil, reply.crisisPanel == nil,
            !reply.citations.isEmpty
        else { return nil }
        if let known = answering.rewording(of: reply.paragraphs) { return known }
        let made = await rewording.reword(
            ChosenReply(
                message: reply.redactedText,
                reply: reply,
                language: choice.context.language,
                practiceID: answering.principal.practiceID,
                clientID: answering.client
            )
        )
        answering.keep(made, of: reply.paragraphs)
        return made
    }

    // MARK: - Storing

    /// Stores message, reply and what follows from them. What may have changed since the look is looked at again; nil when
    /// another message came in between, so that the reply has to be made with that in mind.
    private func settle(
        _ choice: Choice,
        for answering: Answering,
        _ access: ClientAccess,
        _ transaction: Transaction
    ) throws -> Answer? {
        var conversation = try access.one(answering.conversation)
        let isUrgent = answering.tier > .none
        let reply = choice.given
        if !isUrgent { try ensureSession(of: answering.principal, transaction) }
        var key = answering.nonce
        if let nonce = answering.nonce, let earlier = try answer(to: nonce, in: conversation.id, access) {
            if earlier.message.body.plaintext == reply.redactedText { return earlier.answer }
            guard isUrgent else { throw Refusal.conflict("This key was used for another message.") }
            key = nil
        }
        guard conversation.state != .closed || isUrgent else {
            throw Refusal.conflict("This conversation is closed. Start a new one.")
        }
        guard conversation.memory == choice.conversation.memory else { return nil }
        let asked = try append(choice, to: conversation, nonce: key, access, transaction)
        try OutcomeRecording(access: access, surroundings: surroundings)
            .record(reply, asked: asked, in: conversation.id, locale: conversation.locale)
        if let finding = reply.crisis {
            try safetyNet.record(
                finding,
                text: answering.text,
                source: .chat,
                sourceID: asked.text,
                access: access,
                alerts: alerts,
                surroundings: surroundings
            )
        }
        conversation.memory = SealedText(try Self.encode(reply.state))
        conversation.disclosedAt = reply.disclosure == nil ? conversation.disclosedAt : access.now
        conversation.lastAt = access.now
        conversation.updatedAt = access.now
        try access.update(conversation)
        try access.append(DomainEvent("chat.answered", subject: asked.text), ids: surroundings)
        return Answer(reply: reply, messageID: asked, isAlertRaised: reply.crisis?.alert ?? false)
    }

    /// Whoever signed out meanwhile is not answered.
    private func ensureSession(of principal: Principal, _ transaction: Transaction) throws {
        guard let id = principal.origin.sessionID,
            let row = try transaction.row("SELECT is_active FROM auth_sessions WHERE id = \(id)")
        else { return }
        guard try row.get("is_active", as: Bool.self) else { throw AccessDenied() }
    }
}
