public import Knowledge
public import Records

/// What the check found in a draft, and what publishing it would do to the answers.
public struct ContentCheckReport: Sendable, Hashable, Codable {
    /// One thing to look at: where, what, and what to do.
    public struct Finding: Sendable, Hashable, Codable {
        public let line: Int
        /// An error keeps the draft from being published.
        public let severity: Diagnostic.Severity
        public let message: String
        public let remedy: String
    }

    /// Questions of a kind that nothing answers today.
    public struct GapEffect: Sendable, Hashable, Codable {
        public let gap: ID<ContentGap>
        public let paraphrase: String?
        /// How many questions there are, and how many this draft would answer.
        public let questions: Int
        public let answered: Int
    }

    /// A sample question of another article that would no longer find it.
    public struct LostQuestion: Sendable, Hashable, Codable {
        public let article: String
        public let question: String
        /// What it would find instead; nil for nothing.
        public let finds: String?
    }

    public let findings: [Finding]
    /// Unanswered questions in the draft's language, and how many of them the draft would answer.
    public let unanswered: Int
    public let wouldAnswer: Int
    public let gaps: [GapEffect]
    /// Good answers that would change: sample questions of other articles by name, clients' questions by number.
    public let lost: [LostQuestion]
    public let answered: Int
    public let wouldChange: Int

    public var isBlocked: Bool { findings.contains { $0.severity == .error } }
}
