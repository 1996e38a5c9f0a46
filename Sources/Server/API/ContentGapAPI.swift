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
            .returns(Listing<GapDocument>.self) { call in
                let states = call.query.state.map { [$0] } ?? Set(ContentGap.State.allCases).subtracting([.dismissed])
                return Listing(
                    items: try await portal.gaps.list(states, as: call.principal).map(GapDocument.init)
                )
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
                .returns(Listing<CommentDocument>.self) { call in
                    Listing(
                        items: try await portal.contentReporting.comments(as: call.principal).map(CommentDocument.init)
                    )
                },
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

/// Questions of a kind that were not answered.
struct GapDocument: Codable, Sendable, FieldsDescribed {
    let gap: GapStateDocument
    let language: String
    let questions: Int
    let clients: Int?
    let reasons: [String: Int]
    let weeks: [String: Int]
    let nearest: [String]
    let examples: [String]

    static let fieldDescriptions = [
        "clients": "How many different clients asked; null for fewer than three.",
        "weeks": "How many questions, by the Monday of the week.",
        "nearest": "The published articles nearest to the questions.",
        "examples": "Questions that their clients allowed to be read, or that at least three clients asked alike.",
    ]

    init(_ summary: GapService.Summary) {
        gap = GapStateDocument(summary.gap, article: summary.article)
        language = summary.gap.locale
        questions = summary.questions
        clients = summary.clients
        reasons = Dictionary(uniqueKeysWithValues: summary.reasons.map { ($0.rawValue, $1) })
        weeks = summary.weeks
        nearest = summary.nearest
        examples = summary.examples
    }
}

struct GapStateDocument: Codable, Sendable, FieldsDescribed {
    let id: ID<ContentGap>
    let state: ContentGap.State
    let paraphrase: String?
    let article: String?
    let version: Int?
    let askedAgain: Int?
    let answered: Int?
    let provenAt: Timestamp?

    static let fieldDescriptions = [
        "version": "The version of the article that the questions were asked again of.",
        "answered": "How many of the questions asked again it answered.",
    ]

    init(_ gap: ContentGap, article: String? = nil) {
        id = gap.id
        state = gap.state
        paraphrase = gap.paraphrase
        self.article = article
        version = gap.version
        askedAgain = gap.askedAgain
        answered = gap.answered
        provenAt = gap.provenAt
    }
}

struct GapRequest: Codable, Sendable, FieldsDescribed {
    let paraphrase: String?
    let article: String?
    let dismissed: Bool?

    static let fieldDescriptions = [
        "paraphrase": "What is asked, in your own words.", "article": "The article or draft that is to answer it.",
        "dismissed": "True to leave it unanswered on purpose.",
    ]
}

struct CommentDocument: Codable, Sendable {
    let article: String?
    let version: Int?
    let helpful: Bool
    let reason: ChatFeedback.Reason?
    let text: String
    let week: String

    init(_ comment: ContentReporting.Comment) {
        article = comment.article
        version = comment.version
        helpful = comment.isHelpful
        reason = comment.reason
        text = comment.text
        week = comment.week
    }
}

struct TrialRequest: Codable, Sendable, FieldsDescribed {
    let question: String
    let language: String?
    let article: String?

    static let fieldDescriptions = ["article": "The article whose draft is asked, too."]
}

/// How a question is answered, and why.
struct TrialDocument: Codable, Sendable {
    struct Hit: Codable, Sendable {
        let article: String
        let confidence: Double
        let passage: String?
        let question: String?
    }
    struct Answer: Codable, Sendable {
        let decision: String
        let text: String
        let articles: [String]
        let rules: [String]
        let hits: [Hit]

        init(_ attempt: ArticleDesk.Attempt) {
            decision = attempt.reply.decision.rawValue
            text = attempt.reply.plainText
            articles = attempt.reply.citations.map(\.articleID)
            rules = (attempt.reply.crisis?.matches.map(\.ruleID) ?? []) + attempt.reply.guardrails.map(\.ruleID)
            hits = attempt.hits.map {
                Hit(
                    article: $0.article.id,
                    confidence: $0.confidence,
                    passage: $0.passages.first?.passage.id,
                    question: $0.bestQuestion
                )
            }
        }
    }

    let published: Answer
    let draft: Answer?

    init(_ trial: ArticleDesk.Trial) {
        published = Answer(trial.live)
        draft = trial.draft.map(Answer.init)
    }
}

struct FeedbackRequest: Codable, Sendable, FieldsDescribed {
    let helpful: Bool
    let reason: ChatFeedback.Reason?
    let comment: String?
    let mayBeRead: Bool?

    static let fieldDescriptions = [
        "may_be_read": "Whether the practice's editors may read the question and the comment; they do not otherwise."
    ]
}

struct FeedbackDocument: Codable, Sendable {
    let helpful: Bool
    let reason: ChatFeedback.Reason?
    let article: String?
    let version: Int?
    let mayBeRead: Bool
    let crisisPanel: PanelDocument?

    init(_ feedback: ChatFeedback, _ panel: CrisisPanel?) {
        helpful = feedback.isHelpful
        reason = feedback.reason
        article = feedback.articleSlug
        version = feedback.articleVersion
        mayBeRead = feedback.isReleased
        crisisPanel = panel.map { PanelDocument($0) }
    }
}
