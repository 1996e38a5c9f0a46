import Assistant
import Portal
import Records
import Store
import Support

@testable import ModelEndpoint

/// A portal, its model's server, and a client who talks.
struct LanguageModelScene {
    static let question = "Who can read what I write to my therapist?"
    static let good = "Messages in the portal are encrypted and stay inside it."
    static let second = "They may become part of your health record."

    let test: TestPortal
    let server: ModelServer
    var maya: TestClient { test.people.client }

    func turnOn(_ isOn: Bool = true) async throws {
        try await test.portal.directory.setLanguageModelUse(isOn, as: test.people.administrator.principal)
    }

    @discardableResult
    func consent(until end: Timestamp? = nil) async throws -> ID<Consent> {
        try await test.portal.consents.grant(.init(.aiChat, expiresAt: end), of: maya.id, as: maya.principal)
            .consent.id
    }

    func open() async throws -> ID<Conversation> {
        try await test.portal.chat.open(for: maya.id, as: maya.principal, locale: "en").id
    }

    func ask(
        _ text: String = LanguageModelScene.question,
        in conversation: ID<Conversation>? = nil,
        nonce: String? = nil,
        show: @escaping @Sendable ([ReplyParagraph]) throws -> Void = { _ in }
    ) async throws -> ChatService.Answer {
        let open = try await open()
        let answer = try await test.portal.chat.send(
            text,
            to: conversation ?? open,
            nonce: nonce,
            of: maya.id,
            as: maya.principal
        )
        return await test.portal.wording.word(answer, of: maya.id, as: maya.principal, show: show)
    }

    func states() async throws -> [String] {
        try await test.rows("SELECT state, reason FROM chat_wordings ORDER BY at, id").map { row in
            let reason: String? = try row.get("reason")
            return try row.get("state") + (reason.map { ":" + $0 } ?? "")
        }
    }

    func breaker() async throws -> CircuitBreaker.State {
        try await test.portal.wording.overview(as: test.people.administrator.principal).breaker
    }

    /// - Parameter isReady: whether practice and client agreed already.
    static func play(
        _ script: [ModelServer.Step] = .saying(good + " " + second),
        isReady: Bool = true,
        word: Duration = .seconds(20),
        articles: [String] = TestPortal.articles,
        _ body: (LanguageModelScene) async throws -> Void
    ) async throws {
        try await ModelServer.run(script) { server in
            var settings = try ModelSettings(url: server.url, model: "test-model", key: "zebrafinch")
            settings.wordTimeout = word
            settings.totalTimeout = .seconds(30)
            let scene = LanguageModelScene(
                test: try await TestPortal(articles: articles, model: ModelEndpoint(settings)),
                server: server
            )
            if isReady {
                try await scene.turnOn()
                try await scene.consent()
            }
            try await body(scene)
        }
    }
}
