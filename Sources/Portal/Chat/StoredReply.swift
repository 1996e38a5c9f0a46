import Assistant
import Records
import Retrieval
import Store

/// A reply with everything that is kept of it.
struct StoredReply: Sendable {
    let practiceID: ID<Practice>
    let asked: ChatMessage
    let answered: ChatMessage
    /// Nil when it has a shape of its own.
    let reply: Reply?
    let inputs: ReplyInputs?
    let context: PinnedContext?
    /// The reply before it was said in other words.
    let draft: Reply?
    /// The versions that were quoted, by the citation's place from 0.
    let versions: [Int: ArticleVersion]

    /// Reads it for the person who runs the server, on record as the work of that name.
    static func read(
        _ message: ID<ChatMessage>,
        revealing reveal: ReplyReplay.Reveal?,
        through gate: ClientGate,
        work: String
    ) async throws -> StoredReply {
        if let reveal, reveal.reason.allSatisfy(\.isWhitespace) {
            throw Refusal.invalid(
                pointer: "/reason",
                message: "is empty",
                remedy: "Say why the words have to be read"
            )
        }
        let owner = try await gate.database.read { transaction in
            try transaction.row(
                """
                SELECT m.client_id, c.practice_id FROM chat_messages m JOIN clients c ON c.id = m.client_id
                WHERE m.id = \(message)
                """
            ).map { row in
                (
                    client: try row.get("client_id", as: ID<Client>.self),
                    practice: try row.get("practice_id", as: ID<Practice>.self)
                )
            }
        }
        guard let owner else { throw RecordNotFound() }
        return try await gate.perform(
            reveal == nil ? "CHAT.REPLAY" : "CHAT.REVEAL",
            .read,
            on: .chat,
            of: owner.client,
            as: .system(work, practice: owner.practice),
            purpose: .operations,
            entity: "chat_messages",
            entityID: message.text,
            code: reveal == nil ? nil : AccessReason.given
        ) { access, transaction in
            if let reveal {
                try reveal.keep(about: message, access, transaction, ids: gate.surroundings)
            }
            return try StoredReply(message, access, transaction)
        }
    }

    private init(_ message: ID<ChatMessage>, _ access: ClientAccess, _ transaction: Transaction) throws {
        let one = try access.one(message)
        let other = one.role == .client ? one.ordinal + 1 : one.ordinal - 1
        guard
            let second = try access.first(
                ChatMessage.self,
                where: "conversation_id = \(one.conversationID) AND ordinal = \(other)"
            ), Set([one.role, second.role]) == [.client, .assistant]
        else { throw RecordNotFound() }
        practiceID = access.practiceID
        asked = one.role == .client ? one : second
        let answer = one.role == .client ? second : one
        answered = answer
        reply = ChatService.decode(answer.reply)
        let inputs = try access.first(ReplyInputs.self, where: "message_id = \(answer.id)")
        self.inputs = inputs
        context = ChatService.decode(inputs?.context, as: PinnedContext.self)
        draft = ChatService.decode(inputs?.draft)
        var versions: [Int: ArticleVersion] = [:]
        for citation in try access.all(StoredCitation.self, where: "message_id = \(answer.id)", order: "rank") {
            versions[citation.rank - 1] = try .quoted(by: citation, of: access.practiceID, in: transaction)
        }
        self.versions = versions
    }

    // MARK: - Quotations

    /// Each quotation, held against the version that it is from.
    func quotations(of reply: Reply) -> [ReplayReport.Quotation] {
        reply.citations.enumerated().map { place, citation in
            let passage = versions[place]?.article?.passages.first { $0.id == citation.passageID }
            return ReplayReport.Quotation(
                number: place + 1,
                article: citation.articleID,
                version: citation.articleVersion,
                language: citation.language,
                passage: citation.passageID,
                isSame: passage.map { $0.holds(citation.quote, liveFields: context?.liveFields ?? [:]) } ?? false
            )
        }
    }

    func report(
        _ verdict: ReplayReport.Verdict,
        differences: [String] = [],
        missing: [String] = [],
        notes: [String] = [],
        quotations: [ReplayReport.Quotation] = []
    ) -> ReplayReport {
        ReplayReport(
            message: answered.id,
            verdict: verdict,
            differences: differences,
            missing: missing,
            notes: notes,
            quotations: quotations,
            madeBy: inputs.map { inputs in
                ReplayReport.Versions(
                    rules: inputs.rulesVersion,
                    wording: inputs.wordingVersion,
                    lexicon: inputs.lexiconVersion,
                    ranking: inputs.rankingVersion,
                    encoder: inputs.encoder,
                    articles: inputs.edition,
                    rewordedBy: inputs.rewordedBy
                )
            }
        )
    }
}

extension ReplyReplay.Reveal {
    /// Keeps the reason, and tells the administrators.
    func keep(about message: ID<ChatMessage>, _ access: ClientAccess, _ transaction: Transaction, ids: Surroundings)
        throws
    {
        let administrators = try transaction.rows(
            """
            SELECT id, username FROM users
            WHERE practice_id = \(access.practiceID) AND role = 'ADMINISTRATOR' AND status = 'ACTIVE' ORDER BY id
            """
        ).map { (id: try $0.get("id", as: ID<StaffMember>.self), name: try $0.get("username", as: String.self)) }
        guard let answerable = administrators.first(where: { $0.name == administrator.lowercased() }) else {
            throw Refusal.invalid(
                pointer: "/administrator",
                message: "is no administrator of the client's practice",
                remedy: "Name the one who answers for it"
            )
        }
        let kept = try access.keep(reason: reason, of: answerable.id, subject: "chat_messages/\(message)", ids: ids)
        for each in administrators {
            try PortalNotification(
                id: ids.newID(),
                practiceID: access.practiceID,
                recipient: .staff(each.id),
                clientID: access.clientID,
                type: "emergency-access.opened",
                title: "Somebody read a conversation with the assistant on the server",
                message: "Look at the reason, and mark it reviewed.",
                link: "/api/v1/admin/emergency-access",
                actionRequired: true,
                dedupeKey: "emergency-access:\(kept)",
                sentAt: access.now
            ).insert(in: transaction)
        }
    }
}
