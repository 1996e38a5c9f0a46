import Assistant
import Portal
import Records
import Retrieval

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
