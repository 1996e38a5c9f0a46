public import Store

extension AuditLog {
    /// What is wrong with the audit; empty when it is sound.
    public func verify(_ database: Database, against checkpoints: CheckpointHistory? = nil) async throws
        -> [AuditFinding]
    {
        try await inspect(database, against: checkpoints).findings
    }

    /// Follows the chain from its beginning, and holds it against `checkpoints` where there are any. Changes nothing.
    public func inspect(_ database: Database, against checkpoints: CheckpointHistory? = nil) async throws
        -> AuditInspection
    {
        try await database.read { transaction in
            var walk = ChainWalk(log: self, checkpoints: checkpoints)
            var last: Int64?
            while true {
                let rest: SQL = last.map { "seq > \($0)" } ?? "TRUE"
                let rows = try transaction.rows("SELECT * FROM audit_log WHERE \(rest) ORDER BY seq LIMIT 1000")
                for row in rows {
                    let seq: Int64 = try row.get("seq")
                    try walk.take(row, at: seq, in: transaction)
                    last = seq
                }
                if rows.count < 1000 { break }
            }
            return walk.inspection()
        }
    }
}

/// The walk along the chain: gathers what stands out, and says in the end what it means together. That a row was changed,
/// moved, inserted or removed looks alike at the row itself; the whole tells them apart.
private struct ChainWalk {
    let log: AuditLog
    let checkpoints: CheckpointHistory?

    /// Rows by where they stand.
    private var count = 0
    private var position: Int64 = 0
    /// The row before: its hash, and whether it is genuine.
    private var previous = AuditLog.genesis
    private var previousIsGenuine = true
    /// The highest number that a genuine row was written under.
    private var newestGenuine: Int64 = 0

    private var gaps: [ClosedRange<Int64>] = []
    private var foreign: [Int64] = []
    private var origins: [Int64: Int64] = [:]
    private var others: [AuditFinding] = []
    /// Rows that checkpoints or the audit itself speak of.
    private var rewritten: [Int64] = []
    private var mentioned: [(row: Int64, checkpoint: String)] = []

    /// So many rows that are not in order are told apart; a log with more is beyond that.
    private static let limit = 10_000

    init(log: AuditLog, checkpoints: CheckpointHistory?) {
        self.log = log
        self.checkpoints = checkpoints
    }

    mutating func take(_ stored: Row, at seq: Int64, in transaction: Transaction) throws {
        count += 1
        guard seq >= 1 else {
            others.append(AuditFinding(.inserted, seq))
            return
        }
        let isContiguous = seq == position + 1
        if !isContiguous { gaps.append(position + 1...seq - 1) }
        position = seq
        // A column that holds another kind of value than was written is a change, too.
        let row = try? transaction.decode(AuditRow.self, from: stored)
        let isGenuine = row.map { log.hash($0) == $0.rowHash } ?? false
        if let row, isGenuine {
            newestGenuine = seq
            if isContiguous, previousIsGenuine, row.previousHash != previous { others.append(.init(.unlinked, seq)) }
            if let known = checkpoints?.hash(of: seq), known != row.rowHash { rewritten.append(seq) }
            if row.action == AuditCheckpoint.action, let checkpoint = row.entityID {
                mentioned.append((seq, checkpoint))
            }
        } else if let row, let origin = try origin(of: row, in: transaction) {
            origins[seq] = origin
            newestGenuine = max(newestGenuine, origin)
        } else {
            foreign.append(seq)
        }
        previousIsGenuine = isGenuine
        previous = row?.rowHash ?? ""
    }

    /// Where a row that does not fit its place was written; nil when it was written nowhere.
    private func origin(of row: AuditRow, in transaction: Transaction) throws -> Int64? {
        guard origins.count < Self.limit else { return nil }
        var candidates = [row.seq - 1, row.seq &+ 1]
        // It continues the row whose hash it names, wherever that stands now.
        if let before = try transaction.row("SELECT seq FROM audit_log WHERE row_hash = \(row.previousHash)") {
            let seq: Int64 = try before.get("seq")
            candidates += [seq &+ 1, (origins[seq] ?? seq) &+ 1]
        } else if row.previousHash == AuditLog.genesis {
            candidates.append(1)
        }
        if let shift = origins[row.seq - 1].map({ $0 - (row.seq - 1) }) { candidates.append(row.seq &+ shift) }
        return candidates.first { $0 >= 1 && log.hash(row, at: $0) == row.rowHash }
    }

    func inspection() -> AuditInspection {
        let moved = Set(origins.values)
        var findings = others
        // Where a genuine row was written, and stands elsewhere now, whatever stands there was put there.
        findings += Self.ranges(foreign.filter { moved.contains($0) }).map { AuditFinding(.inserted, $0) }
        findings += Self.ranges(foreign.filter { !moved.contains($0) }).map { AuditFinding(.edited, $0) }
        findings += Self.ranges(origins.keys.sorted()).map { AuditFinding(.moved, $0) }
        let emptied = origins.keys.filter { $0 <= newestGenuine && !moved.contains($0) }.sorted()
        findings += Self.ranges(emptied).map { AuditFinding(.deleted, $0) }
        for gap in gaps where gap.lowerBound <= newestGenuine {
            // A gap can be as wide as a number is large; rows that were moved out of it are few.
            let end = min(gap.upperBound, newestGenuine)
            var start = gap.lowerBound
            for origin in moved.filter(gap.contains).sorted() {
                if origin > start { findings.append(.init(.deleted, start, through: origin - 1)) }
                start = origin + 1
            }
            if start <= end { findings.append(.init(.deleted, start, through: end)) }
        }
        if let checkpoints {
            findings += checkpoints.findings
            findings += Self.ranges(rewritten).map { AuditFinding(.rewritten, $0) }
            if checkpoints.newest > position {
                findings.append(.init(.cutTail, position + 1, through: checkpoints.newest))
            }
            findings += mentioned.filter { !checkpoints.holds($0.checkpoint) }.map { .init(.missingCheckpoint, $0.row) }
        }
        return AuditInspection(
            rows: count,
            newest: position,
            checkpoints: checkpoints?.checkpoints.count ?? 0,
            findings: findings.sorted { ($0.firstRow, $0.kind.rawValue) < ($1.firstRow, $1.kind.rawValue) }
        )
    }

    private static func ranges(_ sorted: [Int64]) -> [ClosedRange<Int64>] {
        sorted.reduce(into: []) { ranges, number in
            if let last = ranges.last, last.upperBound == number - 1 {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
    }
}

extension AuditFinding {
    fileprivate init(_ kind: Kind, _ rows: ClosedRange<Int64>) {
        self.init(kind, rows.lowerBound, through: rows.upperBound)
    }
}
