import Assistant
import Foundation
public import Records
import Store

/// How the assistant does, in counts. Names no client and holds no word of one.
public struct ContentReport: Sendable, Hashable, Codable {
    public struct Line: Sendable, Hashable, Codable {
        /// Monday of the week, in the practice's time zone.
        public let week: String
        /// Slug of the article that was quoted first or asked about; nil where nothing fits.
        public let topic: String?
        public var answered = 0
        public var clarified = 0
        public var abstained = 0
        public var refused = 0
        public var handedOver = 0
        /// Answered, and asked about again by the same client in another conversation within seven days.
        public var reopened = 0

        init(week: String, topic: String?) {
            self.week = week
            self.topic = topic
        }
    }

    /// What clients think of one version of an article.
    public struct Opinions: Sendable, Hashable, Codable {
        public let article: String
        public let version: Int
        public let language: String
        public var helpful = 0
        public var unhelpful = 0
        public var reasons: [String: Int] = [:]

        init(article: String, version: Int, language: String) {
            self.article = article
            self.version = version
            self.language = language
        }
    }

    public let lines: [Line]
    public let opinions: [Opinions]
    /// How many gaps are in each state.
    public let gaps: [String: Int]
}

/// Counts for editors, and the comments that clients allowed them to read.
public struct ContentReporting: Sendable {
    let gate: EditorGate
    let policy: AccessPolicy

    private static let reopening = Duration.seconds(7 * 86_400)

    /// A comment that its writer allowed the editors to read.
    public struct Comment: Sendable {
        public let article: String?
        public let version: Int?
        public let isHelpful: Bool
        public let reason: ChatFeedback.Reason?
        public let text: String
        /// Monday of the week; the day itself might tell who wrote it.
        public let week: String
    }

    /// The counts between two moments, by week and topic.
    public func report(from: Timestamp, until: Timestamp, as principal: Principal) async throws -> ContentReport {
        try await gate.open("REPORT", "chat_outcomes", as: principal) { access in
            let zone = TimeZone(identifier: try access.practice().timeZone) ?? .gmt
            return ContentReport(
                lines: try lines(from, until, zone, access),
                opinions: try opinions(from, until, access),
                gaps: try gaps(access)
            )
        }
    }

    private struct Asked {
        let client: String
        let conversation: String
        let at: Timestamp
    }

    private func lines(_ from: Timestamp, _ until: Timestamp, _ zone: TimeZone, _ access: EditorAccess) throws
        -> [ContentReport.Line]
    {
        // What comes within seven days after the end may still reopen an answer.
        let rows = try access.transaction.rows(
            """
            SELECT o.client_id, o.conversation_id, o.decision, o.topic, o.at
            FROM chat_outcomes o JOIN clients c ON c.id = o.client_id
            WHERE c.practice_id = \(access.practiceID) AND o.at >= \(from) AND o.at < \(until.adding(Self.reopening))
            ORDER BY o.at, o.id
            """
        )
        var byTopic: [String: [Asked]] = [:]
        for row in rows {
            guard let topic: String = try row.get("topic") else { continue }
            byTopic[topic, default: []].append(
                Asked(
                    client: try row.get("client_id"),
                    conversation: try row.get("conversation_id"),
                    at: try row.get("at")
                )
            )
        }
        var lines: [String: ContentReport.Line] = [:]
        for row in rows {
            let at: Timestamp = try row.get("at")
            guard at < until, let decision = Reply.Decision(rawValue: try row.get("decision")) else { continue }
            let topic: String? = try row.get("topic")
            let week = PracticeWeek.monday(of: at, in: zone)
            let key = "\(week) \(topic ?? "")"
            var line = lines[key] ?? .init(week: week, topic: topic)
            switch decision {
            case .answer:
                line.answered += 1
                let client: String = try row.get("client_id")
                let conversation: String = try row.get("conversation_id")
                let isReopened = (topic.flatMap { byTopic[$0] } ?? []).contains { other in
                    other.client == client && other.conversation != conversation && other.at > at
                        && other.at <= at.adding(Self.reopening)
                }
                if isReopened { line.reopened += 1 }
            case .clarify: line.clarified += 1
            case .abstain: line.abstained += 1
            case .refuse: line.refused += 1
            case .handover: line.handedOver += 1
            // Danger is the clinicians' matter, and small talk nobody's.
            case .crisis, .smalltalk: continue
            }
            lines[key] = line
        }
        return lines.sorted { $0.key < $1.key }.map(\.value)
    }

    private func opinions(_ from: Timestamp, _ until: Timestamp, _ access: EditorAccess) throws
        -> [ContentReport.Opinions]
    {
        let rows = try access.transaction.rows(
            """
            SELECT f.article_slug, f.article_version, f.locale, f.is_helpful, f.reason, COUNT(*) AS count
            FROM chat_feedback f JOIN clients c ON c.id = f.client_id
            WHERE c.practice_id = \(access.practiceID) AND f.at >= \(from) AND f.at < \(until)
                AND f.article_slug IS NOT NULL
            GROUP BY f.article_slug, f.article_version, f.locale, f.is_helpful, f.reason
            ORDER BY f.article_slug, f.article_version, f.locale
            """
        )
        var opinions: [ContentReport.Opinions] = []
        for row in rows {
            let article: String = try row.get("article_slug")
            let version: Int = try row.get("article_version")
            let language: String = try row.get("locale")
            let count: Int = try row.get("count")
            let isSame = opinions.last.map { ($0.article, $0.version, $0.language) == (article, version, language) }
            if isSame != true {
                opinions.append(.init(article: article, version: version, language: language))
            }
            let isHelpful: Bool = try row.get("is_helpful")
            let reason: String? = try row.get("reason")
            if isHelpful {
                opinions[opinions.count - 1].helpful += count
            } else {
                opinions[opinions.count - 1].unhelpful += count
                if let reason { opinions[opinions.count - 1].reasons[reason, default: 0] += count }
            }
        }
        return opinions
    }

    private func gaps(_ access: EditorAccess) throws -> [String: Int] {
        let rows = try access.transaction.rows(
            """
            SELECT state, COUNT(*) AS count FROM content_gaps WHERE practice_id = \(access.practiceID) GROUP BY state
            """
        )
        return try rows.reduce(into: [:]) { $0[try $1.get("state", as: String.self)] = try $1.get("count") }
    }

    /// What clients wrote for the editors to read, the latest first.
    public func comments(as principal: Principal) async throws -> [Comment] {
        try await gate.open("READ_COMMENTS", "chat_feedback", as: principal) { access in
            let zone = TimeZone(identifier: try access.practice().timeZone) ?? .gmt
            let released = try policy.readCollectively(
                .chat,
                for: .releasedComments,
                as: principal,
                entity: "chat_feedback",
                in: access.transaction
            ) { reading in
                try reading.all(
                    ChatFeedback.self,
                    where: "is_released = 1 AND comment IS NOT NULL",
                    order: "at DESC, id DESC",
                    limit: 200
                )
            }
            return released.compactMap { feedback in
                feedback.comment.map { comment in
                    Comment(
                        article: feedback.articleSlug,
                        version: feedback.articleVersion,
                        isHelpful: feedback.isHelpful,
                        reason: feedback.reason,
                        text: comment.plaintext,
                        week: PracticeWeek.monday(of: feedback.at, in: zone)
                    )
                }
            }
        }
    }
}
