import Assistant
import HTTPTypes
import Portal
import Records
import Retrieval

/// What clients asked in vain, from the question to the proof that it is answered, and what they say of the answers.
struct ContentGapAPI: Sendable {
    let portal: Portal

    private static let reason =
        "Counts, and words that the client released or that several clients share; names no client"

    struct GapQuery: Decodable, Sendable, FieldsDescribed {
        let state: ContentGap.State?

        static let fieldDescriptions = ["state": "Only gaps in this state; all but the dismissed unless said."]
    }

    struct ReportQuery: Decodable, Sendable, FieldsDescribed {
        let from: Timestamp?
        let until: Timestamp?

        static let fieldDescriptions = ["from": "From this moment on; twelve weeks ago unless said."]
    }

    var endpoints: [Endpoint] { gaps + reports + [trial, feedback] }

    private func route(_ method: HTTPRequest.Method, _ path: String, _ summary: String, _ requirements: String...)
        -> Route<StaffCaller, NoQuery, NoBody>
    {
        Route(method, path, summary, requirements: requirements, access: .staff(.contentEditor, .administrator))
            .touchesNoRecord(Self.reason)
    }

    private var gaps: [Endpoint] {
        [
            route(
                .get,
                "/api/v1/content/gaps",
                "Questions that were not answered, by kind, the most asked first",
                "AI-14"
            )
            .query(GapQuery.self)
            .lists(GapDocument.init) { call in
                let states = call.query.state.map { [$0] } ?? Set(ContentGap.State.allCases).subtracting([.dismissed])
                return try await portal.gaps.list(states, as: call.principal)
            },
            route(.patch, "/api/v1/content/gaps/{gap}", "Say what a gap is about, and which article closes it", "AI-14")
                .body(GapRequest.self)
                .returns(GapStateDocument.self) { call in
                    GapStateDocument(
                        try await portal.gaps.edit(
                            call.id("gap"),
                            .init(
                                paraphrase: call.body.paraphrase,
                                article: call.body.article,
                                isDismissed: call.body.dismissed
                            ),
                            as: call.principal
                        )
                    )
                },
            route(.post, "/api/v1/content/gaps/{gap}/prove", "Ask a gap's questions again", "AI-14", "RES-12")
                .returns(GapStateDocument.self) { call in
                    GapStateDocument(try await portal.gaps.prove(call.id("gap"), as: call.principal))
                },
        ]
    }

    private var reports: [Endpoint] {
        [
            route(.get, "/api/v1/content/report", "How the assistant does, by week and topic", "AI-12", "AI-14")
                .query(ReportQuery.self)
                .returns(ContentReport.self) { call in
                    let now = portal.surroundings.now()
                    return try await portal.contentReporting.report(
                        from: call.query.from ?? now.adding(.seconds(-12 * 7 * 86_400)),
                        until: call.query.until ?? now.adding(.seconds(1)),
                        as: call.principal
                    )
                },
            route(.get, "/api/v1/content/comments", "What clients wrote for the editors to read", "AI-14")
                .lists(CommentDocument.init) { call in try await portal.contentReporting.comments(as: call.principal) },
        ]
    }

    private var trial: Endpoint {
        route(
            .post,
            "/api/v1/content/preview",
            "Ask a question of what is published, and of a draft",
            "RES-12",
            "AI-18"
        )
        .body(TrialRequest.self)
        .returns(TrialDocument.self) { call in
            guard call.body.question.utf8.count <= 2000 else {
                throw Problem.invalid(.field("question"), "is too long", remedy: "Send at most 2,000 bytes")
            }
            return TrialDocument(
                try await portal.desk.ask(
                    call.body.question,
                    language: call.body.language ?? "en",
                    draftOf: call.body.article,
                    as: call.principal
                )
            )
        }
    }

    private var feedback: Endpoint {
        Route(
            .put,
            "/api/v1/portal/chat/messages/{message}/feedback",
            "Say whether an answer helped",
            requirements: ["AI-14"],
            access: .account
        )
        .touches(.chat, .change)
        .body(FeedbackRequest.self)
        .returns(FeedbackDocument.self) { call in
            let (feedback, panel) = try await portal.feedback.give(
                .init(
                    isHelpful: call.body.helpful,
                    reason: call.body.reason,
                    comment: call.body.comment,
                    isReleased: call.body.mayBeRead ?? false
                ),
                on: call.id("message"),
                of: call.caller.client(),
                as: call.principal
            )
            return FeedbackDocument(feedback, panel)
        }
    }
}
