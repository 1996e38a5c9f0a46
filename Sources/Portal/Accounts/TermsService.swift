public import Records
import Store

/// Terms of use and privacy notice: published, and accepted by version (ACC-35).
public struct TermsService: Sendable {
    let database: Database
    let audit: AuditLog
    let surroundings: Surroundings

    /// Publishes a text. In a language that the newest version is there in, it is the next version, and whoever accepted an
    /// earlier one is asked again; in another it is that version's translation, of which who accepted it is not asked again.
    public func publish(
        _ kind: LegalDocument.Kind,
        locale: String,
        title: String,
        body: String,
        as principal: Principal
    )
        async throws -> LegalDocument
    {
        guard principal.role == .administrator || principal.staffID == nil && principal.accountID == nil else {
            throw AccessDenied()
        }
        let now = surroundings.now()
        return try await database.write { transaction in
            let newest = try newest(kind, practice: principal.practiceID, in: transaction)
            let isTranslation = !newest.isEmpty && !newest.contains { $0.locale == locale }
            let document = LegalDocument(
                id: surroundings.newID(),
                practiceID: principal.practiceID,
                kind: kind,
                version: (newest.first?.version ?? 0) + (isTranslation ? 0 : 1),
                locale: locale,
                title: title,
                body: body,
                publishedAt: now,
                createdAt: now,
                updatedAt: now
            )
            try transaction.insert(document, into: LegalDocument.table)
            try audit.append(
                AuditEntry(
                    principal: principal,
                    action: "TERMS.PUBLISH",
                    entity: "legal_documents",
                    entityID: document.id.text,
                    outcome: .ok
                ),
                at: now,
                in: transaction
            )
            return document
        }
    }

    /// The documents in force in a language, or in the practice's own where there is none in that.
    public func current(practice: ID<Practice>, locale: String) async throws -> [LegalDocument] {
        try await database.read { transaction in try current(practice: practice, locale: locale, in: transaction) }
    }

    /// Those of the oldest practice, or of the one named.
    public func current(practice slug: String?, locale: String) async throws -> [LegalDocument] {
        guard slug?.contains("\0") != true else { return [] }
        return try await database.read { transaction in
            let practice = try transaction.fetchOne(
                Practice.self,
                slug.map { "SELECT * FROM practices WHERE slug = \($0)" }
                    ?? "SELECT * FROM practices ORDER BY created_at LIMIT 1"
            )
            return try practice.map { try current(practice: $0.id, locale: locale, in: transaction) } ?? []
        }
    }

    func current(practice: ID<Practice>, locale: String, in transaction: Transaction) throws -> [LegalDocument] {
        try LegalDocument.Kind.allCases.compactMap { kind in
            let newest = try newest(kind, practice: practice, in: transaction)
            return newest.first { $0.locale == locale } ?? newest.first { $0.locale == "en" } ?? newest.first
        }
    }

    /// The newest version of a kind, in all languages that it is there in.
    private func newest(_ kind: LegalDocument.Kind, practice: ID<Practice>, in transaction: Transaction) throws
        -> [LegalDocument]
    {
        try transaction.fetch(
            LegalDocument.self,
            """
            SELECT * FROM legal_documents
            WHERE practice_id = \(practice) AND kind = \(kind) AND version = (
                SELECT MAX(version) FROM legal_documents WHERE practice_id = \(practice) AND kind = \(kind))
            ORDER BY locale
            """
        )
    }

    /// Throws ``Refusal/termsRequired(_:)`` for an account that has not accepted what is in force. Staff have no terms.
    public func requireAccepted(by principal: Principal) async throws {
        let missing = try await outstanding(for: principal)
        if !missing.isEmpty { throw Refusal.termsRequired(missing.map(LegalReference.init)) }
    }

    /// What the caller has not accepted yet; empty for staff.
    public func outstanding(for principal: Principal) async throws -> [LegalDocument] {
        guard let account = principal.accountID else { return [] }
        return try await database.read { transaction in
            let row = try transaction.row("SELECT locale FROM portal_accounts WHERE id = \(account)")
            return try outstanding(
                account: account,
                practice: principal.practiceID,
                locale: row?.get("locale") ?? "en",
                in: transaction
            )
        }
    }

    func outstanding(
        account: ID<PortalAccountTag>,
        practice: ID<Practice>,
        locale: String,
        in transaction: Transaction
    ) throws -> [LegalDocument] {
        let current = try current(practice: practice, locale: locale, in: transaction)
        if current.isEmpty { return [] }
        // In whatever language it was read.
        let accepted = try transaction.rows("SELECT kind, version FROM terms_acceptances WHERE account_id = \(account)")
            .map { try ($0.get("kind", as: LegalDocument.Kind.self), $0.get("version", as: Int.self)) }
        return current.filter { document in
            !accepted.contains { $0.0 == document.kind && $0.1 >= document.version }
        }
    }

    /// Accepts documents that are in force. Any other throws ``Refusal/conflict(_:)``.
    public func accept(_ documents: [ID<LegalDocument>], as principal: Principal) async throws {
        guard let account = principal.accountID else { throw AccessDenied() }
        try await database.write { transaction in
            let row = try transaction.row("SELECT locale FROM portal_accounts WHERE id = \(account)")
            try accept(
                documents,
                account: account,
                locale: row?.get("locale") ?? "en",
                as: principal,
                in: transaction
            )
        }
    }

    func accept(
        _ documents: [ID<LegalDocument>],
        account: ID<PortalAccountTag>,
        locale: String,
        as principal: Principal,
        in transaction: Transaction
    ) throws {
        let current = try current(practice: principal.practiceID, locale: locale, in: transaction)
        let now = surroundings.now()
        for id in documents {
            guard let document = current.first(where: { $0.id == id }) else {
                throw Refusal.conflict(
                    "One of these documents is not in force any more. Read the present ones and accept those."
                )
            }
            try transaction.execute(
                """
                INSERT INTO terms_acceptances (id, account_id, document_id, kind, version, locale, ip, accepted_at)
                VALUES (\(surroundings.newID(LegalDocument.self)), \(account), \(id), \(document.kind), \(document.version),
                        \(document.locale), \(principal.origin.ip), \(now))
                ON CONFLICT (account_id, document_id) DO NOTHING
                """
            )
            try audit.append(
                AuditEntry(
                    principal: principal,
                    action: "TERMS.ACCEPT",
                    entity: "legal_documents",
                    entityID: id.text,
                    outcome: .ok
                ),
                at: now,
                in: transaction
            )
        }
    }
}
