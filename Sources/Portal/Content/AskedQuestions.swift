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

/// Reads clients' questions across a practice, each unsealed under its own client's key. Nothing of it leaves the service
/// but counts and what ``QuestionDisclosure`` lets through.
struct AskedQuestions: Sendable {
    let vault: KeyVault

    /// The unanswered questions in one language, oldest first.
    ///
    /// - Parameter limit: the latest so many.
    func unanswered(
        of practice: ID<Practice>,
        language: String,
        gap: ID<ContentGap>? = nil,
        limit: Int = 2000,
        in transaction: Transaction
    ) throws -> [AskedQuestion] {
        let inGap: SQL = gap.map { "o.gap_id = \($0)" } ?? "TRUE"
        let rows = try transaction.rows(
            """
            SELECT o.* FROM chat_outcomes o JOIN clients c ON c.id = o.client_id
            WHERE c.practice_id = \(practice) AND o.locale = \(language) AND o.unanswered IS NOT NULL AND (\(inGap))
            ORDER BY o.at DESC, o.id DESC LIMIT \(limit)
            """
        )
        return try rows.reversed().compactMap { row in
            let client: ID<Client> = try row.get("client_id")
            let outcome = try transaction.decode(ChatOutcome.self, from: row, sealing: sealer(client))
            guard let question = outcome.question, let reason = outcome.unanswered else { return nil }
            return AskedQuestion(
                outcome: outcome.id,
                client: client,
                gap: outcome.gapID,
                text: question.plaintext,
                isReleased: outcome.isReleased,
                reason: reason,
                at: outcome.at
            )
        }
    }

    /// The latest questions that were answered: their words, and the article that was quoted first.
    func answered(of practice: ID<Practice>, language: String, limit: Int, in transaction: Transaction) throws
        -> [(text: String, article: String)]
    {
        let rows = try transaction.rows(
            """
            SELECT m.*, o.topic AS topic FROM chat_outcomes o
            JOIN clients c ON c.id = o.client_id JOIN chat_messages m ON m.id = o.message_id
            WHERE c.practice_id = \(practice) AND o.locale = \(language) AND o.unanswered IS NULL
                AND o.decision = 'answer' AND o.topic IS NOT NULL
            ORDER BY o.at DESC, o.id DESC LIMIT \(limit)
            """
        )
        return try rows.map { row in
            let client: ID<Client> = try row.get("client_id")
            let message = try transaction.decode(ChatMessage.self, from: row, sealing: sealer(client))
            return (message.body.plaintext, try row.get("topic"))
        }
    }

    /// What clients wrote to the assistant since a moment, the latest first, with who wrote it.
    func messages(of practice: ID<Practice>, since: Timestamp, limit: Int, in transaction: Transaction) throws
        -> [(client: ID<Client>, text: String)]
    {
        let rows = try transaction.rows(
            """
            SELECT m.* FROM chat_messages m JOIN clients c ON c.id = m.client_id
            WHERE c.practice_id = \(practice) AND m.role = 'CLIENT' AND m.at >= \(since)
            ORDER BY m.at DESC, m.id DESC LIMIT \(limit)
            """
        )
        return try rows.map { row in
            let client: ID<Client> = try row.get("client_id")
            let message = try transaction.decode(ChatMessage.self, from: row, sealing: sealer(client))
            return (client, message.body.plaintext)
        }
    }

    private func sealer(_ client: ID<Client>) throws -> ColumnSealer {
        try vault.sealer(for: AccessPolicy.keyOwner(client))
    }
}
