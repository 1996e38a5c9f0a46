public import Records
import Retrieval
import Store

extension ArticleEditing {
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

    func publish(_ draft: ArticleDraft, of entry: ArticleEntry, _ access: EditorAccess) throws
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
    func settle(_ version: ArticleVersion, _ slug: String, _ practice: ID<Practice>) async throws {
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
}
