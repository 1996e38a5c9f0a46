public import Records
import Store

/// Which rows of the audit are meant. What is nil does not narrow.
public struct AuditFilter: Sendable, Hashable {
    /// Id of a person, or the name of the service's own work.
    public var actor: String?
    public var client: ID<Client>?
    /// Such as `CHAT.READ`; what ends in a dot means all that begin with it.
    public var action: String?
    public var entity: String?
    public var outcome: AuditEntry.Outcome?
    /// From this moment on.
    public var from: Timestamp?
    /// Before this moment.
    public var to: Timestamp?

    public init(
        actor: String? = nil,
        client: ID<Client>? = nil,
        action: String? = nil,
        entity: String? = nil,
        outcome: AuditEntry.Outcome? = nil,
        from: Timestamp? = nil,
        to: Timestamp? = nil
    ) {
        self.actor = actor
        self.client = client
        self.action = action
        self.entity = entity
        self.outcome = outcome
        self.from = from
        self.to = to
    }

    fileprivate var condition: SQL {
        var parts: [SQL] = []
        if let actor { parts.append("actor_id = \(actor)") }
        if let client { parts.append("client_id = \(client)") }
        if let action {
            parts.append(
                action.hasSuffix(".") ? "substr(action, 1, \(action.count)) = \(action)" : "action = \(action)"
            )
        }
        if let entity { parts.append("entity = \(entity)") }
        if let outcome { parts.append("outcome = \(outcome)") }
        if let from { parts.append("at >= \(from)") }
        if let to { parts.append("at < \(to)") }
        return parts.isEmpty ? "TRUE" : SQL.joined(parts, separator: " AND ")
    }
}

/// The audit of a practice, for its administrators: looked through, taken out, and held against its checkpoints. Each of it
/// is on record itself.
public struct AuditSearch: Sendable {
    private let desk: OversightDesk
    private let checkpoints: AuditCheckpoints

    init(desk: OversightDesk, checkpoints: AuditCheckpoints) {
        self.desk = desk
        self.checkpoints = checkpoints
    }

    /// Rows of the principal's own practice, the newest first.
    ///
    /// - Parameter seq: rows from before this one.
    /// - Throws: `AccessDenied` for anybody but administrators.
    public func rows(_ filter: AuditFilter, before seq: Int64?, limit: Int, as principal: Principal) async throws
        -> [AuditRow]
    {
        try await desk.act("AUDIT.SEARCH", on: "audit_log", filter.client?.text, as: principal) { transaction in
            let earlier: SQL = seq.map { "seq < \($0)" } ?? "TRUE"
            return try transaction.fetch(
                AuditRow.self,
                """
                SELECT * FROM audit_log
                WHERE practice_id = \(principal.practiceID) AND (\(earlier)) AND (\(filter.condition))
                ORDER BY seq DESC LIMIT \(limit)
                """
            )
        }
    }

    /// An export that was granted and is on record; its rows are fetched as they are written.
    public struct Export: Sendable {
        fileprivate let database: Database
        fileprivate let practice: ID<Practice>?
        fileprivate let filter: AuditFilter
        fileprivate let newest: Int64

        private static let batch = 500

        /// Hands out the export in pieces, oldest row first.
        public func write(as format: AuditExportFormat, to sink: (String) async throws -> Void) async throws {
            if let header = format.header { try await sink(header) }
            let own: SQL = practice.map { "practice_id = \($0)" } ?? "TRUE"
            var last: Int64 = 0
            while true {
                let rows = try await database.read { [last] transaction in
                    try transaction.fetch(
                        AuditRow.self,
                        """
                        SELECT * FROM audit_log
                        WHERE \(own) AND seq > \(last) AND seq <= \(newest) AND (\(filter.condition))
                        ORDER BY seq LIMIT \(Self.batch)
                        """
                    )
                }
                if !rows.isEmpty { try await sink(try rows.map { try format.line($0) + "\n" }.joined()) }
                guard rows.count == Self.batch, let newest = rows.last?.seq else { return }
                last = newest
            }
        }
    }

    /// Takes out the rows that `filter` means: of the principal's own practice, or, for the one who runs the installation
    /// (a principal that is the service itself), of all.
    ///
    /// - Throws: `AccessDenied` for anybody but administrators.
    public func export(_ filter: AuditFilter, as principal: Principal) async throws -> Export {
        let newest: Int64 = try await desk.act("AUDIT.EXPORT", on: "audit_log", filter.client?.text, as: principal) {
            try $0.row("SELECT MAX(seq) AS seq FROM audit_log")?.get("seq") ?? 0
        }
        let isWhole = if case .system = principal.identity { true } else { false }
        return Export(
            database: desk.database,
            practice: isWhole ? nil : principal.practiceID,
            filter: filter,
            newest: newest
        )
    }

    /// Follows the whole chain, which all practices share, and holds it against the checkpoints.
    ///
    /// - Throws: `AccessDenied` for anybody but administrators.
    public func inspect(as principal: Principal) async throws -> AuditInspection {
        try await desk.act("AUDIT.VERIFY", on: "audit_log", as: principal) { _ in }
        return try await desk.log.inspect(desk.database, against: checkpoints.history())
    }
}
