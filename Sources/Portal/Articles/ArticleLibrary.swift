public import Assistant
import Encoder
import Foundation
public import Knowledge
public import Records
public import Retrieval
import Store
import Synchronization

/// The published articles of every practice and the assistants that answer from them.
///
/// The index is derived: an immutable value in memory, built from the published versions and swapped in whole. A version
/// that is on the shelf already is not read again.
public final class ArticleLibrary: Sendable {
    private let database: Database
    private let surroundings: Surroundings
    /// What the practices' messages are read with.
    let rules: RuleShelf
    private let lexicon: Lexicon
    private let embeddings: ArticleEmbeddings?
    private let shelves = Mutex<[ID<Practice>: Shelf]>([:])

    private struct Shelf: Sendable {
        let region: String
        /// In the order of slug and language.
        let articles: [Article]
        let byVersion: [ID<ArticleVersion>: Article]
        /// Nil without an encoder.
        let encoded: EncodedTexts?
        let index: SearchIndex
        let assistant: Assistant
        let edition: Edition
        /// Digest of its versions, under which they are on record.
        let digest: String
    }

    /// Tells one set of published versions from another.
    private struct Edition: Sendable, Hashable {
        let count: Int
        let versions: Int
        let changedAt: Int
    }

    /// An assistant without articles: it screens, guards and hands over.
    let fallbackAssistant: Assistant

    /// - Parameter encoder: ranks beside the words; nil leaves the ranking to the words alone.
    init(
        database: Database,
        surroundings: Surroundings,
        rules: RuleShelf,
        lexicon: Lexicon,
        encoder: SentenceEncoder? = nil
    ) {
        embeddings = encoder.map { ArticleEmbeddings(encoder: $0, database: database, surroundings: surroundings) }
        fallbackAssistant = Assistant(prompts: rules.builtIn, index: SearchIndex(articles: [], lexicon: lexicon))
        self.database = database
        self.surroundings = surroundings
        self.rules = rules
        self.lexicon = lexicon
    }

    /// The assistant over a practice's published articles.
    public func assistant(of practice: ID<Practice>) -> Assistant? { shelves.withLock { $0[practice]?.assistant } }

    /// What a practice's clients are answered by, and what it is made of, as it is kept with a reply.
    struct Answerer: Sendable {
        let assistant: Assistant
        /// See ``ReplyInputs``.
        let edition: String?
        let encoder: String?
        let wordingVersion: String
        let lexiconVersion: String
    }

    func answerer(of practice: ID<Practice>) -> Answerer {
        let shelf = shelves.withLock { $0[practice] }
        return Answerer(
            assistant: shelf?.assistant ?? fallbackAssistant,
            edition: shelf?.digest,
            encoder: shelf?.encoded?.encoder.identity,
            wordingVersion: rules.prompts(of: practice).wordingVersion,
            lexiconVersion: lexicon.version
        )
    }

    /// Ranks beside the words; nil without one.
    var encoder: SentenceEncoder? { embeddings?.encoder }
    var encoderIdentity: String? { encoder?.identity }

    /// An assistant over the versions of an edition, as they were then; nil when one of them is not there or cannot be read.
    ///
    /// - Parameter edition: nil for one without articles.
    func assistant(
        over edition: String?,
        of practice: ID<Practice>,
        isEncoded: Bool,
        prompts: Prompts,
        lexicon: Lexicon
    ) async throws -> Assistant? {
        guard let edition else {
            return Assistant(prompts: prompts, index: SearchIndex(articles: [], lexicon: lexicon))
        }
        let versions = try await database.read { transaction -> [ArticleVersion]? in
            guard let ids = try ArticleEdition.find(edition, of: practice, in: transaction)?.versionIDs else {
                return nil
            }
            let found = try transaction.fetch(
                ArticleVersion.self,
                "SELECT * FROM resource_versions WHERE id IN (\(list: ids))"
            )
            let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
            let all = ids.compactMap { byID[$0] }
            return all.count == ids.count ? all : nil
        }
        guard let versions else { return nil }
        let read = versions.compactMap { version in version.article.map { (version: version.id, article: $0) } }
        guard read.count == versions.count else { return nil }
        let encoded = isEncoded ? try await embeddings?.texts(of: read, practice: practice) : nil
        return Assistant(
            prompts: prompts,
            index: SearchIndex(
                articles: read.map(\.article),
                lexicon: lexicon,
                secondEvidence: encoded?.secondEvidence
            )
        )
    }

    /// Whose crisis lines a practice's clients are shown, also while the database cannot be read.
    func region(of practice: ID<Practice>) -> String? { shelves.withLock { $0[practice]?.region } }

    /// A practice's published articles for `audience`, in `language` where there is a translation.
    public func articles(of practice: ID<Practice>, audience: Set<Audience>, language: String = "en") -> [Article] {
        let all = published(practice).filter { audience.contains($0.audience) }
        let translated = Set(all.filter { $0.language == language }.map(\.id))
        return all.filter { $0.language == language || ($0.language == "en" && !translated.contains($0.id)) }
    }

    /// All published articles of a practice, in all languages.
    func published(_ practice: ID<Practice>) -> [Article] { shelves.withLock { $0[practice]?.articles ?? [] } }

    /// What a practice's questions are answered from: the published articles, or what they would be.
    struct Edited: Sendable {
        let index: SearchIndex
        let assistant: Assistant
    }

    private func makeIndex(_ articles: [Article], _ encoded: EncodedTexts?) -> SearchIndex {
        SearchIndex(articles: articles, lexicon: lexicon, secondEvidence: encoded?.secondEvidence)
    }

    /// What the practice's questions are answered from now.
    func live(_ practice: ID<Practice>) -> Edited {
        shelves.withLock { $0[practice] }.map { Edited(index: $0.index, assistant: $0.assistant) }
            ?? Edited(index: makeIndex([], nil), assistant: fallbackAssistant)
    }

    /// The same as it would be with `article` published. Nobody but the editor who asks sees it.
    func candidate(_ practice: ID<Practice>, with article: Article) -> Edited {
        let others = published(practice).filter { ($0.id, $0.language) != (article.id, article.language) }
        let index = makeIndex(others + [article], shelves.withLock { $0[practice]?.encoded })
        return Edited(index: index, assistant: Assistant(prompts: rules.prompts(of: practice), index: index))
    }

    /// The terms of a question as the index reads it.
    func terms(of question: String, language: String) -> [String: Double] {
        lexicon.terms(of: question, language: language)
    }

    /// By when a live version has to be read again; nil when it is not on the shelf.
    func reviewBy(of version: ArticleVersion, in practice: ID<Practice>) -> String? {
        shelves.withLock { $0[practice]?.byVersion[version.id]?.reviewBy }
    }

    // MARK: - Files

    /// Publishes every file whose text is not the live version's, unless the practice has a text of its own, and swaps the
    /// index. Returns the slugs that changed. Throws `KnowledgeError` when a file is faulty; nothing changes then.
    @discardableResult
    public func publish(_ files: [KnowledgeFile], for practice: ID<Practice>) async throws -> [String] {
        try await take(files, for: practice, as: .init(isWhole: false)).filter { $0.state == .taken }.map(\.slug)
    }

    /// Takes files in as `rule` says, swaps the index, and reports how file and article stand to each other, by slug and
    /// language. Throws `KnowledgeError` when a file is faulty; nothing changes then.
    @discardableResult
    public func take(_ files: [KnowledgeFile], for practice: ID<Practice>, as rule: CorpusImport) async throws
        -> [CorpusAgreement]
    {
        let parsed = try Self.parse(files)
        let now = surroundings.now()
        let agreements = try await database.write { [surroundings] transaction in
            let publication = ArticlePublication(
                practice: practice,
                transaction: transaction,
                now: now,
                surroundings: surroundings
            )
            var agreements = try parsed.map { article, text in
                CorpusAgreement(
                    slug: article.id,
                    language: article.language,
                    state: try publication.take(article, text: text, as: rule)
                )
            }
            if rule.isWhole {
                let known = Set(parsed.map { [$0.article.id, $0.article.language] })
                agreements += try publication.without(files: known, as: rule)
            }
            return agreements.sorted { ($0.slug, $0.language) < ($1.slug, $1.language) }
        }
        try await load(practice)
        return agreements
    }

    private static func parse(_ files: [KnowledgeFile]) throws -> [(article: Article, text: String)] {
        var parsed: [(article: Article, text: String)] = []
        var findings: [Diagnostic] = []
        for file in files {
            let (article, diagnostics) = Article.parse(file)
            findings += diagnostics.filter { $0.severity == .error }
            guard let article else { continue }
            if parsed.contains(where: { $0.article.id == article.id && $0.article.language == article.language }) {
                findings.append(
                    Diagnostic(
                        file: file.path,
                        line: 1,
                        message: "there are two articles `\(article.id)` in language `\(article.language)`",
                        remedy: "Rename or remove one of them"
                    )
                )
            }
            parsed.append((article, file.text))
        }
        guard findings.isEmpty else { throw KnowledgeError(findings) }
        return parsed
    }

    // MARK: - The shelf

    /// Loads what another process published since: an import from the command line, another node.
    public func refresh() async throws {
        try await refreshRules()
        for (practice, shelf) in shelves.withLock({ $0 }) {
            let edition = try await database.read { try Self.edition(of: practice, in: $0) }
            if edition != shelf.edition { try await load(practice) }
        }
    }

    /// Takes up rules that were published since: the same articles, answered from under the new rules.
    func refreshRules() async throws {
        for practice in try await rules.refresh() {
            let prompts = rules.prompts(of: practice)
            shelves.withLock { shelves in
                guard let shelf = shelves[practice] else { return }
                shelves[practice] = Shelf(
                    region: shelf.region,
                    articles: shelf.articles,
                    byVersion: shelf.byVersion,
                    encoded: shelf.encoded,
                    index: shelf.index,
                    assistant: Assistant(prompts: prompts, index: shelf.index),
                    edition: shelf.edition,
                    digest: shelf.digest
                )
            }
        }
    }

    private static func edition(of practice: ID<Practice>, in transaction: Transaction) throws(StoreError) -> Edition {
        let row = try transaction.row(
            """
            SELECT COUNT(*) AS count, COALESCE(SUM(v.version), 0) AS versions, COALESCE(MAX(v.updated_at), 0) AS changed_at
            FROM resource_versions v JOIN resources r ON r.id = v.resource_id
            WHERE r.practice_id = \(practice) AND r.status = 'PUBLISHED'
                AND v.published_at IS NOT NULL AND v.retired_at IS NULL
            """
        )
        return Edition(
            count: try row?.get("count") ?? 0,
            versions: try row?.get("versions") ?? 0,
            changedAt: try row?.get("changed_at") ?? 0
        )
    }

    /// Builds a practice's index anew from what is published now, and swaps it in.
    func load(_ practice: ID<Practice>) async throws {
        let (region, live, edition) = try await database.read { transaction in
            let region: String? = try transaction.row("SELECT region FROM practices WHERE id = \(practice)")?.get(
                "region"
            )
            let live = try transaction.fetch(
                ArticleVersion.self,
                """
                SELECT v.* FROM resource_versions v JOIN resources r ON r.id = v.resource_id
                WHERE r.practice_id = \(practice) AND r.status = 'PUBLISHED'
                    AND v.published_at IS NOT NULL AND v.retired_at IS NULL
                ORDER BY r.slug, v.locale
                """
            )
            return (region ?? "US", live, try Self.edition(of: practice, in: transaction))
        }
        let known = shelves.withLock { $0[practice]?.byVersion ?? [:] }
        let read = live.compactMap { version -> (version: ID<ArticleVersion>, article: Article)? in
            let file = KnowledgeFile(path: version.title, text: version.source)
            guard var article = known[version.id] ?? Article.parse(file).article else { return nil }
            article.version = version.version
            return (version.id, article)
        }
        let articles = read.map(\.article)
        let encoded = try await embeddings?.texts(of: read, practice: practice)
        let index = makeIndex(articles, encoded)
        let digest = try await ArticleEdition.keep(
            read.map(\.version),
            of: practice,
            in: database,
            surroundings: surroundings
        )
        let shelf = Shelf(
            region: region,
            articles: articles,
            byVersion: Dictionary(read) { first, _ in first },
            encoded: encoded,
            index: index,
            assistant: Assistant(prompts: rules.prompts(of: practice), index: index),
            edition: edition,
            digest: digest
        )
        shelves.withLock { $0[practice] = shelf }
    }
}
