import Assistant
import Foundation
public import Records
import Retrieval
import Store

/// What clients asked and the articles did not answer, gathered by likeness: from the question to an article to the proof
/// that it is answered now. For editors; they see counts, and words only as ``QuestionDisclosure`` lets them through.
public struct GapService: Sendable {
    let gate: EditorGate
    let library: ArticleLibrary
    let questions: AskedQuestions
    let rules: CorpusRules

    private var surroundings: Surroundings { gate.surroundings }

    /// From this cosine with a gap's questions on, a question is one of them.
    static let likeness = 0.4
    /// The part of a gap's questions that has to be answered for it to count as closed.
    private static let enough = 0.8
    private static let longestParaphrase = 300

    /// One gap as editors see it.
    public struct Summary: Sendable {
        public let gap: ContentGap
        public let questions: Int
        /// How many different clients asked; nil for fewer than ``QuestionDisclosure/fewestClients``.
        public let clients: Int?
        public let reasons: [UnansweredReason: Int]
        /// How many questions by week, named by its Monday in the practice's time zone.
        public let weeks: [String: Int]
        /// Slug of the article that is to answer it.
        public let article: String?
        /// The articles nearest to the questions.
        public let nearest: [String]
        /// Questions fit to be shown.
        public let examples: [String]
    }

    // MARK: - Gathering

    /// Puts a question to its likes.
    var gatherHandler: WorkHandler {
        WorkHandler(OutcomeRecording.gatherWork) { item, transaction in
            guard
                let language: String = try transaction.row(
                    "SELECT locale FROM chat_outcomes WHERE id = \(item.subjectID)"
                )?.get("locale")
            else { return }
            let service = Principal.system(OutcomeRecording.gatherWork, practice: item.practiceID)
            let all = try questions.read(for: .contentGaps, as: service, in: transaction) {
                try $0.unanswered(language: language)
            }
            guard let asked = all.first(where: { $0.outcome.text == item.subjectID && $0.gap == nil }) else { return }
            let terms = library.terms(of: asked.text, language: language)
            guard !terms.isEmpty else { return }
            let now = surroundings.now()
            var gap = Self.nearest(
                terms,
                among: all.filter { $0.gap != nil },
                { library.terms(of: $0, language: language) }
            )
            if gap == nil {
                let new = ContentGap(
                    id: surroundings.newID(),
                    practiceID: item.practiceID,
                    locale: language,
                    state: .open,
                    createdAt: now,
                    updatedAt: now
                )
                try transaction.insert(new, into: ContentGap.table)
                gap = new.id
            }
            try transaction.execute(
                "UPDATE chat_outcomes SET gap_id = \(gap), updated_at = \(now) WHERE id = \(asked.outcome)"
            )
            // What was thought closed is not.
            try transaction.execute(
                "UPDATE content_gaps SET state = 'PUBLISHED', proven_at = NULL, updated_at = \(now) WHERE id = \(gap) AND state = 'PROVEN'"
            )
        }
    }

    /// The gap whose questions are most alike, on the whole, to these terms; nil when none is alike enough. Of equals the
    /// older.
    static func nearest(
        _ terms: [String: Double],
        among asked: [AskedQuestion],
        _ termsOf: (String) -> [String: Double]
    ) -> ID<ContentGap>? {
        var sums: [ID<ContentGap>: [String: Double]] = [:]
        for question in asked {
            guard let gap = question.gap else { continue }
            for (term, weight) in termsOf(question.text) { sums[gap, default: [:]][term, default: 0] += weight }
        }
        let ranked = sums.map { ($0.key, Lexicon.similarity(terms, $0.value)) }.filter { $0.1 >= likeness }
        return ranked.min { $0.1 == $1.1 ? $0.0.text < $1.0.text : $0.1 > $1.1 }?.0
    }

    // MARK: - Looking

    /// The gaps in one of these states, the most asked first.
    public func list(_ states: Set<ContentGap.State>, as principal: Principal) async throws -> [Summary] {
        let published = library.published(principal.practiceID)
        let index = library.live(principal.practiceID).index
        return try await gate.open("LIST_GAPS", "content_gaps", as: principal) { access in
            let gaps = try access.transaction.fetch(
                ContentGap.self,
                "SELECT * FROM content_gaps WHERE practice_id = \(access.practiceID) ORDER BY id"
            ).filter { states.contains($0.state) }
            let zone = TimeZone(identifier: try access.practice().timeZone) ?? .gmt
            let languages = Set(gaps.map(\.locale))
            let asked = try questions.read(for: .contentGaps, as: principal, in: access.transaction) { reading in
                try languages.reduce(into: [:]) { $0[$1] = try reading.unanswered(language: $1) }
            }
            return try gaps.map { gap in
                let own = (asked[gap.locale] ?? []).filter { $0.gap == gap.id }
                return try summary(gap, own, zone, Self.words(published, gap.locale), index, access)
            }
            // What its clients took back, or took with them, is no gap any more, unless an editor has begun with it.
            .filter { $0.questions > 0 || $0.gap.state != .open || $0.gap.paraphrase != nil }
            .sorted { ($1.questions, $0.gap.id.text) < ($0.questions, $1.gap.id.text) }
        }
    }

    private static func words(_ articles: [Article], _ language: String) -> Set<String> {
        articles.filter { $0.language == language }.reduce(into: []) { words, article in
            words.formUnion(QuestionDisclosure.words(of: article.title))
            words.formUnion(QuestionDisclosure.words(of: article.body))
            for question in article.questions { words.formUnion(QuestionDisclosure.words(of: question)) }
        }
    }

    private func summary(
        _ gap: ContentGap,
        _ own: [AskedQuestion],
        _ zone: TimeZone,
        _ publicWords: Set<String>,
        _ index: SearchIndex,
        _ access: EditorAccess
    ) throws -> Summary {
        let clients = Set(own.map(\.client)).count
        var near: [String: Int] = [:]
        for question in own.suffix(20) {
            for hit in index.search(question.text, language: gap.locale, limit: 2).hits {
                near[hit.article.id, default: 0] += 1
            }
        }
        let slug: String? = try gap.resourceID.flatMap {
            try access.transaction.row("SELECT slug FROM resources WHERE id = \($0)")?.get("slug")
        }
        return Summary(
            gap: gap,
            questions: own.count,
            clients: clients >= QuestionDisclosure.fewestClients ? clients : nil,
            reasons: Dictionary(own.map { ($0.reason, 1) }, uniquingKeysWith: +),
            weeks: Dictionary(own.map { (PracticeWeek.monday(of: $0.at, in: zone), 1) }, uniquingKeysWith: +),
            article: slug,
            nearest: Array(
                near.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key).prefix(3)
            ),
            examples: QuestionDisclosure.examples(of: own, publicWords: publicWords)
        )
    }

    // MARK: - Closing

    /// What an editor makes of a gap; what is nil stays.
    public struct Edit: Sendable, Hashable {
        /// What is asked, in the editor's own words.
        public var paraphrase: String?
        /// Slug of the article, or of the draft, that is to answer it.
        public var article: String?
        /// True to leave it unanswered on purpose, false to take that back.
        public var isDismissed: Bool?

        public init(paraphrase: String? = nil, article: String? = nil, isDismissed: Bool? = nil) {
            self.paraphrase = paraphrase
            self.article = article
            self.isDismissed = isDismissed
        }
    }

    /// Changes a gap and returns it. One whose article is out already is asked again at once.
    public func edit(_ id: ID<ContentGap>, _ edit: Edit, as principal: Principal) async throws -> ContentGap {
        if let paraphrase = edit.paraphrase, paraphrase.count > Self.longestParaphrase {
            throw Refusal.invalid(
                pointer: "/paraphrase",
                message: "should have at most \(Self.longestParaphrase) characters",
                remedy: "Say it in a sentence"
            )
        }
        let changed = try await gate.open("EDIT_GAP", "content_gaps", id.text, as: principal) { access in
            var gap = try Self.gap(id, access)
            if let paraphrase = edit.paraphrase {
                gap.paraphrase = paraphrase.allSatisfy(\.isWhitespace) ? nil : paraphrase
            }
            if let slug = edit.article {
                guard let entry = try access.publication.entry(slug) else {
                    throw Refusal.invalid(
                        pointer: "/article",
                        message: "is no article of the practice",
                        remedy: "Begin a draft first, then name it here"
                    )
                }
                gap.resourceID = entry.id
                gap.state = .drafted
                gap.provenAt = nil
            }
            switch edit.isDismissed {
            case true?: gap.state = .dismissed
            case false? where gap.state == .dismissed: gap.state = gap.resourceID == nil ? .open : .drafted
            default: break
            }
            try Self.update(&gap, access)
            return gap
        }
        guard edit.article != nil, edit.isDismissed != true else { return changed }
        return try await prove(changed, in: principal.practiceID)
    }

    /// Asks a gap's questions again and returns what came of it.
    public func prove(_ id: ID<ContentGap>, as principal: Principal) async throws -> ContentGap {
        let gap = try await gate.open("PROVE_GAP", "content_gaps", id.text, as: principal) { try Self.gap(id, $0) }
        return try await prove(gap, in: principal.practiceID)
    }

    /// Asks again what an article was written for.
    func proveAll(of entry: ID<ArticleEntry>, in practice: ID<Practice>) async throws {
        let gaps = try await gate.database.read { transaction in
            try transaction.fetch(
                ContentGap.self,
                "SELECT * FROM content_gaps WHERE resource_id = \(entry) AND state <> 'DISMISSED' ORDER BY id"
            )
        }
        for gap in gaps { _ = try await prove(gap, in: practice) }
    }

    private func prove(_ gap: ContentGap, in practice: ID<Practice>) async throws -> ContentGap {
        let assistant = library.live(practice).assistant
        let service = Principal.system("content.prove", practice: practice)
        let (asked, live) = try await gate.database.write { transaction in
            let asked = try questions.read(for: .contentProof, as: service, in: transaction) {
                try $0.unanswered(language: gap.locale, gap: gap.id)
            }
            let live = try transaction.row(
                """
                SELECT v.version, r.slug FROM resource_versions v JOIN resources r ON r.id = v.resource_id
                WHERE v.resource_id = \(gap.resourceID) AND v.locale = \(gap.locale)
                    AND v.published_at IS NOT NULL AND v.retired_at IS NULL
                """
            )
            return (asked, live)
        }
        guard let live, !asked.isEmpty else { return gap }
        let slug: String = try live.get("slug")
        let version: Int = try live.get("version")
        let now = surroundings.now()
        let answered = asked.count {
            ContentCheck.article(that: $0.text, gap.locale, assistant, rules, now) == slug
        }
        let isProven = answered > 0 && Double(answered) >= Self.enough * Double(asked.count)
        return try await gate.open("PROVE", "content_gaps", gap.id.text, as: service) { access in
            var gap = try Self.gap(gap.id, access)
            gap.version = version
            gap.askedAgain = asked.count
            gap.answered = answered
            gap.state = isProven ? .proven : .published
            gap.provenAt = isProven ? access.now : nil
            try Self.update(&gap, access)
            return gap
        }
    }

    private static func gap(_ id: ID<ContentGap>, _ access: EditorAccess) throws -> ContentGap {
        guard
            let gap = try access.transaction.fetchOne(
                ContentGap.self,
                "SELECT * FROM content_gaps WHERE id = \(id) AND practice_id = \(access.practiceID)"
            )
        else { throw RecordNotFound() }
        return gap
    }

    private static func update(_ gap: inout ContentGap, _ access: EditorAccess) throws {
        gap.updatedAt = access.now
        try access.transaction.update(gap, in: ContentGap.table, where: "id = \(gap.id)")
    }
}

/// Weeks as the practice counts them.
enum PracticeWeek {
    /// The Monday that a moment's week begins with, as `yyyy-mm-dd`.
    static func monday(of moment: Timestamp, in zone: TimeZone) -> String {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: moment.date)
        return (calendar.date(from: parts).map { Timestamp($0) } ?? moment).day(in: zone)
    }
}
