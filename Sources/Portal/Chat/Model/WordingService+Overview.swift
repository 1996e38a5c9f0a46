public import Records
import Store

extension WordingService {
    /// How the language model does, without a word of anybody's.
    public struct Overview: Sendable, Hashable {
        public let model: String?
        public let server: String?
        /// Whether the practice uses it.
        public let isOn: Bool
        /// Of this process, since it began.
        public let breaker: CircuitBreaker.State
        /// Answers of the last 24 hours by what came of them.
        public let lastDay: [String: Int]
    }

    /// Throws `AccessDenied` for all but administrators.
    public func overview(as principal: Principal) async throws -> Overview {
        guard principal.role == .administrator else { throw AccessDenied() }
        let now = surroundingsNow
        return try await gate.database.read { transaction in
            let practice = try transaction.fetchOne(
                Practice.self,
                "SELECT * FROM practices WHERE id = \(principal.practiceID)"
            )
            var counts = Dictionary(uniqueKeysWithValues: StoredWording.State.allCases.map { ($0.rawValue, 0) })
            let rows = try transaction.rows(
                """
                SELECT w.state AS state, COUNT(*) AS count
                FROM chat_wordings w JOIN clients c ON c.id = w.client_id
                WHERE c.practice_id = \(principal.practiceID) AND w.at > \(now.adding(.seconds(-86_400)))
                GROUP BY w.state
                """
            )
            for row in rows { counts[try row.get("state")] = try row.get("count") }
            return Overview(
                model: model?.name,
                server: model?.server,
                isOn: practice?.settings.usesLanguageModel ?? false,
                breaker: breaker.state(at: now),
                lastDay: counts
            )
        }
    }

    private var surroundingsNow: Timestamp { gate.surroundings.now() }
}

extension Portal {
    /// Whether a language model is set up, and how it did in the last 24 hours.
    ///
    /// - Parameter server: whose it is, for people; nil without one.
    public func examineModel(server: String?) async throws -> Examined {
        guard let server else {
            return Examined(
                subject: "language model",
                verdict: .sound,
                detail: "none: answers quote the articles, and nothing leaves the machine",
                remedy: nil
            )
        }
        let since = surroundings.now().adding(.seconds(-86_400))
        let (practices, all, failed) = try await database.read { transaction in
            (
                try transaction.fetch(Practice.self, "SELECT * FROM practices").count(
                    where: \.settings.usesLanguageModel
                ),
                try transaction.count("SELECT COUNT(*) AS count FROM chat_wordings WHERE at > \(since)"),
                try transaction.count(
                    "SELECT COUNT(*) AS count FROM chat_wordings WHERE at > \(since) AND state = 'FAILED'"
                )
            )
        }
        let detail =
            "at \(server), switched on by \(practices) practices; asked \(all) times in 24 hours, \(failed) failed"
        // One in two is no hiccup.
        return failed * 2 > all
            ? Examined(
                subject: "language model",
                verdict: .attention,
                detail: detail,
                remedy:
                    "See whether the server answers, and whether key and model are right; answers quote the articles meanwhile"
            )
            : Examined(subject: "language model", verdict: .sound, detail: detail, remedy: nil)
    }
}
