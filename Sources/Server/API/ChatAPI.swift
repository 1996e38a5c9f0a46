import Assistant
import Foundation
import HTTPTypes
import Portal
import Records

/// The client's chat with the assistant.
struct ChatAPI: Sendable {
    let portal: Portal

    private static let firstOfAll = "Somebody in danger is not asked for terms first"

    var endpoints: [Endpoint] {
        [
            Route(
                .post,
                "/api/v1/portal/chat/conversations",
                "Open a conversation",
                requirements: ["AI-01", "AI-09"],
                access: .account
            )
            .touches(.chat, .create)
            .servesFirst(Self.firstOfAll)
            .returns(ConversationDocument.self, status: .created) { call in
                ConversationDocument(
                    try await portal.chat.open(for: call.caller.client(), as: call.principal, locale: call.language),
                    disclosure: try await portal.chat.disclosure(
                        language: call.language,
                        practiceName: portal.directory.practice(call.principal.practiceID)?.name ?? ""
                    )
                )
            },
            Route(
                .get,
                "/api/v1/portal/chat/conversations",
                "One's own conversations, the latest first",
                requirements: ["AI-12"],
                access: .account
            )
            .touches(.chat, .read)
            .servesFirst(Self.firstOfAll)
            .returns(Listing<ConversationDocument>.self) { call in
                Listing(
                    items: try await portal.chat.conversations(of: call.caller.client(), as: call.principal)
                        .map { ConversationDocument($0) }
                )
            },
            Route(
                .get,
                "/api/v1/portal/chat/conversations/{conversation}",
                "The messages of a conversation",
                requirements: ["AI-12", "AI-20"],
                access: .account
            )
            .touches(.chat, .read)
            .servesFirst(Self.firstOfAll)
            .returns(ConversationHistoryDocument.self) { call in
                ConversationHistoryDocument(
                    messages: try await portal.chat.history(
                        call.id("conversation"),
                        of: call.caller.client(),
                        as: call.principal
                    )
                    .map { ChatMessageDocument($0, prompts: portal.prompts) }
                )
            },
            Route(
                .post,
                "/api/v1/portal/chat/conversations/{conversation}/messages",
                "Ask the assistant",
                requirements: ["AI-01", "AI-05", "AI-07", "AI-08", "AI-10", "AI-11", "AI-21", "AI-22"],
                access: .account
            )
            .touches(.chat, .change)
            .servesFirst(Self.firstOfAll)
            .body(AskRequest.self)
            .problems(.conflict)
            .returns(
                ReplyDocument.self,
                handler: { call in
                    let answer = try await portal.wording.word(
                        answer(call),
                        of: call.caller.client(),
                        as: call.principal
                    )
                    return ReplyDocument(answer, prompts: portal.prompts)
                },
                stream: { call in
                    // Stored by now, so that all that can be refused is refused before the stream begins.
                    let answer = try await answer(call)
                    let client = try call.caller.client()
                    let principal = call.principal
                    return EventStream { sender in try await stream(answer, of: client, as: principal, to: sender) }
                }
            ),
            quoted,
        ]
    }

    /// The articles as a reply quoted them.
    private var quoted: Endpoint {
        Route(
            .get,
            "/api/v1/portal/chat/messages/{message}/quoted",
            "The articles that a reply quoted, in the versions that it quoted",
            requirements: ["AI-01", "AI-12"],
            access: .account
        )
        .touches(.chat, .read)
        .servesFirst(Self.firstOfAll)
        .returns(Listing<QuotedArticleDocument>.self) { call in
            Listing(
                items: try await portal.chat.quoted(
                    in: call.id("message"),
                    of: call.caller.client(),
                    as: call.principal
                )
                .map(QuotedArticleDocument.init)
            )
        }
    }

    private func answer(_ call: Call<AccountHolder, NoQuery, AskRequest>) async throws -> ChatService.Answer {
        let text = call.body.text
        guard !text.allSatisfy(\.isWhitespace) else {
            throw Problem.invalid(.field("text"), "is empty", remedy: "Write what you would like to know")
        }
        if let nonce = call.body.clientNonce, nonce.isEmpty || nonce.count > 100 || nonce.contains("\0") {
            throw Problem.invalid(
                .field("client_nonce"),
                "should have 1 to 100 characters",
                remedy: "Send a UUID, or leave it out"
            )
        }
        return try await portal.chat.send(
            text,
            to: call.id("conversation"),
            nonce: call.body.clientNonce,
            of: call.caller.client(),
            as: call.principal
        )
    }

    /// Sends help first and whole, then the answer's paragraphs sentence by sentence as they come, then the whole document,
    /// which counts.
    private func stream(
        _ answer: ChatService.Answer,
        of client: ID<Client>,
        as principal: Principal,
        to sender: EventSender
    ) async throws {
        if let panel = ReplyDocument(answer, prompts: portal.prompts).crisisPanel { try sender.send("crisis", panel) }
        let shown = ShownParagraphs(sender)
        let worded = await portal.wording.word(answer, of: client, as: principal) { try shown.show($0.map(\.text)) }
        let document = ReplyDocument(worded, prompts: portal.prompts)
        try shown.show(document.paragraphs.map(\.text))
        try sender.send("reply", document)
    }
}
