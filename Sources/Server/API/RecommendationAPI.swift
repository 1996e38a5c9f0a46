import HTTPTypes
import Portal
import Records
import Retrieval

/// Articles, exercises and worksheets for a client with the reason why, and the client's switch to turn them off.
struct RecommendationAPI: Sendable {
    let portal: Portal

    struct RecommendationDocument: Codable, Sendable, FieldsDescribed {
        let kind: RecommendationService.Kind
        let article: String?
        let path: String
        let title: String
        let language: String
        let source: RecommendationService.Source
        let reason: String

        static let fieldDescriptions = [
            "article": "Null for what is no article.", "path": "The page of the portal that it opens.",
            "title": "Empty for the way to help.",
        ]
    }

    struct RecommendationsDocument: Codable, Sendable {
        let on: Bool
        let items: [RecommendationDocument]
    }

    struct SwitchRequest: Codable, Sendable {
        let on: Bool
    }

    struct EngagementRequest: Codable, Sendable {
        let action: ArticleEngagement.Action
    }

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/recommendations",
                "Articles, exercises and worksheets that may help now, each with the reason why",
                requirements: ["RES-03", "RES-04", "RES-05", "RES-15"],
                access: .account
            )
            .touches(.chat, .read)
            .returns(RecommendationsDocument.self) { call in
                let (isOn, items) = try await portal.recommendations.recommendations(
                    for: call.caller.client(),
                    language: call.language,
                    as: call.principal
                )
                return RecommendationsDocument(
                    on: isOn,
                    items: items.map {
                        RecommendationDocument(
                            kind: $0.kind,
                            article: $0.article?.id,
                            path: $0.path,
                            title: $0.title,
                            language: $0.language,
                            source: $0.source,
                            reason: $0.reason
                        )
                    }
                )
            },
            Route(
                .put,
                "/api/v1/portal/recommendations",
                "Turn recommendations on or off",
                requirements: ["RES-03"],
                access: .account
            )
            .touches(.chat, .change)
            .body(SwitchRequest.self)
            .returnsNothing { call in
                try await portal.recommendations.turn(
                    on: call.body.on,
                    for: call.caller.client(),
                    as: call.principal
                )
            },
            Route(
                .post,
                "/api/v1/portal/resources/{article}/engagement",
                "Say that an article was read, saved, done or is not wanted",
                requirements: ["RES-08"],
                access: .account
            )
            .touches(.chat, .change)
            .body(EngagementRequest.self)
            .returnsNothing { call in
                try await portal.recommendations.note(
                    call.body.action,
                    on: call.text("article"),
                    language: call.language,
                    for: call.caller.client(),
                    as: call.principal
                )
            },
        ]
    }
}
