import Foundation
import Knowledge
import Records
import Retrieval
import Store

/// What every step of the editors' work has in common.
extension ArticleEditing {
    /// Runs `body` with the draft as it is.
    func change<Result: Sendable>(
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
    func step(
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

    func update(_ draft: inout ArticleDraft, to state: ArticleDraft.State, _ access: EditorAccess) throws {
        draft.state = state
        if state != .scheduled { draft.publishAt = nil }
        if state == .draft { draft.reviewerUserID = nil }
        draft.rev += 1
        draft.updatedAt = access.now
        try access.transaction.update(draft, in: ArticleDraft.table, where: "id = \(draft.id)")
    }

    static func require(_ seen: Int?, of draft: ArticleDraft) throws {
        guard let seen, seen != draft.rev else { return }
        throw StaleDraft(current: draft)
    }

    static func require(_ states: [ArticleDraft.State], of draft: ArticleDraft) throws(Refusal) {
        guard !states.contains(draft.state) else { return }
        let needed = states.map(\.rawValue).joined(separator: " or ")
        throw .conflict("The draft is \(draft.state.rawValue); for this it has to be \(needed).")
    }

    static func check(note: String?) throws(Refusal) {
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
        // It becomes the name of a file when the articles are exported.
        guard !article.id.isEmpty, article.id.utf8.count <= 100,
            article.id.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 0x2D })
        else {
            throw .invalid(
                pointer: "/source",
                message: "has an `id` that is no name of an article",
                remedy: "Use lower-case letters, digits and hyphens only"
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
