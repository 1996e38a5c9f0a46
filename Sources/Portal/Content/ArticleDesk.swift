public import Assistant
import Knowledge
public import Records
public import Retrieval
import Store

/// What editors look at: the articles with their state, versions, history and differences, and how a draft would look and
/// answer. Nobody else does.
public struct ArticleDesk: Sendable {
    let gate: EditorGate
    let library: ArticleLibrary
    let rules: CorpusRules

    /// An article in one language, in the list.
    public struct Summary: Sendable {
        public let slug: String
        public let language: String
        public let title: String
        public let status: ArticleEntry.Status
        /// Nil when nothing is live.
        public let liveVersion: Int?
        public let draft: ArticleDraft.State?
        public let owner: ID<StaffMember>?
        public let reviewBy: String?
        /// Whether the day by which somebody had to read it again has passed.
        public let isOverdue: Bool
        public let retireAt: Timestamp?
    }

    /// All there is of an article in one language.
    public struct Detail: Sendable {
        public let summary: Summary
        public let live: ArticleVersion?
        public let draft: ArticleDraft?
        /// The latest first.
        public let versions: [ArticleVersion]
    }

    /// Every article and draft of the practice, by name and language.
    ///
    /// - Parameter isOverdue: only those whose review is overdue.
    public func list(isOverdue: Bool = false, as principal: Principal) async throws -> [Summary] {
        try await gate.open("LIST", as: principal) { access in
            let entries = try access.transaction.fetch(
                ArticleEntry.self,
                "SELECT * FROM resources WHERE practice_id = \(access.practiceID) ORDER BY slug"
            )
            return try entries.flatMap { try summaries(of: $0, access) }.filter { !isOverdue || $0.isOverdue }
        }
    }

    private func summaries(of entry: ArticleEntry, _ access: EditorAccess) throws -> [Summary] {
        let rows = try access.transaction.rows(
            """
            SELECT locale FROM resource_versions WHERE resource_id = \(entry.id)
            UNION SELECT locale FROM article_drafts WHERE resource_id = \(entry.id) ORDER BY locale
            """
        )
        return try rows.map { try detail(of: entry, try $0.get("locale"), access).summary }
    }

    private func detail(of entry: ArticleEntry, _ language: String, _ access: EditorAccess) throws -> Detail {
        let versions = try access.publication.versions(of: entry.id, language)
        let draft = try access.draft(of: entry.id, language)
        let live = versions.first(where: \.isLive)
        guard let title = live?.title ?? draft?.title ?? versions.first?.title else { throw RecordNotFound() }
        let reviewBy = live.flatMap { library.reviewBy(of: $0, in: access.practiceID) } ?? entry.reviewDue
        let today = access.now.day(in: try access.practice().zone)
        let summary = Summary(
            slug: entry.slug,
            language: language,
            title: title,
            status: live == nil ? (versions.isEmpty ? .draft : .retired) : .published,
            liveVersion: live?.version,
            draft: draft?.state,
            owner: entry.ownerUserID,
            reviewBy: reviewBy,
            isOverdue: live != nil && (reviewBy.map { $0 < today } ?? false),
            retireAt: live?.retireAt
        )
        return Detail(summary: summary, live: live, draft: draft, versions: versions)
    }

    public func article(_ slug: String, _ language: String, as principal: Principal) async throws -> Detail {
        try await gate.open("READ", as: principal) { access in
            try detail(of: access.entry(slug), language, access)
        }
    }

    /// Who did what with it, the latest first.
    public func history(_ slug: String, as principal: Principal) async throws -> [ArticleHistory] {
        try await gate.open("READ_HISTORY", "article_history", as: principal) { access in
            let entry = try access.entry(slug)
            return try access.transaction.fetch(
                ArticleHistory.self,
                "SELECT * FROM article_history WHERE resource_id = \(entry.id) ORDER BY at DESC, id DESC LIMIT 500"
            )
        }
    }

    // MARK: - Texts

    /// A text of an article: one of its versions, what is live, or the draft.
    public enum Edition: Sendable, Hashable {
        case live
        case draft
        case version(Int)

        /// `live`, `draft` or a number; nil for anything else.
        public init?(_ text: String) {
            switch text {
            case "live": self = .live
            case "draft": self = .draft
            default:
                guard let number = Int(text), number > 0 else { return nil }
                self = .version(number)
            }
        }
    }

    private static func source(_ edition: Edition, in detail: Detail) -> String? {
        switch edition {
        case .live: detail.live?.source
        case .draft: detail.draft?.source
        case .version(let number): detail.versions.first { $0.version == number }?.source
        }
    }

    /// What changed from one text to another. Throws `RecordNotFound` when one is not there.
    public func difference(
        _ slug: String,
        _ language: String,
        from old: Edition,
        to new: Edition,
        as principal: Principal
    ) async throws -> TextDifference {
        let detail = try await article(slug, language, as: principal)
        guard let old = Self.source(old, in: detail), let new = Self.source(new, in: detail) else {
            throw RecordNotFound()
        }
        return TextDifference(from: old, to: new)
    }

    /// A text as a reader gets it, with its page as HTML.
    public func preview(_ slug: String, _ language: String, _ edition: Edition, as principal: Principal) async throws
        -> (article: Article, html: String)
    {
        let detail = try await article(slug, language, as: principal)
        guard let source = Self.source(edition, in: detail) else { throw RecordNotFound() }
        let article = try ArticleEditing.read(source, slug, language)
        return (article, ArticlePage.html(article))
    }

    // MARK: - Questions

    /// How a question is answered, and what the search finds for it, best first.
    public struct Attempt: Sendable {
        public let reply: Reply
        public let hits: [Hit]
    }

    /// How a question is answered today, and how it would be with the draft published.
    public struct Trial: Sendable {
        public let live: Attempt
        /// Nil when no draft was named.
        public let draft: Attempt?
    }

    /// Asks a question as a client would, of the published articles and of those with a draft among them (RES-12).
    public func ask(
        _ question: String,
        language: String,
        draftOf slug: String?,
        as principal: Principal
    ) async throws -> Trial {
        let practice = principal.practiceID
        let source: String? =
            try await gate.open("TRY_QUESTION", as: principal) { access in
                guard let slug else { return nil }
                guard let draft = try access.draft(of: access.entry(slug).id, language) else { throw RecordNotFound() }
                return draft.source
            }
        let candidate = try source.map {
            library.candidate(practice, with: try ArticleEditing.read($0, slug, language))
        }
        return Trial(
            live: attempt(question, language, library.live(practice)),
            draft: candidate.map { attempt(question, language, $0) }
        )
    }

    private func attempt(_ question: String, _ language: String, _ edited: ArticleLibrary.Edited) -> Attempt {
        var context = ReplyContext(language: language, now: gate.surroundings.now().seconds)
        context.liveFields = Dictionary(uniqueKeysWithValues: rules.liveFields.map { ($0, "…") })
        return Attempt(
            reply: edited.assistant.reply(to: question, in: context),
            hits: edited.index.search(question, language: language).hits
        )
    }
}
