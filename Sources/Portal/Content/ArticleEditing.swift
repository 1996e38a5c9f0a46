public import Records
import Retrieval
import Store

/// The editors' work on articles: draft, check, review, publish, retire. The published text stays live until another takes
/// its place; a draft is seen by editors only.
///
/// Everything is for content editors and administrators of the practice; others are refused with `AccessDenied`, which is on
/// record.
public struct ArticleEditing: Sendable {
    let gate: EditorGate
    let library: ArticleLibrary
    let checker: @Sendable (Timestamp) -> ContentCheck
    let gaps: GapService

    var surroundings: Surroundings { gate.surroundings }

    static let publishWork = "article.publish"
    static let retireWork = "article.retire"
    /// Longest text of an article, in UTF-8 bytes.
    public static let longestSource = 100_000
    static let longestNote = 500

    // MARK: - Drafts

    /// Begins a new article. Throws `Refusal.invalid` when the text has no usable front matter, and `Refusal.conflict` when
    /// there is an article or a draft of this name in this language already.
    public func create(_ source: String, note: String? = nil, as principal: Principal) async throws -> ArticleDraft {
        let article = try Self.read(source)
        try Self.check(note: note)
        return try await gate.open("CREATE", as: principal) { access in
            let entry = try access.publication.entryMakingOne(for: article)
            let versions = try access.publication.versions(of: entry.id, article.language)
            guard versions.isEmpty, try access.draft(of: entry.id, article.language) == nil else {
                throw Refusal.conflict("There is an article `\(article.id)` in this language already. Edit that one.")
            }
            var draft = newDraft(of: entry.id, article, source, base: nil, access)
            draft.changeNote = note
            try access.transaction.insert(draft, into: ArticleDraft.table)
            try access.note(.created, on: entry.id, article.language)
            return draft
        }
    }

    /// Saves the text of a draft, beginning one from the live text where there is none. What was approved or scheduled before
    /// is a draft again: the approval was for another text.
    ///
    /// - Parameter seen: the `rev` that the editor loaded, 0 for no draft; nil saves over whatever is there. Throws
    ///   ``StaleDraft`` when it is no longer that.
    public func save(
        _ source: String,
        note: String? = nil,
        to slug: String,
        _ language: String,
        seen: Int?,
        as principal: Principal
    ) async throws -> ArticleDraft {
        let article = try Self.read(source, slug, language)
        try Self.check(note: note)
        return try await gate.open("SAVE", "article_drafts", as: principal) { access in
            let entry = try access.entry(slug)
            guard var draft = try access.draft(of: entry.id, language) else {
                guard let last = try access.publication.versions(of: entry.id, language).first else {
                    throw RecordNotFound()
                }
                guard (seen ?? 0) == 0 else { throw StaleDraft(current: nil) }
                var draft = newDraft(of: entry.id, article, source, base: last.version, access)
                draft.changeNote = note
                try access.transaction.insert(draft, into: ArticleDraft.table)
                try access.note(.saved, on: entry.id, language)
                return draft
            }
            try Self.require(seen, of: draft)
            draft.title = article.title
            draft.source = source
            draft.changeNote = note ?? draft.changeNote
            draft.authorUserID = access.principal.staffID
            try update(&draft, to: .draft, access)
            try access.note(.saved, on: entry.id, language)
            return draft
        }
    }

    func newDraft(
        of entry: ID<ArticleEntry>,
        _ article: Article,
        _ source: String,
        base: Int?,
        _ access: EditorAccess
    ) -> ArticleDraft {
        ArticleDraft(
            id: surroundings.newID(),
            resourceID: entry,
            locale: article.language,
            baseVersion: base,
            title: article.title,
            source: source,
            rev: 1,
            state: .draft,
            authorUserID: access.principal.staffID,
            createdAt: access.now,
            updatedAt: access.now
        )
    }

    /// Throws the draft away; what is live stays.
    public func discard(_ slug: String, _ language: String, seen: Int?, as principal: Principal) async throws {
        try await change(slug, language, "DISCARD", seen: seen, as: principal) { draft, entry, access in
            try access.transaction.execute("DELETE FROM article_drafts WHERE id = \(draft.id)")
            try access.note(.discarded, on: entry.id, language)
        }
    }

    // MARK: - Check and review

    /// What the check finds, and what publishing the draft would do to the answers. Changes nothing.
    public func check(_ slug: String, _ language: String, as principal: Principal) async throws -> ContentCheckReport {
        let draft = try await draft(slug, language, as: principal)
        return try await report(on: draft, slug, principal.practiceID)
    }

    func report(on draft: ArticleDraft, _ slug: String, _ practice: ID<Practice>) async throws
        -> ContentCheckReport
    {
        try await checker(surroundings.now()).report(on: draft.source, slug, draft.locale, of: practice)
    }

    /// The draft as it is, if the check lets it pass. Throws ``BlockedByCheck``.
    func checked(_ slug: String, _ language: String, seen: Int?, as principal: Principal) async throws
        -> ArticleDraft
    {
        let draft = try await draft(slug, language, as: principal)
        try Self.require(seen, of: draft)
        let report = try await report(on: draft, slug, principal.practiceID)
        guard !report.isBlocked else { throw BlockedByCheck(report: report) }
        return draft
    }

    func draft(_ slug: String, _ language: String, as principal: Principal) async throws -> ArticleDraft {
        try await gate.open("READ_DRAFT", "article_drafts", as: principal) { access in
            guard let draft = try access.draft(of: access.entry(slug).id, language) else { throw RecordNotFound() }
            return draft
        }
    }

    /// Hands the draft in for review. Throws ``BlockedByCheck`` when the check does not let it pass.
    public func submit(_ slug: String, _ language: String, seen: Int?, as principal: Principal) async throws
        -> ArticleDraft
    {
        let checked = try await checked(slug, language, seen: seen, as: principal)
        return try await step(slug, language, "SUBMIT", seen: checked.rev, from: [.draft], as: principal) {
            draft,
            entry,
            access in
            try update(&draft, to: .inReview, access)
            try access.note(.submitted, on: entry.id, language)
        }
    }

    /// Gives the draft back to its author.
    public func giveBack(_ slug: String, _ language: String, note: String, seen: Int?, as principal: Principal)
        async throws -> ArticleDraft
    {
        try Self.check(note: note)
        return try await step(
            slug,
            language,
            "RETURN",
            seen: seen,
            from: [.inReview, .approved],
            as: principal
        ) { draft, entry, access in
            try update(&draft, to: .draft, access)
            try access.note(.returned, on: entry.id, language, note: note)
        }
    }

    /// Approves the draft for publication. Whoever wrote at it may do so only where the practice allows it.
    public func approve(_ slug: String, _ language: String, note: String?, seen: Int?, as principal: Principal)
        async throws -> ArticleDraft
    {
        try Self.check(note: note)
        return try await step(slug, language, "APPROVE", seen: seen, from: [.inReview], as: principal) {
            draft,
            entry,
            access in
            let isAuthor = try hasWritten(access.principal.staffID, at: draft, entry, access)
            guard try !isAuthor || access.practice().settings.authorsMayApprove else {
                throw Refusal.conflict("You wrote at this draft. Somebody else has to approve it.")
            }
            draft.reviewerUserID = access.principal.staffID
            try update(&draft, to: .approved, access)
            try access.note(.approved, on: entry.id, language, note: note)
        }
    }

    func hasWritten(
        _ staff: ID<StaffMember>?,
        at draft: ArticleDraft,
        _ entry: ArticleEntry,
        _ access: EditorAccess
    ) throws -> Bool {
        let saved = try access.transaction.row(
            """
            SELECT id FROM article_history
            WHERE resource_id = \(entry.id) AND locale = \(draft.locale) AND user_id = \(staff)
                AND action IN ('CREATED', 'SAVED') AND at >= \(draft.createdAt)
            LIMIT 1
            """
        )
        return saved != nil || draft.authorUserID == staff
    }
}
