import Assistant
import Foundation
import Knowledge
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
    private static let longestNote = 500

    // MARK: - Drafts

    /// Begins a new article. Throws `Refusal.invalid` when the text has no usable front matter, and `Refusal.conflict` when
    /// there is an article or a draft of this name in this language already.
    public func create(_ source: String, as principal: Principal) async throws -> ArticleDraft {
        let article = try Self.read(source)
        return try await gate.open("CREATE", as: principal) { access in
            let entry = try access.publication.entryMakingOne(for: article)
            let versions = try access.publication.versions(of: entry.id, article.language)
            guard versions.isEmpty, try access.draft(of: entry.id, article.language) == nil else {
                throw Refusal.conflict("There is an article `\(article.id)` in this language already. Edit that one.")
            }
            let draft = newDraft(of: entry.id, article, source, base: nil, access)
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

    private func newDraft(
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

    private func report(on draft: ArticleDraft, _ slug: String, _ practice: ID<Practice>) async throws
        -> ContentCheckReport
    {
        try await checker(surroundings.now()).report(on: draft.source, slug, draft.locale, of: practice)
    }

    /// The draft as it is, if the check lets it pass. Throws ``BlockedByCheck``.
    private func checked(_ slug: String, _ language: String, seen: Int?, as principal: Principal) async throws
        -> ArticleDraft
    {
        let draft = try await draft(slug, language, as: principal)
        try Self.require(seen, of: draft)
        let report = try await report(on: draft, slug, principal.practiceID)
        guard !report.isBlocked else { throw BlockedByCheck(report: report) }
        return draft
    }

    private func draft(_ slug: String, _ language: String, as principal: Principal) async throws -> ArticleDraft {
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

    private func hasWritten(
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

    // MARK: - Publishing

    /// Publishes an approved draft at once: from the next question on it is searched and quoted, and the former version is
    /// not. Throws ``BlockedByCheck`` when the check no longer lets it pass.
    public func publish(_ slug: String, _ language: String, seen: Int?, as principal: Principal) async throws
        -> ArticleVersion
    {
        let checked = try await checked(slug, language, seen: seen, as: principal)
        let version = try await change(slug, language, "PUBLISH", seen: checked.rev, as: principal) {
            draft,
            entry,
            access in
            try Self.require([.approved, .scheduled], of: draft)
            return try publish(draft, of: entry, access)
        }
        try await settle(version, slug, principal.practiceID)
        return version
    }

    private func publish(_ draft: ArticleDraft, of entry: ArticleEntry, _ access: EditorAccess) throws
        -> ArticleVersion
    {
        let article = try Self.read(draft.source, entry.slug, draft.locale)
        let version = try access.publication.publish(
            article,
            text: draft.source,
            from: .init(author: draft.authorUserID, reviewer: draft.reviewerUserID, note: draft.changeNote)
        )
        try access.transaction.execute("DELETE FROM article_drafts WHERE id = \(draft.id)")
        try access.note(.published, on: entry.id, draft.locale, version: version.version, note: draft.changeNote)
        return version
    }

    /// The index is swapped, and the questions that the article was written for are asked again.
    private func settle(_ version: ArticleVersion, _ slug: String, _ practice: ID<Practice>) async throws {
        try await library.load(practice)
        try await gaps.proveAll(of: version.resourceID, in: practice)
    }

    /// Plans when an approved draft goes live.
    ///
    /// - Parameter time: day and time in the practice's time zone, as `2026-11-23T09:00`.
    public func schedule(_ slug: String, _ language: String, at time: String, seen: Int?, as principal: Principal)
        async throws -> ArticleDraft
    {
        let checked = try await checked(slug, language, seen: seen, as: principal)
        return try await step(
            slug,
            language,
            "SCHEDULE",
            seen: checked.rev,
            from: [.approved, .scheduled],
            as: principal
        ) { draft, entry, access in
            let moment = try Self.moment(time, in: access.practice(), after: access.now)
            draft.publishAt = moment
            try update(&draft, to: .scheduled, access)
            try access.note(.scheduled, on: entry.id, language, note: time)
            try WorkRequest(
                Self.publishWork,
                subject: draft.id.text,
                dedupeKey: "\(draft.id) \(draft.rev)",
                runAt: moment
            )
            .enqueue(
                practice: access.practiceID,
                client: nil,
                now: access.now,
                ids: surroundings,
                transaction: access.transaction
            )
        }
    }

    public func unschedule(_ slug: String, _ language: String, seen: Int?, as principal: Principal) async throws
        -> ArticleDraft
    {
        try await step(slug, language, "UNSCHEDULE", seen: seen, from: [.scheduled], as: principal) {
            draft,
            entry,
            access in
            try update(&draft, to: .approved, access)
            try access.note(.unscheduled, on: entry.id, language)
        }
    }

    /// Publishes what was planned for now. A draft that no longer passes the check waits for an editor instead.
    var publishHandler: WorkHandler {
        WorkHandler(Self.publishWork, attempts: 12) { item, database in
            let due = try await database.read { transaction -> (ArticleDraft, String)? in
                guard
                    let draft = try transaction.fetchOne(
                        ArticleDraft.self,
                        "SELECT * FROM article_drafts WHERE id = \(item.subjectID)"
                    ), draft.state == .scheduled, let moment = draft.publishAt, moment <= surroundings.now(),
                    let slug: String = try transaction.row("SELECT slug FROM resources WHERE id = \(draft.resourceID)")?
                        .get("slug")
                else { return nil }
                return (draft, slug)
            }
            guard let (draft, slug) = due else { return { _ in } }
            let service = Principal.system(Self.publishWork, practice: item.practiceID)
            do {
                _ = try await publish(slug, draft.locale, seen: draft.rev, as: service)
            } catch is BlockedByCheck {
                try await change(slug, draft.locale, "HOLD_BACK", seen: draft.rev, as: service) {
                    draft,
                    entry,
                    access in
                    var draft = draft
                    try update(&draft, to: .draft, access)
                    try access.note(.heldBack, on: entry.id, draft.locale)
                }
            }
            return { _ in }
        }
    }

    // MARK: - Retiring and reverting

    /// Takes the live text down, at once or at a time in the practice's time zone. Throws `Refusal.conflict` when another
    /// article links to it.
    public func retire(_ slug: String, _ language: String, at time: String? = nil, as principal: Principal) async throws
    {
        let isNow = try await gate.open("RETIRE", "resource_versions", as: principal) { access in
            let entry = try access.entry(slug)
            guard let live = try access.publication.versions(of: entry.id, language).first(where: \.isLive) else {
                throw Refusal.conflict("Nothing of this article is published in this language.")
            }
            if let time {
                let moment = try Self.moment(time, in: access.practice(), after: access.now)
                try access.transaction.execute(
                    "UPDATE resource_versions SET retire_at = \(moment) WHERE id = \(live.id)"
                )
                try access.note(.retirementPlanned, on: entry.id, language, version: live.version, note: time)
                try WorkRequest(
                    Self.retireWork,
                    subject: live.id.text,
                    dedupeKey: "\(live.id) \(moment.milliseconds)",
                    runAt: moment
                )
                .enqueue(
                    practice: access.practiceID,
                    client: nil,
                    now: access.now,
                    ids: surroundings,
                    transaction: access.transaction
                )
                return false
            }
            let links = try Self.links(to: slug, language, access)
            guard links.isEmpty else {
                throw Refusal.conflict("Other articles link to this one: \(links.joined(separator: ", ")).")
            }
            try access.publication.retire(entry.id, language)
            try access.note(.retired, on: entry.id, language, version: live.version)
            return true
        }
        if isNow { try await library.load(principal.practiceID) }
    }

    private static func links(to slug: String, _ language: String, _ access: EditorAccess) throws -> [String] {
        let own = ContentCheck.path(slug, language)
        let others = try ContentCheck.liveFiles(of: access.practiceID, in: access.transaction).filter { $0.path != own }
        let findings = Corpus.checkLinks(files: others).filter { $0.message == "there is no article `\(slug)`" }
        return Array(Set(findings.map(\.file))).sorted()
    }

    var retireHandler: WorkHandler {
        WorkHandler(Self.retireWork, attempts: 12) { item, database in
            let due = try await database.read { transaction -> (slug: String, language: String)? in
                guard
                    let version = try transaction.fetchOne(
                        ArticleVersion.self,
                        "SELECT * FROM resource_versions WHERE id = \(item.subjectID)"
                    ), version.isLive, let moment = version.retireAt, moment <= surroundings.now(),
                    let slug: String = try transaction.row(
                        "SELECT slug FROM resources WHERE id = \(version.resourceID)"
                    )?.get("slug")
                else { return nil }
                return (slug, version.locale)
            }
            if let due {
                try await retire(
                    due.slug,
                    due.language,
                    as: .system(Self.retireWork, practice: item.practiceID)
                )
            }
            return { _ in }
        }
    }

    /// Publishes an earlier version's text as a new version: nothing is lost and no number comes again.
    public func revert(_ slug: String, _ language: String, to number: Int, as principal: Principal) async throws
        -> ArticleVersion
    {
        let earlier = try await gate.open("READ", "resource_versions", as: principal) { access in
            let versions = try access.publication.versions(of: access.entry(slug).id, language)
            guard let earlier = versions.first(where: { $0.version == number }) else { throw RecordNotFound() }
            return earlier
        }
        let report = try await checker(surroundings.now()).report(
            on: earlier.source,
            slug,
            language,
            of: principal.practiceID
        )
        guard !report.isBlocked else { throw BlockedByCheck(report: report) }
        let version = try await gate.open("REVERT", "resource_versions", as: principal) { access in
            let article = try Self.read(earlier.source, slug, language)
            let version = try access.publication.publish(
                article,
                text: earlier.source,
                from: .init(
                    author: access.principal.staffID,
                    reviewer: earlier.reviewerUserID,
                    note: "Back to version \(number)",
                    inCorpus: earlier.inCorpus
                )
            )
            try access.note(
                .reverted,
                on: earlier.resourceID,
                language,
                version: version.version,
                note: "Back to version \(number)"
            )
            return version
        }
        try await settle(version, slug, principal.practiceID)
        return version
    }

    /// Who answers for the article.
    public func setOwner(_ owner: ID<StaffMember>?, of slug: String, as principal: Principal) async throws {
        try await gate.open("SET_OWNER", as: principal) { access in
            let entry = try access.entry(slug)
            if let owner {
                let member = try access.transaction.row(
                    "SELECT id FROM users WHERE id = \(owner) AND practice_id = \(access.practiceID)"
                )
                guard member != nil else {
                    throw Refusal.invalid(
                        pointer: "/owner",
                        message: "is nobody of this practice",
                        remedy: "Send the id of a member of staff"
                    )
                }
            }
            try access.transaction.execute(
                "UPDATE resources SET owner_user_id = \(owner), updated_at = \(access.now) WHERE id = \(entry.id)"
            )
            try access.note(.ownerChanged, on: entry.id, nil)
        }
    }
}

// MARK: - Steps

extension ArticleEditing {
    /// Runs `body` with the draft as it is.
    private func change<Result: Sendable>(
        _ slug: String,
        _ language: String,
        _ action: String,
        seen: Int?,
        as principal: Principal,
        _ body: @escaping @Sendable (ArticleDraft, ArticleEntry, EditorAccess) throws -> Result
    ) async throws -> Result {
        try await gate.open(action, "article_drafts", as: principal) { access in
            let entry = try access.entry(slug)
            guard let draft = try access.draft(of: entry.id, language) else {
                guard seen == nil else { throw StaleDraft(current: nil) }
                throw RecordNotFound()
            }
            try Self.require(seen, of: draft)
            return try body(draft, entry, access)
        }
    }

    /// The same for a step from one of `states`; returns the draft as it is then.
    private func step(
        _ slug: String,
        _ language: String,
        _ action: String,
        seen: Int?,
        from states: [ArticleDraft.State],
        as principal: Principal,
        _ body: @escaping @Sendable (inout ArticleDraft, ArticleEntry, EditorAccess) throws -> Void
    ) async throws -> ArticleDraft {
        try await change(slug, language, action, seen: seen, as: principal) { draft, entry, access in
            try Self.require(states, of: draft)
            var draft = draft
            try body(&draft, entry, access)
            return draft
        }
    }

    private func update(_ draft: inout ArticleDraft, to state: ArticleDraft.State, _ access: EditorAccess) throws {
        draft.state = state
        if state != .scheduled { draft.publishAt = nil }
        if state == .draft { draft.reviewerUserID = nil }
        draft.rev += 1
        draft.updatedAt = access.now
        try access.transaction.update(draft, in: ArticleDraft.table, where: "id = \(draft.id)")
    }

    private static func require(_ seen: Int?, of draft: ArticleDraft) throws {
        guard let seen, seen != draft.rev else { return }
        throw StaleDraft(current: draft)
    }

    private static func require(_ states: [ArticleDraft.State], of draft: ArticleDraft) throws(Refusal) {
        guard !states.contains(draft.state) else { return }
        let needed = states.map(\.rawValue).joined(separator: " or ")
        throw .conflict("The draft is \(draft.state.rawValue); for this it has to be \(needed).")
    }

    private static func check(note: String?) throws(Refusal) {
        guard let note, note.count > longestNote || note.unicodeScalars.contains("\0") else { return }
        throw .invalid(
            pointer: "/note",
            message: "should have at most \(longestNote) characters",
            remedy: "Say it in a sentence"
        )
    }

    /// The article that a text is, named `slug` in `language` where they are given.
    static func read(_ source: String, _ slug: String? = nil, _ language: String? = nil) throws(Refusal) -> Article {
        guard source.utf8.count <= longestSource, !source.utf8.contains(0) else {
            throw .invalid(
                pointer: "/source",
                message: "should have at most \(longestSource) bytes",
                remedy: "Make two articles of it"
            )
        }
        let read = Article.readDraft(KnowledgeFile(path: slug ?? "draft", text: source))
        guard let article = read.article else {
            throw .invalid(
                pointer: "/source",
                message: read.fault.map { "cannot be read: \($0)" } ?? "has no front matter",
                remedy: "Begin with `---`, the keys id, title, language, audience and review_by, and another `---`"
            )
        }
        guard slug == nil || slug == article.id, language == nil || language == article.language else {
            throw .invalid(
                pointer: "/source",
                message: "names another article in its front matter",
                remedy: "Keep `id` and `language` as they are; a new name is a new article"
            )
        }
        return article
    }

    /// The moment of a day and time in the practice's time zone. Where the clock is put forward, the first moment after.
    static func moment(_ time: String, in practice: Practice, after now: Timestamp) throws(Refusal) -> Timestamp {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: practice.timeZone) ?? .gmt
        let parts = time.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/)
        let numbers = parts.map { [$0.1, $0.2, $0.3, $0.4, $0.5].compactMap { Int($0) } } ?? []
        guard numbers.count == 5, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]), numbers[3] < 24,
            numbers[4] < 60,
            let date = calendar.date(
                from: DateComponents(
                    year: numbers[0],
                    month: numbers[1],
                    day: numbers[2],
                    hour: numbers[3],
                    minute: numbers[4]
                )
            ), Timestamp(date).day(in: calendar.timeZone) == time.prefix(10), Timestamp(date) > now
        else {
            throw .invalid(
                pointer: "/at",
                message: "should be a time to come in the practice's time zone",
                remedy: "Write it like 2027-03-01T09:00"
            )
        }
        return Timestamp(date)
    }
}
