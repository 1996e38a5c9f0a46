import Knowledge
import Portal
import Records

/// An article in one language, in the editors' list.
struct ContentSummaryDocument: Codable, Sendable, FieldsDescribed {
    let article: String
    let language: String
    let title: String
    let status: ArticleEntry.Status
    let liveVersion: Int?
    let draft: ArticleDraft.State?
    let owner: ID<StaffMember>?
    let reviewBy: String?
    let overdue: Bool
    let retireAt: Timestamp?

    static let fieldDescriptions = [
        "draft": "State of the draft beside what is live; null when there is none.",
        "overdue": "Whether the day by which somebody had to read it again has passed; it is then not recommended.",
    ]

    init(_ summary: ArticleDesk.Summary) {
        article = summary.slug
        language = summary.language
        title = summary.title
        status = summary.status
        liveVersion = summary.liveVersion
        draft = summary.draft
        owner = summary.owner
        reviewBy = summary.reviewBy
        overdue = summary.isOverdue
        retireAt = summary.retireAt
    }
}

/// A draft. Its `rev` is its ETag.
struct DraftDocument: Codable, Sendable {
    let language: String
    let title: String
    let source: String
    let rev: Int
    let state: ArticleDraft.State
    let baseVersion: Int?
    let note: String?
    let author: ID<StaffMember>?
    let reviewer: ID<StaffMember>?
    let publishAt: Timestamp?
    let updatedAt: Timestamp

    init(_ draft: ArticleDraft) {
        language = draft.locale
        title = draft.title
        source = draft.source
        rev = draft.rev
        state = draft.state
        baseVersion = draft.baseVersion
        note = draft.changeNote
        author = draft.authorUserID
        reviewer = draft.reviewerUserID
        publishAt = draft.publishAt
        updatedAt = draft.updatedAt
    }
}

/// A version without its text.
struct VersionDocument: Codable, Sendable {
    let version: Int
    let title: String
    let live: Bool
    let author: ID<StaffMember>?
    let reviewer: ID<StaffMember>?
    let note: String?
    let publishedAt: Timestamp?
    let retiredAt: Timestamp?

    init(_ version: ArticleVersion) {
        self.version = version.version
        title = version.title
        live = version.isLive
        author = version.authorUserID
        reviewer = version.reviewerUserID
        note = version.changeNote
        publishedAt = version.publishedAt
        retiredAt = version.retiredAt
    }
}

struct ContentDetailDocument: Codable, Sendable, FieldsDescribed {
    let summary: ContentSummaryDocument
    let source: String?
    let draft: DraftDocument?
    let versions: [VersionDocument]

    static let fieldDescriptions = ["source": "The live text; null when nothing is live."]

    init(_ detail: ArticleDesk.Detail) {
        summary = ContentSummaryDocument(detail.summary)
        source = detail.live?.source
        draft = detail.draft.map(DraftDocument.init)
        versions = detail.versions.map(VersionDocument.init)
    }
}

struct ContentHistoryDocument: Codable, Sendable {
    let action: ArticleHistory.Action
    let language: String?
    let version: Int?
    let user: ID<StaffMember>?
    let note: String?
    let at: Timestamp

    init(_ history: ArticleHistory) {
        action = history.action
        language = history.locale
        version = history.version
        user = history.userID
        note = history.note
        at = history.at
    }
}

/// The draft that a page became, and everything that was left out of it.
struct ImportDocument: Codable, Sendable, FieldsDescribed {
    let article: String
    let draft: DraftDocument
    let dropped: [CheckDocument.Finding]
    let check: CheckDocument

    static let fieldDescriptions = [
        "dropped": "What of the page was left out, with its line there.",
        "check": "What is to be done before the draft can be published.",
    ]

    init(_ imported: ImportedDraft) {
        article = imported.slug
        draft = DraftDocument(imported.draft)
        dropped = imported.dropped.map { finding in
            .init(line: finding.line, severity: .warning, message: finding.message, remedy: finding.remedy)
        }
        check = CheckDocument(imported.check)
    }
}

/// What the check found, and what publishing would do to the answers.
struct CheckDocument: Codable, Sendable, FieldsDescribed {
    enum Severity: String, Codable, Sendable, CaseIterable {
        case error = "ERROR"
        case warning = "WARNING"
    }
    struct Finding: Codable, Sendable {
        let line: Int
        let severity: Severity
        let message: String
        let remedy: String
    }
    struct GapEffect: Codable, Sendable {
        let gap: ID<ContentGap>
        let paraphrase: String?
        let questions: Int
        let answered: Int
    }
    struct Lost: Codable, Sendable {
        let article: String
        let question: String
        let finds: String?
    }

    let blocked: Bool
    let findings: [Finding]
    let unanswered: Int
    let wouldAnswer: Int
    let gaps: [GapEffect]
    let lost: [Lost]
    let answered: Int
    let wouldChange: Int

    static let fieldDescriptions = [
        "blocked": "Whether it cannot be published as it is.",
        "unanswered": "How many questions of clients in this language are not answered today.",
        "would_answer": "How many of them this text would answer.",
        "lost": "Sample questions of other articles that would no longer find them.",
        "answered": "How many past answers were asked again.",
        "would_change": "How many of them would be another.",
    ]

    init(_ report: ContentCheckReport) {
        blocked = report.isBlocked
        findings = report.findings.map {
            Finding(
                line: $0.line,
                severity: $0.severity == .error ? .error : .warning,
                message: $0.message,
                remedy: $0.remedy
            )
        }
        unanswered = report.unanswered
        wouldAnswer = report.wouldAnswer
        gaps = report.gaps.map {
            GapEffect(gap: $0.gap, paraphrase: $0.paraphrase, questions: $0.questions, answered: $0.answered)
        }
        lost = report.lost.map { Lost(article: $0.article, question: $0.question, finds: $0.finds) }
        answered = report.answered
        wouldChange = report.wouldChange
    }
}

struct PreviewDocument: Codable, Sendable {
    let title: String
    let html: String
    let body: String
    let audience: String
    let links: [LinkDocument]
}

// MARK: - What comes in

struct NewArticleRequest: Codable, Sendable, FieldsDescribed {
    let source: String

    static let fieldDescriptions = ["source": "The whole article: front matter and Markdown."]
}

struct DraftRequest: Codable, Sendable, FieldsDescribed {
    let source: String
    let note: String?

    static let fieldDescriptions = [
        "source": "The whole article: front matter and Markdown.", "note": "What was changed, in a few words.",
    ]
}

struct NoteRequest: Codable, Sendable {
    let note: String?
}

struct ReturnRequest: Codable, Sendable, FieldsDescribed {
    let note: String

    static let fieldDescriptions = ["note": "What has to be changed."]
}

struct ScheduleRequest: Codable, Sendable, FieldsDescribed {
    let at: String

    static let fieldDescriptions = ["at": "Day and time in the practice's time zone, such as 2027-03-01T09:00."]
}

struct RetireRequest: Codable, Sendable, FieldsDescribed {
    let at: String?

    static let fieldDescriptions = [
        "at": "Day and time in the practice's time zone, such as 2027-03-01T09:00; at once without it."
    ]
}

struct RevertRequest: Codable, Sendable, FieldsDescribed {
    let version: Int

    static let fieldDescriptions = ["version": "Its text is published again, under a new number."]
}

struct OwnerRequest: Codable, Sendable, FieldsDescribed {
    let owner: ID<StaffMember>?

    static let fieldDescriptions = ["owner": "Who answers for the article; null for nobody."]
}
