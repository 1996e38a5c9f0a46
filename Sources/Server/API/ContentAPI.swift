import Assistant
import HTTPTypes
import NIOCore
import Portal
import Records
import Retrieval

/// The editors' work on articles, from the first draft to the day they are taken down.
struct ContentAPI: Sendable {
    let portal: Portal

    static let reason = "Articles are the practice's, and name no client"
    static let base = "/api/v1/content/resources"
    private static let one = "\(base)/{article}/languages/{language}"

    struct ListQuery: Decodable, Sendable, FieldsDescribed {
        let overdue: Bool?

        static let fieldDescriptions = ["overdue": "Only those whose review is overdue."]
    }

    struct TextQuery: Decodable, Sendable, FieldsDescribed {
        let text: String?

        static let fieldDescriptions = ["text": "`draft`, `live` or the number of a version; `draft` unless said."]
    }

    struct DifferenceQuery: Decodable, Sendable, FieldsDescribed {
        let from: String?
        let to: String?

        static let fieldDescriptions = [
            "from": "`live`, `draft` or the number of a version; `live` unless said.",
            "to": "The same; `draft` unless said.",
        ]
    }

    struct ImportQuery: Decodable, Sendable, FieldsDescribed {
        let file: String?
        let article: String?
        let language: String?

        static let fieldDescriptions = [
            "file": "Name of the file, noted as the article's source.",
            "article": "Name of the new article; made from the page's title unless given.",
            "language": "`en` or `es`; as the page declares unless given.",
        ]
    }

    var endpoints: [Endpoint] { reading + drafting + reviewing + publishing }

    private func route(_ method: HTTPRequest.Method, _ path: String, _ summary: String, _ requirements: String...)
        -> Route<StaffCaller, NoQuery, NoBody>
    {
        Route(
            method,
            path,
            summary,
            requirements: requirements,
            access: .staff(.contentEditor, .administrator)
        )
        .touchesNoRecord(Self.reason)
    }

    // MARK: - Reading

    private var reading: [Endpoint] {
        [
            route(.get, Self.base, "Every article and draft, with its state", "RES-10", "RES-15")
                .query(ListQuery.self)
                .lists(ContentSummaryDocument.init) { call in
                    try await portal.desk.list(isOverdue: call.query.overdue ?? false, as: call.principal)
                },
            route(.get, Self.one, "An article with its draft and versions", "RES-10")
                .returns(Reply<ContentDetailDocument>.self) { call in
                    let detail = try await portal.desk.article(
                        call.text("article"),
                        call.text("language"),
                        as: call.principal
                    )
                    return Reply(
                        ContentDetailDocument(detail),
                        headers: [.eTag: "\"\(detail.draft?.rev ?? 0)\""]
                    )
                },
            route(.get, "\(Self.base)/{article}/history", "Who did what with an article", "RES-10")
                .lists(ContentHistoryDocument.init) { call in
                    try await portal.desk.history(call.text("article"), as: call.principal)
                },
            route(.get, "\(Self.one)/diff", "What changed between two texts, by line and word", "RES-10")
                .query(DifferenceQuery.self)
                .returns(TextDifference.self) { call in
                    try await portal.desk.difference(
                        call.text("article"),
                        call.text("language"),
                        from: try Self.edition(call.query.from ?? "live", "from"),
                        to: try Self.edition(call.query.to ?? "draft", "to"),
                        as: call.principal
                    )
                },
            route(.get, "\(Self.one)/preview", "A text as its reader gets it", "RES-10")
                .query(TextQuery.self)
                .returns(PreviewDocument.self) { call in
                    let (article, html) = try await portal.desk.preview(
                        call.text("article"),
                        call.text("language"),
                        try Self.edition(call.query.text ?? "draft", "text"),
                        as: call.principal
                    )
                    return PreviewDocument(
                        title: article.title,
                        html: html,
                        body: article.body,
                        audience: article.audience.rawValue,
                        links: article.links.map { LinkDocument(label: $0.label, path: $0.path) }
                    )
                },
        ]
    }

    private static func edition(_ text: String, _ name: String) throws -> ArticleDesk.Edition {
        guard let edition = ArticleDesk.Edition(text) else {
            throw Problem.invalid(
                .query(name: name),
                "names no text of the article",
                remedy: "Use live, draft or the number of a version"
            )
        }
        return edition
    }

    // MARK: - Drafts

    private var drafting: [Endpoint] {
        [
            route(.post, Self.base, "Begin a new article", "RES-10")
                .body(NewArticleRequest.self)
                .problems(.conflict)
                .returns(Reply<DraftDocument>.self, status: .created) { call in
                    Self.reply(try await portal.editing.create(call.body.source, as: call.principal))
                },
            route(.post, "\(Self.base)/import", "Make a draft of an HTML page, without what could do harm", "RES-10")
                .query(ImportQuery.self)
                .body(Upload.self, limit: ArticleEditing.longestPage)
                .problems(.conflict)
                .returns(Reply<ImportDocument>.self, status: .created) { call in
                    let imported = try await portal.editing.takePage(
                        Array(call.body.bytes.readableBytesView),
                        file: call.query.file ?? "page.html",
                        slug: call.query.article,
                        language: call.query.language,
                        as: call.principal
                    )
                    return Reply(ImportDocument(imported), headers: [.eTag: "\"\(imported.draft.rev)\""])
                },
            route(.put, "\(Self.one)/draft", "Save the draft; the published text stays as it is", "RES-10")
                .body(DraftRequest.self)
                .problems(.preconditionRequired, .preconditionFailed)
                .returns(Reply<DraftDocument>.self) { call in
                    guard call.headers[.ifMatch] != nil else { throw Problem.versionNeeded }
                    return Self.reply(
                        try await portal.editing.save(
                            call.body.source,
                            note: call.body.note,
                            to: call.text("article"),
                            call.text("language"),
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
            route(.delete, "\(Self.one)/draft", "Throw the draft away", "RES-10")
                .problems(.preconditionFailed)
                .returnsNothing { call in
                    try await portal.editing.discard(
                        call.text("article"),
                        call.text("language"),
                        seen: try call.seenVersion,
                        as: call.principal
                    )
                },
            route(.put, "\(Self.base)/{article}/owner", "Say who answers for an article", "RES-15")
                .body(OwnerRequest.self)
                .returnsNothing { call in
                    try await portal.editing.setOwner(call.body.owner, of: call.text("article"), as: call.principal)
                },
        ]
    }

    private static func reply(_ draft: ArticleDraft) -> Reply<DraftDocument> {
        Reply(DraftDocument(draft), headers: [.eTag: "\"\(draft.rev)\""])
    }

    // MARK: - Review

    private var reviewing: [Endpoint] {
        [
            route(.post, "\(Self.one)/draft/check", "What is wrong with the draft, and what it would answer", "RES-12")
                .returns(CheckDocument.self) { call in
                    CheckDocument(
                        try await portal.editing.check(
                            call.text("article"),
                            call.text("language"),
                            as: call.principal
                        )
                    )
                },
            route(.post, "\(Self.one)/draft/submit", "Hand the draft in for review", "RES-10")
                .problems(.conflict, .preconditionFailed)
                .returns(Reply<DraftDocument>.self) { call in
                    Self.reply(
                        try await portal.editing.submit(
                            call.text("article"),
                            call.text("language"),
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
            route(.post, "\(Self.one)/draft/approve", "Approve the draft for publication", "RES-10")
                .body(NoteRequest.self)
                .problems(.conflict, .preconditionFailed)
                .returns(Reply<DraftDocument>.self) { call in
                    Self.reply(
                        try await portal.editing.approve(
                            call.text("article"),
                            call.text("language"),
                            note: call.body.note,
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
            route(.post, "\(Self.one)/draft/return", "Give the draft back to its author", "RES-10")
                .body(ReturnRequest.self)
                .problems(.conflict, .preconditionFailed)
                .returns(Reply<DraftDocument>.self) { call in
                    Self.reply(
                        try await portal.editing.giveBack(
                            call.text("article"),
                            call.text("language"),
                            note: call.body.note,
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
        ]
    }

    // MARK: - Publishing

    private var publishing: [Endpoint] {
        [
            route(.post, "\(Self.one)/draft/publish", "Publish the approved draft at once", "RES-10", "RES-11")
                .problems(.conflict, .preconditionFailed)
                .returns(VersionDocument.self) { call in
                    VersionDocument(
                        try await portal.editing.publish(
                            call.text("article"),
                            call.text("language"),
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
            route(.post, "\(Self.one)/draft/schedule", "Plan when the approved draft goes live", "RES-10")
                .body(ScheduleRequest.self)
                .problems(.conflict, .preconditionFailed)
                .returns(Reply<DraftDocument>.self) { call in
                    Self.reply(
                        try await portal.editing.schedule(
                            call.text("article"),
                            call.text("language"),
                            at: call.body.at,
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
            route(.delete, "\(Self.one)/draft/schedule", "Take the plan back", "RES-10")
                .problems(.conflict, .preconditionFailed)
                .returns(Reply<DraftDocument>.self) { call in
                    Self.reply(
                        try await portal.editing.unschedule(
                            call.text("article"),
                            call.text("language"),
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
            route(.post, "\(Self.one)/retire", "Take the live text down, now or at a time", "RES-10", "RES-11")
                .body(RetireRequest.self)
                .problems(.conflict)
                .returnsNothing { call in
                    try await portal.editing.retire(
                        call.text("article"),
                        call.text("language"),
                        at: call.body.at,
                        as: call.principal
                    )
                },
            route(.post, "\(Self.one)/revert", "Publish an earlier text again, as a new version", "RES-10")
                .body(RevertRequest.self)
                .problems(.conflict)
                .returns(VersionDocument.self) { call in
                    VersionDocument(
                        try await portal.editing.revert(
                            call.text("article"),
                            call.text("language"),
                            to: call.body.version,
                            as: call.principal
                        )
                    )
                },
        ]
    }
}
