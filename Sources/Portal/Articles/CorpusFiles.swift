import Records
import Retrieval
import Store

/// What the corpus folder and a practice's published articles are to each other.
///
/// The folder is where a practice's articles begin; afterwards both change. A file is taken when it is new, or when the
/// practice's text is one that stood in the folder before. Where the practice has a text of its own, or took the article
/// down, that stands, and a file that changed meanwhile is reported.
public struct CorpusAgreement: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// Published from the file.
        case taken = "TAKEN"
        /// File and article are the same.
        case same = "SAME"
        /// The practice has a text of its own over a file that did not change.
        case ownText = "OWN_TEXT"
        /// The practice has a text of its own, and the file changed, too.
        case bothChanged = "BOTH_CHANGED"
        /// The practice took the article down; the file is still there.
        case takenDown = "TAKEN_DOWN"
        /// The article came from the folder, and its file is gone.
        case missing = "MISSING"
        /// The same, and the article was taken down for it.
        case retired = "RETIRED"
        /// The practice wrote it; it never stood in the folder.
        case onlyHere = "ONLY_HERE"
    }

    public let slug: String
    public let language: String
    public let state: State
}

/// How files are taken in.
public struct CorpusImport: Sendable, Hashable {
    /// Publishes every file that differs, also over a text of the practice's own.
    public var overwrites = false
    /// Takes down what came from the folder and is no longer there.
    public var retiresMissing = false
    /// Whether the files are the whole folder: only then can one be missing.
    public var isWhole = true

    public init(overwrites: Bool = false, retiresMissing: Bool = false, isWhole: Bool = true) {
        self.overwrites = overwrites
        self.retiresMissing = retiresMissing
        self.isWhole = isWhole
    }
}

extension ArticlePublication {
    /// Takes in one file.
    func take(_ article: Article, text: String, as rule: CorpusImport) throws -> CorpusAgreement.State {
        let digest = Self.digest(text)
        let versions = try entry(article.id).map { try self.versions(of: $0.id, article.language) } ?? []
        let live = versions.first(where: \.isLive)
        if let live, live.sourceSha256 == digest {
            // What was exported and committed stands in the folder now.
            if !live.inCorpus {
                try transaction.execute(
                    "UPDATE resource_versions SET in_corpus = 1, updated_at = \(now) WHERE id = \(live.id)"
                )
            }
            return .same
        }
        if !rule.overwrites, let last = versions.first {
            let isKnown = versions.contains { $0.inCorpus && $0.sourceSha256 == digest }
            if live == nil { return .takenDown }
            if !last.inCorpus { return isKnown ? .ownText : .bothChanged }
        }
        try publish(article, text: text, from: .init(inCorpus: true))
        return .taken
    }

    /// What is published and has no file among `files`, as `slug` and `language`.
    func without(files: Set<[String]>, as rule: CorpusImport) throws -> [CorpusAgreement] {
        let rows = try transaction.rows(
            """
            SELECT r.id, r.slug, v.locale, v.in_corpus,
                   (SELECT COUNT(*) FROM resource_versions o
                    WHERE o.resource_id = r.id AND o.locale = v.locale AND o.in_corpus = 1) AS origins
            FROM resource_versions v JOIN resources r ON r.id = v.resource_id
            WHERE r.practice_id = \(practice) AND v.published_at IS NOT NULL AND v.retired_at IS NULL
            ORDER BY r.slug, v.locale
            """
        )
        var found: [CorpusAgreement] = []
        for row in rows {
            let slug: String = try row.get("slug")
            let language: String = try row.get("locale")
            guard !files.contains([slug, language]) else { continue }
            let origins: Int = try row.get("origins")
            var state = origins > 0 ? CorpusAgreement.State.missing : .onlyHere
            let isUntouched: Bool = try row.get("in_corpus")
            if state == .missing, isUntouched, rule.retiresMissing {
                try retire(try row.get("id"), language)
                state = .retired
            }
            found.append(CorpusAgreement(slug: slug, language: language, state: state))
        }
        return found
    }
}
