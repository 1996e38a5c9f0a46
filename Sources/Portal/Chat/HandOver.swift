import Knowledge
public import Records
public import Store

/// A client who prefers a person, or whom the assistant could not help, asks the care team, with what was said so far if they
/// want that (AI-10, AI-19). Nobody has to be online: it waits as a message does, and the client is told of the answer.
public struct HandOver: RecordKind {
    public enum Status: String, Codable, Sendable, CaseIterable, SQLConvertible {
        case waiting = "WAITING"
        case answered = "ANSWERED"
        /// The client no longer needs it.
        case withdrawn = "WITHDRAWN"
    }

    /// What the client asks.
    public var message: SealedText
    public var conversationID: ID<Conversation>?
    /// The conversation with the assistant as it stood, when the client sent it along.
    public var transcript: SealedText?
    public var status: Status
    public var answer: SealedText?
    public var answeredAt: Timestamp?

    public static let declaration = RecordDeclaration<HandOver>(
        "hand-over to a person",
        heading: LocalizedText(en: "Questions to a person", es: "Preguntas a una persona"),
        collection: "hand-overs",
        table: "hand_overs",
        area: .messages,
        requirements: ["AI-10", "AI-19"],
        sharing: .always,
        readers: [.portal, .staff],
        acts: [ask, giveAnswer, withdraw],
        rules: [
            .length("message", 1...10_000) { $0.message },
            .length("answer", 1...10_000) { $0.answer },
        ],
        screening: .init("MESSAGE") { [$0.message] }
    )
}

// MARK: - What can be done with it

extension HandOver {
    /// The client asks for a person.
    public static let ask = Act<Self, Question>.create(
        "Ask the care team instead of the assistant",
        through: .portal,
        from: Question.self,
        event: "chat.handed-over",
        telling: Telling(
            .clinician,
            LocalizedText(en: "A client asks for a person", es: "Un cliente pide hablar con una persona"),
            link: "/therapist/hand-overs"
        )
    ) { question, context in
        HandOver(
            message: question.message,
            conversationID: question.conversationID,
            transcript: question.withTranscript ? try transcript(of: question.conversationID, context) : nil,
            status: .waiting
        )
    }

    /// Somebody answers.
    public static let giveAnswer = Act<Self, Answer>.step(
        "answer",
        "Answer a client who asked for a person",
        through: .staff,
        taking: Answer.self,
        event: "hand-over.answered",
        telling: Telling(
            .client,
            LocalizedText(en: "Your care team answered you", es: "Su equipo de atención le respondió"),
            link: "/portal/messages"
        )
    ) { handOver, answer, context in
        guard handOver.status != .withdrawn else {
            throw StepRefused("The client took this back. Write a message to them if there is something to say.")
        }
        handOver.status = .answered
        handOver.answer = answer.answer
        handOver.answeredAt = context.now
    }

    /// The client takes it back.
    public static let withdraw = Act<Self, NoInput>.step(
        "withdraw",
        "Take back having asked for a person",
        through: .portal,
        taking: NoInput.self,
        event: "hand-over.withdrawn"
    ) { handOver, _, _ in
        guard handOver.status == .waiting else {
            throw StepRefused("This was answered or taken back already.")
        }
        handOver.status = .withdrawn
    }

    /// Messages of a conversation that go along, the latest.
    private static let mostMessages = 200

    /// A conversation as a person reads it. Who may not read the conversation may not send it along either.
    private static func transcript(of id: ID<Conversation>?, _ context: ActContext) throws -> SealedText {
        guard let id else {
            throw RecordFaults(
                "conversation_id",
                "is missing",
                remedy: "Say which conversation to send along, or send none"
            )
        }
        let access = try context.access.beside(.read, on: .chat, entity: "chat_conversations")
        _ = try access.one(id)
        let messages = try access.all(
            ChatMessage.self,
            where: "conversation_id = \(id)",
            order: "ordinal DESC",
            limit: mostMessages
        )
        let lines = messages.reversed().map { message in
            switch message.role {
            case .client: "Client: \(message.body.plaintext)"
            case .assistant: "Assistant: \(message.body.plaintext)"
            case .system: message.body.plaintext
            }
        }
        return SealedText(lines.joined(separator: "\n\n"))
    }
}

extension HandOver {
    /// What a client sends.
    public struct Question: Codable, Sendable {
        public var message: SealedText
        /// The conversation that it comes out of.
        public var conversationID: ID<Conversation>?
        /// Whether the care team may read that conversation.
        public var withTranscript: Bool

        public init(message: SealedText, conversationID: ID<Conversation>? = nil, withTranscript: Bool = false) {
            self.message = message
            self.conversationID = conversationID
            self.withTranscript = withTranscript
        }
    }

    /// What the care team answers.
    public struct Answer: Codable, Sendable {
        public var answer: SealedText
        public init(answer: SealedText) { self.answer = answer }
    }
}
