import Assessment
import Foundation
public import Records
public import Retrieval
public import Store

/// Something that a client did with an article. What somebody reads is theirs: it is seen where their chats are.
public struct ArticleEngagement: ClientRecord {
    public enum Action: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case view = "VIEW"
        case save = "SAVE"
        case complete = "COMPLETE"
        /// Is not to be recommended again.
        case dismiss = "DISMISS"
    }

    public static let table: SQL.Name = "resource_engagement"
    public static let area = DataArea.chat

    public var id: ID<ArticleEngagement>
    public var clientID: ID<Client>
    public var articleSlug: String
    public var articleVersion: Int
    public var action: Action
    public var at: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// Whether a client wants recommendations; on unless they turned it off.
struct RecommendationChoice: ClientRecord {
    static let table: SQL.Name = "recommendation_choices"
    static let area = DataArea.chat

    var id: ID<RecommendationChoice>
    var clientID: ID<Client>
    var isOn: Bool
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// Articles, exercises and worksheets for a client, each with the reason why. Made anew each time from what the asker may see of the record under
/// their own access, and nothing else: moods and journals, which a client may keep to themselves, are not looked at, and a
/// reason says what was done and never what a score means.
public struct RecommendationService: Sendable {
    let gate: ClientGate
    let library: ArticleLibrary
    let catalog: InstrumentCatalog
    let rules: RecommendationRules

    private var surroundings: Surroundings { gate.surroundings }

    private static let most = 5
    /// For how long a questionnaire and what was read count.
    private static let memory = Duration.seconds(90 * 86_400)

    public enum Source: String, Sendable, Codable, CaseIterable {
        case questionnaire = "QUESTIONNAIRE"
        case homework = "HOMEWORK"
        case reading = "READING"
        /// Answers that told of danger. What they were is not said.
        case safety = "SAFETY"
    }

    public enum Kind: String, Sendable, Codable, CaseIterable {
        case article = "ARTICLE"
        /// An article with something to do.
        case exercise = "EXERCISE"
        /// Something that the therapist gave the client to work on.
        case worksheet = "WORKSHEET"
        /// The way to help.
        case help = "HELP"
    }

    public struct Recommendation: Sendable {
        public let kind: Kind
        /// Empty for help, whose reason says it all.
        public let title: String
        public let language: String
        /// Page of the portal that it opens.
        public let path: String
        /// Nil for what is no article.
        public let article: Article?
        public let source: Source
        /// Why it is shown, for the client.
        public let reason: String
    }

    /// What is recommended, the nearest first; nothing while the client has it turned off.
    public func recommendations(for client: ID<Client>, language: String, as principal: Principal) async throws
        -> (isOn: Bool, items: [Recommendation])
    {
        try await open(.read, client, principal) { access in
            guard try isOn(access) else { return (false, []) }
            let practice = try access.practice()
            let today = access.now.day(in: practice.zone)
            let articles = library.articles(
                of: practice.id,
                audience: [.public_, .clients],
                language: language
            ).filter { $0.reviewBy >= today }
            let engagement = try access.all(
                ArticleEngagement.self,
                where: "at >= \(access.now.adding(.seconds(0) - Self.memory))",
                order: "at DESC, id DESC",
                limit: 500
            )
            let known = Set(engagement.map(\.articleSlug))
            let reasons = rules.reasons(in: language)
            var found: [Recommendation] = []
            // Nobody in danger is given something to read about it: they are shown where help is, and that first.
            if try isFlagged(access) {
                found.append(
                    .init(
                        kind: .help,
                        title: "",
                        language: language,
                        path: Self.helpPath,
                        article: nil,
                        source: .safety,
                        reason: reasons.help
                    )
                )
            }
            found += try worksheets(access, language, reasons)
            func add(_ slug: String, _ source: Source, _ reason: String) {
                guard let article = articles.first(where: { $0.id == slug }), !known.contains(slug),
                    rules.neverTopics.isDisjoint(with: article.topics),
                    !found.contains(where: { $0.article?.id == slug })
                else { return }
                found.append(
                    Recommendation(
                        kind: rules.exerciseTopics.isDisjoint(with: article.topics) ? .article : .exercise,
                        title: article.title,
                        language: article.language,
                        path: Corpus.articlePath + slug,
                        article: article,
                        source: source,
                        reason: reason
                    )
                )
            }
            for (slugs, title) in try questionnaires(access) {
                for slug in slugs { add(slug, .questionnaire, reasons.questionnaire.replacing("{title}", with: title)) }
            }
            for slug in try homework(access) { add(slug, .homework, reasons.homework) }
            for read in engagement where read.action != .dismiss {
                guard let article = articles.first(where: { $0.id == read.articleSlug }),
                    rules.neverTopics.isDisjoint(with: article.topics)
                else { continue }
                for other in articles where !Set(other.topics).isDisjoint(with: article.topics) {
                    add(other.id, .reading, reasons.reading.replacing("{title}", with: article.title))
                }
            }
            return (true, Array(found.prefix(Self.most)))
        }
    }

    private static let helpPath = "/help-now"
    private static let homeworkPath = "/portal/homework"
    private static let mostWorksheets = 2

    /// Whether the latest answers to a questionnaire told of danger, by its own flags.
    private func isFlagged(_ access: ClientAccess) throws -> Bool {
        guard let own = try? access.beside(.read, on: .assessments, entity: "assessments") else { return false }
        let from = access.now.adding(.seconds(0) - Self.memory)
        let latest = try own.all(
            Administration.self,
            where: "status IN ('COMPLETED', 'INCOMPLETE') AND completed_at >= \(from)",
            order: "completed_at DESC, id DESC",
            limit: 50
        )
        var seen: Set<String> = []
        for administration in latest {
            guard let report = try StoredReport.decode(administration.report),
                seen.insert(report.instrument).inserted
            else { continue }
            if report.flags.contains(where: \.level.isRisk) { return true }
        }
        return false
    }

    /// Worksheets and thought records that are still to be done, for the client alone: their titles are the therapist's words.
    private func worksheets(_ access: ClientAccess, _ language: String, _ reasons: RecommendationRules.Reasons) throws
        -> [Recommendation]
    {
        guard access.relation == .`self` else { return [] }
        return try openHomework(access).filter { [.worksheet, .thoughtRecord].contains($0.homeworkType) }
            .prefix(Self.mostWorksheets).map { homework in
                Recommendation(
                    kind: .worksheet,
                    title: homework.title.plaintext,
                    language: language,
                    path: Self.homeworkPath,
                    article: nil,
                    source: .homework,
                    reason: reasons.worksheet
                )
            }
    }

    /// What the latest completed questionnaires ask for. Nothing where the asker may not see them.
    private func questionnaires(_ access: ClientAccess) throws -> [(slugs: [String], title: String)] {
        guard
            let own = try? access.beside(.read, on: .assessments, entity: "assessment_scores")
        else { return [] }
        let from = access.now.adding(.seconds(0) - Self.memory)
        return try rules.questionnaires.compactMap { rule in
            guard let instrument = catalog.library[rule.instrument], let total = instrument.total,
                let score = try own.first(
                    StoredScore.self,
                    where:
                        "instrument_code = \(rule.instrument) AND scale = \(total.id) AND value IS NOT NULL AND computed_at >= \(from)",
                    order: "computed_at DESC, id DESC"
                ), let value = score.value, value >= rule.from
            else { return nil }
            return (rule.articles, instrument.code)
        }
    }

    private func homework(_ access: ClientAccess) throws -> [String] {
        let open = try openHomework(access)
        return rules.homework.filter { rule in open.contains { $0.homeworkType == rule.kind } }.flatMap(\.articles)
    }

    /// Nothing where the asker may not see it.
    private func openHomework(_ access: ClientAccess) throws -> [Record<HomeworkAssignment>] {
        guard let own = try? access.beside(.read, on: .homework, entity: "homework_assignments") else { return [] }
        return try own.all(
            Record<HomeworkAssignment>.self,
            where: "status IN ('ASSIGNED', 'STARTED')",
            order: "id DESC",
            limit: 50
        )
    }

    // MARK: - The client's switch and reading

    private func isOn(_ access: ClientAccess) throws -> Bool {
        try access.first(RecommendationChoice.self, where: "TRUE")?.isOn ?? true
    }

    /// Turns recommendations on or off.
    public func turn(on: Bool, for client: ID<Client>, as principal: Principal) async throws {
        try await open(.change, client, principal) { access in
            if var choice = try access.first(RecommendationChoice.self, where: "TRUE") {
                choice.isOn = on
                choice.updatedAt = access.now
                try access.update(choice)
            } else {
                try access.insert(
                    RecommendationChoice(
                        id: surroundings.newID(),
                        clientID: client,
                        isOn: on,
                        createdAt: access.now,
                        updatedAt: access.now
                    )
                )
            }
        }
    }

    /// Writes down what the client did with an article. Throws `RecordNotFound` for one that is not published for them.
    public func note(
        _ action: ArticleEngagement.Action,
        on slug: String,
        language: String,
        for client: ID<Client>,
        as principal: Principal
    ) async throws {
        try await open(.change, client, principal) { access in
            let articles = library.articles(
                of: access.practiceID,
                audience: [.public_, .clients],
                language: language
            )
            guard let article = articles.first(where: { $0.id == slug }) else { throw RecordNotFound() }
            try access.insert(
                ArticleEngagement(
                    id: surroundings.newID(),
                    clientID: client,
                    articleSlug: slug,
                    articleVersion: article.version,
                    action: action,
                    at: access.now,
                    createdAt: access.now,
                    updatedAt: access.now
                )
            )
        }
    }

    private func open<Result: Sendable>(
        _ action: AccessAction,
        _ client: ID<Client>,
        _ principal: Principal,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        try await gate.open(
            action,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "resource_engagement",
            body
        )
    }
}
