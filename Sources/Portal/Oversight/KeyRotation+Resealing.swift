public import Records
import Store

/// How far sealing anew has got for one holder of a key. As text it is the subject of a piece of work.
struct Resealing: Sendable {
    let holder: KeyHolder
    /// Goes on in this table, after this row; nil is at the beginning.
    let last: (table: String, id: String)?

    init(_ holder: KeyHolder, after last: (table: String, id: String)? = nil) {
        self.holder = holder
        self.last = last
    }

    init?(text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 1 || words.count == 3, let holder = KeyHolder(keyOwner: words[0]) else { return nil }
        self.init(holder, after: words.count == 3 ? (words[1], words[2]) : nil)
    }

    var text: String { last.map { "\(holder.keyOwner) \($0.table) \($0.id)" } ?? holder.keyOwner }
}

extension KeyRotation {
    static let work = "key.reseal"
    /// How many rows one piece of work looks at, so that whoever writes meanwhile waits for milliseconds only.
    static let batch = 100

    func ask(
        _ resealing: Resealing,
        dedupeKey: String? = nil,
        of practice: ID<Practice>,
        in transaction: Transaction
    ) throws {
        let key = dedupeKey ?? desk.surroundings.newID(WorkItem.self).text
        try WorkRequest(Self.work, subject: resealing.text, dedupeKey: key)
            .enqueue(
                practice: practice,
                client: resealing.holder.clientID,
                now: desk.surroundings.now(),
                ids: desk.surroundings,
                transaction: transaction
            )
    }

    /// Seals anew what an old key sealed. Each piece of work does a batch and asks, in its own transaction, for the next one,
    /// so that it goes on where it was whenever it is stopped.
    var handler: WorkHandler {
        WorkHandler(Self.work) { item, transaction in
            guard let resealing = Resealing(text: item.subjectID) else { return }
            let sealer = try vault.sealer(for: resealing.holder.keyOwner)
            for rows in try resealing.holder.sealedRows(in: transaction) {
                let table = rows.table.text
                if let last = resealing.last, table < last.table { continue }
                let last = try transaction.reseal(
                    rows,
                    after: resealing.last.flatMap { $0.table == table ? $0.id : nil },
                    limit: Self.batch,
                    by: sealer
                )
                guard let last else { continue }
                try ask(
                    Resealing(resealing.holder, after: (table, last)),
                    dedupeKey: item.id.text,
                    of: item.practiceID,
                    in: transaction
                )
                return
            }
        }
    }
}

// MARK: - Retirement

extension KeyRotation {
    /// What became of a practice's old keys.
    public struct Retirement: Sendable, Hashable {
        /// How many keys were destroyed.
        public var retired = 0
        /// How many records, the practice's own included, are not sealed anew yet, and keep theirs.
        public var kept = 0

        public init() {}
    }

    /// Destroys the old keys of the practice and its clients by which nothing is sealed any more. What was sealed by them in
    /// a backup can be read with an older copy of the key vault only. Where something still is, it is asked anew to be sealed.
    ///
    /// - Throws: `AccessDenied` for anybody but administrators.
    public func retire(as principal: Principal) async throws -> Retirement {
        let practice = principal.practiceID
        let counts = try vault.keyCounts()
        let holders = try await desk.act("KEY.RETIRE", on: "data_keys", as: principal) { transaction in
            try KeyHolder.all(of: practice, in: transaction).filter { counts[$0.keyOwner, default: 0] > 1 }
        }
        var retirement = Retirement()
        for holder in holders {
            let retired = try await desk.database.write { transaction -> Int? in
                do {
                    return try vault.retireOldKeys(
                        of: holder.keyOwner,
                        whichSealed: holder.sealedRows(in: transaction),
                        in: transaction
                    )
                } catch is KeyInUse {
                    if try waiting(for: holder, in: transaction) == 0 {
                        try ask(Resealing(holder), of: practice, in: transaction)
                    }
                    return nil
                }
            }
            if let retired { retirement.retired += retired } else { retirement.kept += 1 }
        }
        return retirement
    }

    private func waiting(for holder: KeyHolder, in transaction: Transaction) throws -> Int {
        try transaction.count(
            """
            SELECT COUNT(*) AS count FROM work_items WHERE kind = \(Self.work) AND state IN ('PENDING', 'LEASED')
                AND (subject_id = \(holder.keyOwner) OR subject_id LIKE \("\(holder.keyOwner) %"))
            """
        )
    }
}
