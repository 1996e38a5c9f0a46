import HTTPTypes
import Portal
import Records

/// The language model that may put answers into words: the practice's switch, and what a client is told of it.
struct LanguageModelAPI: Sendable {
    let portal: Portal

    private static let requirements = ["AI-21", "AI-22"]

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/chat/language-model",
                "Whether a language model words answers, whose it is, and whether one consented",
                requirements: Self.requirements,
                access: .account
            )
            .touches(.chat, .read)
            .returns(ModelOfferDocument.self) { call in
                ModelOfferDocument(
                    try await portal.wording.offer(to: call.caller.client(), as: call.principal)
                )
            },
            Route(
                .get,
                "/api/v1/admin/language-model",
                "The language model: which it is, whether it is used, and how it does",
                requirements: Self.requirements,
                access: .staff(.administrator)
            )
            .touchesNoRecord("A setting of the practice, and counts")
            .returns(LanguageModelDocument.self) { call in
                LanguageModelDocument(try await portal.wording.overview(as: call.principal))
            },
            Route(
                .put,
                "/api/v1/admin/language-model",
                "Switch the language model on or off for the practice",
                requirements: Self.requirements,
                access: .staff(.administrator)
            )
            .touchesNoRecord("A setting of the practice")
            .body(ModelSwitchRequest.self)
            .returns(LanguageModelDocument.self) { call in
                try await portal.directory.setLanguageModelUse(call.body.on, as: call.principal)
                return LanguageModelDocument(try await portal.wording.overview(as: call.principal))
            },
        ]
    }
}

/// What a client is told before they consent, with `POST /api/v1/portal/consents` and the kind `AI_CHAT`.
struct ModelOfferDocument: Codable, Sendable {
    let offered: Bool
    let model: String?
    let server: String?
    let consented: Bool

    init(_ offer: WordingService.Offer) {
        offered = offer.isOffered
        model = offer.model
        server = offer.server
        consented = offer.isConsented
    }
}

struct ModelSwitchRequest: Codable, Sendable {
    let on: Bool
}

/// How the language model does. Without one, `model` is left out.
struct LanguageModelDocument: Codable, Sendable, FieldsDescribed {
    let model: String?
    let server: String?
    let on: Bool
    let breaker: CircuitBreaker.State
    let lastDay: [String: Int]

    static let fieldDescriptions = [
        "on": "Whether the practice uses it; a client has to consent as well.",
        "breaker": "OPEN while it is left alone because it keeps failing.",
        "last_day": "Answers of the last 24 hours by what came of them.",
    ]

    init(_ overview: WordingService.Overview) {
        model = overview.model
        server = overview.server
        on = overview.isOn
        breaker = overview.breaker
        lastDay = overview.lastDay
    }
}
