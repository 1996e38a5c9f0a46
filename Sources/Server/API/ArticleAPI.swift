import Assistant
import HTTPTypes
import Portal
import Records
import Retrieval

/// The library of articles, and the crisis resources that everybody may see.
struct ArticleAPI: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/resources",
                "The published articles",
                requirements: ["RES-01", "RES-09"],
                access: .signedIn
            )
            .touchesNoRecord("Articles are the practice's, and name no client")
            .returns(ArticleListDocument.self) { call in
                ArticleListDocument(
                    articles: articles(for: call.principal, language: call.language).map(ArticleSummaryDocument.init)
                )
            },
            Route(
                .get,
                "/api/v1/portal/resources/{article}",
                "A published article",
                requirements: ["RES-09"],
                access: .signedIn
            )
            .touchesNoRecord("Articles are the practice's, and name no client")
            .returns(ArticleDocument.self) { call in
                let slug = try call.text("article")
                guard
                    let article = articles(for: call.principal, language: call.language).first(where: { $0.id == slug })
                else {
                    throw Problem.notFound
                }
                return ArticleDocument(article)
            },
            Route(
                .get,
                "/api/v1/portal/crisis/resources",
                "Where to get help now",
                requirements: ["CRIS-01", "CRIS-05"],
                access: .anyone
            )
            .touchesNoRecord("Articles are the practice's, and name no client")
            .returns(PanelDocument.self) { call in
                PanelDocument(portal.safetyNet.panel(for: .support, language: call.language, region: "US"))
            },
        ]
    }

    private func articles(for principal: Principal, language: String) -> [Article] {
        let audience: Set<Audience> = principal.accountID == nil ? Set(Audience.allCases) : [.public_, .clients]
        return portal.articles.articles(of: principal.practiceID, audience: audience, language: language)
    }
}
