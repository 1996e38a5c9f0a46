public import Assistant
import Knowledge
public import Records
public import Retrieval
import Store
import Synchronization

/// Makes past replies again from what is kept, for the person who runs the server: any answer can be accounted for.
///
/// Every reply that is looked at is on record as `CHAT.REPLAY` of its client; its words are shown to nobody, unless for a
/// stated reason that an administrator of the practice answers for (``Reveal``).
public final class ReplyReplay: Sendable {
    /// Why the words are to be shown.
    public struct Reveal: Sendable {
        /// Kept sealed; the audit says only that it was given.
        public let reason: String
        /// Name under which an administrator of the practice signs in.
        public let administrator: String

        public init(reason: String, administrator: String) {
            self.reason = reason
            self.administrator = administrator
        }
    }

    /// Rules, wording and lexicon to answer by.
    public struct Knowledge: Sendable {
        let prompts: Prompts
        let lexicon: Lexicon

        public init(prompts: Prompts, lexicon: Lexicon) {
            self.prompts = prompts
            self.lexicon = lexicon
        }
    }

    private let gate: ClientGate
    private let library: ArticleLibrary
    private let knowledge: Knowledge
    /// By edition and encoder.
    private let assistants = Mutex<[String: Assistant]>([:])

    init(gate: ClientGate, library: ArticleLibrary, knowledge: Knowledge) {
        self.gate = gate
        self.library = library
        self.knowledge = knowledge
    }

    /// The assistant's messages of all practices, from a moment on, oldest first.
    public func messages(since: Timestamp? = nil) async throws -> [ID<ChatMessage>] {
        try await gate.database.read { transaction in
            try transaction.rows(
                """
                SELECT id FROM chat_messages WHERE role = 'ASSISTANT' AND (at >= \(since) OR \(since) IS NULL)
                ORDER BY at, id
                """
            ).map { try $0.get("id") }
        }
    }

    /// Makes a reply again.
    ///
    /// - Parameter message: the assistant's message, or the client's that it answers. Throws `RecordNotFound` for another.
    public func replay(_ message: ID<ChatMessage>, work: String = "command-line") async throws -> ReplayReport {
        try await replay(message, revealing: nil, work: work).report
    }

    /// The same with the words of question and reply. The administrators of the practice are told, as when a record is opened
    /// in an emergency. Throws ``Refusal/invalid(pointer:message:remedy:)`` without a reason, and for a name that is no
    /// administrator's of the client's practice.
    public func show(_ message: ID<ChatMessage>, _ reveal: Reveal, work: String = "command-line") async throws
        -> (report: ReplayReport, words: ShownReplay)
    {
        let made = try await replay(message, revealing: reveal, work: work)
        return (
            made.report,
            ShownReplay(
                question: made.stored.asked.body.plaintext,
                reply: made.stored.answered.body.plaintext,
                again: made.again?.plainText
            )
        )
    }

    private func replay(_ message: ID<ChatMessage>, revealing reveal: Reveal?, work: String) async throws
        -> (stored: StoredReply, report: ReplayReport, again: Reply?)
    {
        let stored = try await StoredReply.read(message, revealing: reveal, through: gate, work: work)
        guard let reply = stored.reply else { return (stored, stored.report(.unreadable), nil) }
        let quotations = stored.quotations(of: reply)
        let prompts = try await prompts(for: stored)
        var missing = self.missing(for: stored, prompts)
        var notes: [String] = []
        var again: Reply?
        var differences = quotations.filter { !$0.isSame }.map { "quotation \($0.number)" }
        if missing.isEmpty, let inputs = stored.inputs, let context = stored.context {
            if let assistant = try await assistant(for: inputs, of: stored.practiceID, prompts) {
                let made = assistant.reply(
                    to: stored.asked.body.plaintext,
                    in: context.context(redactions: reply.redactions)
                )
                let isRedacted = !reply.redactions.isEmpty
                differences += ReplyComparison.differences(stored.draft ?? reply.asQuoted, made, isRedacted: isRedacted)
                if isRedacted {
                    notes.append(
                        "The message was stored without numbers or secrets in it, and made again without them."
                    )
                }
                again = made
            } else {
                missing.append("The articles \(inputs.edition ?? "-") cannot all be read any more.")
            }
        }
        if let author = stored.inputs?.rewordedBy ?? reply.wording.map({ "\($0.model), prompts \($0.promptVersion)" }) {
            notes.append(
                "It was said in other words by \(author); what is compared is the answer that those were made of."
            )
        }
        let verdict: ReplayReport.Verdict =
            !differences.isEmpty ? .differs : again == nil ? .notRerun : .identical
        return (
            stored,
            stored.report(verdict, differences: differences, missing: missing, notes: notes, quotations: quotations),
            again
        )
    }

    /// What the reply was made of and is not here.
    private func missing(for stored: StoredReply, _ prompts: Prompts) -> [String] {
        guard let inputs = stored.inputs, stored.context != nil else {
            return ["What it was made of was not kept, or cannot be read: an older program stored it."]
        }
        var missing: [String] = []
        func need(_ what: String, _ then: String, _ now: String) {
            if then != now { missing.append("\(what) \(then) are not here; here are \(now).") }
        }
        need("The rules", inputs.rulesVersion, prompts.version)
        need("The texts", inputs.wordingVersion, prompts.wordingVersion)
        need("The words that search knows,", inputs.lexiconVersion, knowledge.lexicon.version)
        need("The numbers that this program ranks by,", inputs.rankingVersion, SearchIndex.rankingVersion)
        if let encoder = inputs.encoder, encoder != library.encoderIdentity {
            missing.append(
                "The sentence encoder \(encoder) is not here; here is \(library.encoderIdentity ?? "none")."
            )
        }
        return missing
    }

    /// The rules as they were in force for the reply: with the encoder where one read, and with the practice's own of then.
    private func prompts(for stored: StoredReply) async throws -> Prompts {
        guard let inputs = stored.inputs else { return knowledge.prompts }
        let prompts = knowledge.prompts.reading(with: inputs.encoder == nil ? nil : library.encoder)
        guard let number = Self.practiceVersion(in: inputs.rulesVersion) else { return prompts }
        let own = try await gate.database.read { transaction in
            try transaction.fetch(
                PracticeRuleVersion.self,
                "SELECT * FROM practice_rule_sets WHERE practice_id = \(stored.practiceID) AND version = \(number)"
            ).first
        }
        // Rules that cannot be read any more leave a version that is not the reply's, which is then said to be missing.
        return own.flatMap { try? prompts.adding($0.written.active, version: number) } ?? prompts
    }

    /// The number in `2026.11.1+9f86d081.p3-1b2c3d4e`; nil without rules of a practice's own.
    private static func practiceVersion(in version: String) -> Int? {
        version.split(separator: ".").last.flatMap { part in
            part.hasPrefix("p") ? part.dropFirst().split(separator: "-").first.flatMap { Int($0) } : nil
        }
    }

    private func assistant(
        for inputs: ReplyInputs,
        of practice: ID<Practice>,
        _ prompts: Prompts
    ) async throws -> Assistant? {
        let key = "\(practice) \(inputs.edition ?? "") \(inputs.encoder ?? "") \(prompts.version)"
        if let known = assistants.withLock({ $0[key] }) { return known }
        let made = try await library.assistant(
            over: inputs.edition,
            of: practice,
            isEncoded: inputs.encoder != nil,
            prompts: prompts,
            lexicon: knowledge.lexicon
        )
        if let made { assistants.withLock { $0[key] = made } }
        return made
    }
}
