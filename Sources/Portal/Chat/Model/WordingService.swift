public import Assistant
import Foundation
public import Records
import Store
import Synchronization

/// Lets a language model put an answer's quotations into words, where there is one, the practice uses it, and the client
/// consented. In every other case, and whenever the model fails, the answer stays as it is.
///
/// It comes after ``ChatService``: message and answer are stored by then, whatever the model does, and the model is asked
/// outside of every transaction. What is sent is on record before it is sent.
public struct WordingService: Sendable {
    let gate: ClientGate
    let library: ArticleLibrary
    let model: (any LanguageModel)?
    public let breaker = CircuitBreaker()

    init(gate: ClientGate, library: ArticleLibrary, model: (any LanguageModel)?) {
        self.gate = gate
        self.library = library
        self.model = model
    }

    private var surroundings: Surroundings { gate.surroundings }

    /// The answer in the model's words, stored; or `answer`, when the model may not or cannot.
    ///
    /// When whoever listens goes away, the model is given up, and what was shown by then is stored.
    ///
    /// - Parameter show: is given the paragraphs that may be shown so far, each time there are more; they only grow. What it
    ///   throws gives the model up. What this returns counts.
    public func word(
        _ answer: ChatService.Answer,
        of client: ID<Client>,
        as principal: Principal,
        show: @escaping @Sendable ([ReplyParagraph]) throws -> Void = { _ in }
    ) async -> ChatService.Answer {
        guard let model, !answer.isEarlier, let asked = answer.messageID,
            let assistant = library.assistant(of: principal.practiceID),
            assistant.wording(of: answer.reply, hiding: []) != nil, breaker.admits(at: surroundings.now())
        else { return answer }
        guard let claim = try? await claim(answer.reply, asked, assistant, model, client, principal) else {
            breaker.abandoned()
            return answer
        }
        let draft = Draft(claim.wording)
        let outcome = await write(draft, by: model, show)
        let wording = draft.finished(isWhole: outcome == .whole)
        let reply = wording.reply(model: model.name)
        let record = outcome.record(of: wording)
        guard await settle(claim, reply: reply, record, client, principal) else { return answer }
        return ChatService.Answer(
            reply: reply,
            messageID: answer.messageID,
            isAlertRaised: answer.isAlertRaised
        )
    }

    // MARK: - The model

    /// The wording while the model writes, which two tasks have a hand on.
    private final class Draft: Sendable {
        private let wording: Mutex<Wording>
        init(_ wording: Wording) { self.wording = Mutex(wording) }

        var request: WordingRequest { wording.withLock { $0.request } }

        func add(_ text: String) -> (wantsMore: Bool, new: [ReplyParagraph]?) {
            wording.withLock { wording in
                let before = wording.count
                let wantsMore = wording.add(text)
                return (wantsMore, wording.count > before ? wording.shown : nil)
            }
        }

        func finished(isWhole: Bool) -> Wording {
            wording.withLock { wording in
                wording.finish(isWhole: isWhole)
                return wording
            }
        }
    }

    private enum Outcome: Equatable {
        case whole, cancelled
        case failed(ModelFailure)

        func record(of wording: Wording) -> (state: StoredWording.State, reason: String?, sentences: Int) {
            let isShown = wording.count > 0
            return switch self {
            case .cancelled: (.cancelled, nil, wording.count)
            case .failed(let failure): (isShown ? .cut : .failed, failure.code, wording.count)
            case .whole where wording.fault != nil: (isShown ? .cut : .unused, wording.fault?.rawValue, wording.count)
            case .whole: (isShown ? .worded : .unused, isShown ? nil : "empty", wording.count)
            }
        }
    }

    private func write(
        _ draft: Draft,
        by model: any LanguageModel,
        _ show: @escaping @Sendable ([ReplyParagraph]) throws -> Void
    ) async -> Outcome {
        do {
            try await model.write(draft.request) { text in
                try Task.checkCancellation()
                let (wantsMore, new) = draft.add(text)
                if let new { try show(new) }
                return wantsMore
            }
            breaker.succeeded()
            return .whole
        } catch let failure as ModelFailure {
            var wish: Duration?
            if case .busy(let seconds) = failure { wish = .seconds(max(0, min(seconds ?? 0, 86_400))) }
            breaker.failed(at: surroundings.now(), wish: wish)
            return .failed(failure)
        } catch {
            breaker.abandoned()
            return .cancelled
        }
    }

    // MARK: - What is on record

    private struct Claim: Sendable {
        let id: ID<StoredWording>
        let message: ID<ChatMessage>
        let wording: Wording
    }

    /// Whether this answer may be worded, and the record that it is about to be. Nil when it may not.
    private func claim(
        _ reply: Reply,
        _ asked: ID<ChatMessage>,
        _ assistant: Assistant,
        _ model: any LanguageModel,
        _ client: ID<Client>,
        _ principal: Principal
    ) async throws -> Claim? {
        // Looked into first, so that a practice without the switch has no word about this in its audit.
        let isOn = try await gate.database.read { transaction in
            try transaction.fetchOne(Practice.self, "SELECT * FROM practices WHERE id = \(principal.practiceID)")
        }?.settings.usesLanguageModel
        guard isOn == true else { return nil }
        return try await open(client, principal, asked) { [surroundings] access, transaction in
            let practice = try access.practice()
            guard practice.settings.usesLanguageModel, try isConsented(access, transaction) else { return nil }
            let question = try access.one(asked)
            let answered = try access.first(
                ChatMessage.self,
                where: "conversation_id = \(question.conversationID) AND ordinal = \(question.ordinal + 1)"
            )
            let person = try access.client()
            let names = [person.firstName, person.lastName, person.preferredName, try access.therapist()?.displayName]
            guard let answered, let wording = assistant.wording(of: reply, hiding: names.compactMap(\.self)),
                try access.count(StoredWording.self, where: "message_id = \(answered.id)") == 0
            else { return nil }
            let claim = Claim(id: surroundings.newID(), message: answered.id, wording: wording)
            try access.insert(
                StoredWording(
                    id: claim.id,
                    clientID: client,
                    messageID: claim.message,
                    model: model.name,
                    server: model.server,
                    promptVersion: wording.request.promptVersion,
                    sent: SealedText(wording.request.user),
                    state: .sent,
                    reason: nil,
                    sentences: 0,
                    at: access.now,
                    createdAt: access.now,
                    updatedAt: access.now
                )
            )
            return claim
        }
    }

    /// Writes down what came of it, and the reply as it is shown. Returns whether that is certain.
    private func settle(
        _ claim: Claim,
        reply: Reply,
        _ record: (state: StoredWording.State, reason: String?, sentences: Int),
        _ client: ID<Client>,
        _ principal: Principal
    ) async -> Bool {
        // A task of its own, since whoever asked may be gone by now, and what they saw has to be on record all the same.
        await Task {
            do {
                try await open(client, principal, claim.message) { access, _ in
                    var stored = try access.one(claim.id)
                    stored.state = record.state
                    stored.reason = record.reason
                    stored.sentences = record.sentences
                    stored.updatedAt = access.now
                    try access.update(stored)
                    guard reply.wording != nil else { return }
                    var message = try access.one(claim.message)
                    message.body = SealedText(reply.plainText)
                    message.reply = SealedText(try ChatService.encode(reply))
                    message.updatedAt = access.now
                    try access.update(message)
                }
                return true
            } catch {
                return false
            }
        }.value
    }

    private func open<Result: Sendable>(
        _ client: ID<Client>,
        _ principal: Principal,
        _ message: ID<ChatMessage>,
        _ body: @escaping @Sendable (ClientAccess, Transaction) throws -> Result
    ) async throws -> Result {
        try await gate.perform(
            "CHAT.WORD",
            .change,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_messages",
            entityID: message.text,
            body
        )
    }
}
