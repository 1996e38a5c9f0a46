import Foundation
import Records
import Store

/// The door to the editors' work: in for editors and administrators, one transaction with its audit record. Articles are
/// the practice's and name no client, so no client's record is opened through it.
struct EditorGate: Sendable {
    let database: Database
    let audit: AuditLog
    let surroundings: Surroundings

    /// Who edits articles.
    static let roles: Set<StaffMember.Role> = [.contentEditor, .administrator]

    /// Runs `body` for an editor. A refusal is put on record and throws `AccessDenied`.
    func open<Result: Sendable>(
        _ action: String,
        _ entity: String = "resources",
        _ entityID: String? = nil,
        roles: Set<StaffMember.Role> = EditorGate.roles,
        as principal: Principal,
        _ body: @escaping @Sendable (EditorAccess) throws -> Result
    ) async throws -> Result {
        let now = surroundings.now()
        let entry = AuditEntry(
            principal: principal,
            purpose: .operations,
            action: "CONTENT.\(action)",
            entity: entity,
            entityID: entityID,
            outcome: .ok
        )
        let isService = if case .system = principal.identity { true } else { false }
        guard isService || principal.role.map(roles.contains) == true else {
            try await database.write { try audit.append(entry.denied, at: now, in: $0) }
            throw AccessDenied()
        }
        return try await database.write { transaction in
            let access = EditorAccess(
                principal: principal,
                now: now,
                transaction: transaction,
                surroundings: surroundings
            )
            let result = try body(access)
            try audit.append(entry, at: now, in: transaction)
            return result
        }
    }

    /// One more line of the audit, for one of several things that an act was about.
    func audit(_ entityID: String, _ action: String, _ access: EditorAccess) throws {
        let entry = AuditEntry(
            principal: access.principal,
            purpose: .operations,
            action: action,
            entity: "practice_rules",
            entityID: entityID,
            outcome: .ok
        )
        try audit.append(entry, at: access.now, in: access.transaction)
    }
}

/// An editor at work in their practice, within one transaction.
struct EditorAccess {
    let principal: Principal
    let now: Timestamp
    let transaction: Transaction
    let surroundings: Surroundings

    var practiceID: ID<Practice> { principal.practiceID }

    var publication: ArticlePublication {
        ArticlePublication(practice: practiceID, transaction: transaction, now: now, surroundings: surroundings)
    }

    func practice() throws -> Practice {
        guard
            let practice = try transaction.fetchOne(
                Practice.self,
                "SELECT * FROM practices WHERE id = \(practiceID)"
            )
        else { throw RecordNotFound() }
        return practice
    }

    /// The practice's article. Throws `RecordNotFound` when there is none.
    func entry(_ slug: String) throws -> ArticleEntry {
        guard let entry = try publication.entry(slug) else { throw RecordNotFound() }
        return entry
    }

    func draft(of entry: ID<ArticleEntry>, _ language: String) throws(StoreError) -> ArticleDraft? {
        try transaction.fetchOne(
            ArticleDraft.self,
            "SELECT * FROM article_drafts WHERE resource_id = \(entry) AND locale = \(language)"
        )
    }

    /// Writes down who did what.
    func note(
        _ action: ArticleHistory.Action,
        on entry: ID<ArticleEntry>,
        _ language: String?,
        version: Int? = nil,
        note: String? = nil
    ) throws {
        try transaction.insert(
            ArticleHistory(
                id: surroundings.newID(),
                resourceID: entry,
                locale: language,
                action: action,
                version: version,
                userID: principal.staffID,
                note: note,
                at: now,
                createdAt: now,
                updatedAt: now
            ),
            into: ArticleHistory.table
        )
    }
}
