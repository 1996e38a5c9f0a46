import Knowledge
public import Records
public import Store

/// Something to do between sessions: given by the therapist, done by the client, answered by the therapist (ENG-01 to 05).
public struct HomeworkAssignment: RecordKind {
    public enum HomeworkType: String, Codable, Sendable, CaseIterable, SQLConvertible {
        case thoughtRecord = "THOUGHT_RECORD"
        case worksheet = "WORKSHEET"
        case exposure = "EXPOSURE"
        case behavioral = "BEHAVIORAL"
        case reading = "READING"
        case mindfulness = "MINDFULNESS"
        case custom = "CUSTOM"
    }

    public enum Status: String, Codable, Sendable, CaseIterable, SQLConvertible {
        case assigned = "ASSIGNED"
        case started = "STARTED"
        case completed = "COMPLETED"
        /// The therapist answered.
        case reviewed = "REVIEWED"
        case cancelled = "CANCELLED"

        var isOpen: Bool { self == .assigned || self == .started }
    }

    public var title: SealedText
    public var description: SealedText?
    public var homeworkType: HomeworkType
    public var dueAt: Timestamp?
    public var status: Status
    /// What the client wrote.
    public var response: SealedText?
    public var completedAt: Timestamp?
    /// What the therapist answered.
    public var feedback: SealedText?
    public var feedbackAt: Timestamp?
    /// Kept from those who act for a minor or read along, answer and all.
    public var isConfidential: Bool

    public static let declaration = RecordDeclaration<HomeworkAssignment>(
        "homework assignment",
        heading: LocalizedText(en: "Homework", es: "Tareas"),
        collection: "homework",
        table: "homework_assignments",
        area: .homework,
        requirements: ["ENG-01", "ENG-02", "ENG-03", "ENG-05"],
        sharing: .always,
        confidentiality: .everythingBut("is_confidential = 0"),
        readers: [.portal, .staff],
        acts: [assign, start, complete, giveFeedback, cancel],
        rules: [
            .length("title", 1...200) { $0.title },
            .length("description", 0...10_000) { $0.description },
            .length("response", 0...20_000) { $0.response },
            .length("feedback", 1...10_000) { $0.feedback },
        ],
        screening: .init("FORM") { [$0.response] }
    )
}

// MARK: - What can be done with it

extension HomeworkAssignment {
    /// The therapist gives homework.
    public static let assign = Act<Self, Task>.create(
        "Give a client homework",
        through: .staff,
        from: Task.self,
        event: "homework.assigned",
        telling: Telling(
            .client,
            LocalizedText(en: "There is new homework for you", es: "Tiene una tarea nueva"),
            link: "/portal/homework"
        )
    ) { task, _ in HomeworkAssignment(task) }

    /// The client begins.
    public static let start = Act<Self, NoInput>.step(
        "start",
        "Begin homework",
        through: .portal,
        taking: NoInput.self,
        event: "homework.started"
    ) { homework, _, _ in
        try homework.checkOpen()
        homework.status = .started
    }

    /// The client hands it in.
    public static let complete = Act<Self, Completion>.step(
        "complete",
        "Hand homework in",
        through: .portal,
        taking: Completion.self,
        event: "homework.completed",
        telling: Telling(
            .clinician,
            LocalizedText(en: "A client handed homework in", es: "Un cliente entregó una tarea"),
            link: "/therapist/homework"
        )
    ) { homework, completion, context in
        try homework.checkOpen()
        homework.status = .completed
        homework.response = completion.response
        homework.completedAt = context.now
    }

    /// The therapist answers it.
    public static let giveFeedback = Act<Self, Feedback>.step(
        "feedback",
        "Answer homework that was handed in",
        through: .staff,
        taking: Feedback.self,
        event: "homework.reviewed",
        telling: Telling(
            .client,
            LocalizedText(en: "Your therapist answered your homework", es: "Su terapeuta respondió a su tarea"),
            link: "/portal/homework"
        )
    ) { homework, answer, context in
        guard homework.status == .completed || homework.status == .reviewed else {
            throw StepRefused("The client has not handed this in yet. Give feedback once it is completed.")
        }
        homework.status = .reviewed
        homework.feedback = answer.feedback
        homework.feedbackAt = context.now
    }

    /// The therapist takes it back.
    public static let cancel = Act<Self, NoInput>.step(
        "cancel",
        "Take homework back",
        through: .staff,
        taking: NoInput.self,
        event: "homework.cancelled"
    ) { homework, _, _ in
        try homework.checkOpen()
        homework.status = .cancelled
    }

    private func checkOpen() throws(StepRefused) {
        guard status.isOpen else { throw StepRefused("This homework is done or was taken back already.") }
    }
}

extension HomeworkAssignment {
    /// What a therapist gives.
    public struct Task: Codable, Sendable {
        public var title: SealedText
        public var description: SealedText?
        public var homeworkType: HomeworkType
        public var dueAt: Timestamp?
        /// It is, unless said.
        public var isConfidential: Bool?

        public init(
            title: SealedText,
            description: SealedText? = nil,
            homeworkType: HomeworkType,
            dueAt: Timestamp? = nil,
            isConfidential: Bool? = nil
        ) {
            self.isConfidential = isConfidential
            self.title = title
            self.description = description
            self.homeworkType = homeworkType
            self.dueAt = dueAt
        }
    }

    /// What a client hands in.
    public struct Completion: Codable, Sendable {
        public var response: SealedText?
        public init(response: SealedText?) { self.response = response }
    }

    public struct Feedback: Codable, Sendable {
        public var feedback: SealedText
        public init(feedback: SealedText) { self.feedback = feedback }
    }

    init(_ task: Task) {
        title = task.title
        description = task.description
        homeworkType = task.homeworkType
        dueAt = task.dueAt
        status = .assigned
        isConfidential = task.isConfidential ?? true
    }
}
