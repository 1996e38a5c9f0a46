import Knowledge
public import Records
import Retrieval
import Store

extension ArticleEditing {
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

    static func links(to slug: String, _ language: String, _ access: EditorAccess) throws -> [String] {
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
