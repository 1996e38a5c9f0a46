import Assistant
import Foundation
import Records
import Store

/// A question that was not answered, with its words, which are for machines: what an editor sees of it is
/// ``QuestionDisclosure``'s to say.
struct AskedQuestion: Sendable {
    let outcome: ID<ChatOutcome>
    let client: ID<Client>
    let gap: ID<ContentGap>?
    let text: String
    let isReleased: Bool
    let reason: UnansweredReason
    let at: Timestamp
}

/// Reads clients' questions across a practice, through the one door for that. Nothing of it leaves the service but counts and
/// what ``QuestionDisclosure`` lets through.
struct AskedQuestions: Sendable {
    let policy: AccessPolicy

    /// Runs `body` with the questions of the principal's practice; who had it done, what for and how many clients' rows were
    /// read is on record.
    func read<Result>(
        for use: CollectiveUse,
        as principal: Principal,
        in transaction: Transaction,
        _ body: (QuestionReading) throws -> Result
    ) throws -> Result {
        try policy.readCollectively(.chat, for: use, as: principal, entity: "chat_outcomes", in: transaction) {
            try body(QuestionReading(access: $0))
        }
    }
}

/// The questions of a practice's clients, while they are read.
struct QuestionReading {
    let access: CollectiveAccess

    /// The unanswered questions in one language, oldest first.
    ///
    /// - Parameter limit: the latest so many.
    func unanswered(language: String, gap: ID<ContentGap>? = nil, limit: Int = 2000) throws -> [AskedQuestion] {
        let inGap: SQL = gap.map { "gap_id = \($0)" } ?? "TRUE"
        let outcomes = try access.all(
            ChatOutcome.self,
            where: "locale = \(language) AND unanswered IS NOT NULL AND (\(inGap))",
            order: "at DESC, id DESC",
            limit: limit
        )
        return outcomes.reversed().compactMap { outcome in
            guard let question = outcome.question, let reason = outcome.unanswered else { return nil }
            return AskedQuestion(
                outcome: outcome.id,
                client: outcome.clientID,
                gap: outcome.gapID,
                text: question.plaintext,
                isReleased: outcome.isReleased,
                reason: reason,
                at: outcome.at
            )
        }
    }

    /// The latest questions that were answered: their words, and the article that was quoted first.
    func answered(language: String, limit: Int) throws -> [(text: String, article: String)] {
        let outcomes = try access.all(
            ChatOutcome.self,
            where: "locale = \(language) AND unanswered IS NULL AND decision = 'answer' AND topic IS NOT NULL",
            order: "at DESC, id DESC",
            limit: limit
        )
        let messages = try access.all(
            ChatMessage.self,
            where: "id IN (\(list: outcomes.map(\.messageID)))",
            limit: limit
        )
        let texts = Dictionary(messages.map { ($0.id, $0.body.plaintext) }) { first, _ in first }
        return outcomes.compactMap { outcome in
            guard let text = texts[outcome.messageID], let topic = outcome.topic else { return nil }
            return (text, topic)
        }
    }

    /// What clients wrote to the assistant since a moment, the latest first, with who wrote it.
    func messages(since: Timestamp, limit: Int) throws -> [(client: ID<Client>, text: String)] {
        try access.all(
            ChatMessage.self,
            where: "role = 'CLIENT' AND at >= \(since)",
            order: "at DESC, id DESC",
            limit: limit
        ).map { ($0.clientID, $0.body.plaintext) }
    }
}
