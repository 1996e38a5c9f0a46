public import Records
import Store

/// How far the keys of a practice and its clients have been replaced.
public struct KeyProgress: Sendable, Codable, Hashable {
    public let practice: String
    /// How many have a key: clients, and the practice itself.
    public let holders: Int
    /// How many of them keep an older key.
    public let withOldKeys: Int
    /// How many values are sealed by an older key.
    public let outdatedValues: Int
    /// Batches that are to be sealed anew, as far as they are known: each asks for the next.
    public let waiting: Int
    /// Batches that failed for good.
    public let parked: Int

    public static func + (left: KeyProgress, right: KeyProgress) -> KeyProgress {
        KeyProgress(
            practice: left.practice,
            holders: left.holders + right.holders,
            withOldKeys: left.withOldKeys + right.withOldKeys,
            outdatedValues: left.outdatedValues + right.outdatedValues,
            waiting: left.waiting + right.waiting,
            parked: left.parked + right.parked
        )
    }
}

extension KeyRotation {
    /// How far the keys of the practice have been replaced.
    ///
    /// - Throws: `AccessDenied` for anybody but administrators.
    public func progress(as principal: Principal) async throws -> KeyProgress {
        try await desk.act("KEY.PROGRESS", on: "data_keys", as: principal) { transaction in
            try progress(of: principal.practiceID, in: transaction)
        }
    }

    func progress(of practice: ID<Practice>, in transaction: Transaction) throws -> KeyProgress {
        let counts = try vault.keyCounts()
        let holders = try KeyHolder.all(of: practice, in: transaction).filter { counts[$0.keyOwner] != nil }
        let rotating = holders.filter { counts[$0.keyOwner, default: 0] > 1 }
        let outdated = try rotating.reduce(0) { sum, holder in
            let sealer = try vault.sealer(for: holder.keyOwner)
            return try holder.sealedRows(in: transaction).reduce(sum) {
                try $0 + transaction.outdated(in: $1, by: sealer)
            }
        }
        func batches(_ states: [WorkItem.State]) throws -> Int {
            try transaction.count(
                """
                SELECT COUNT(*) AS count FROM work_items
                WHERE kind = \(Self.work) AND practice_id = \(practice) AND state IN (\(list: states))
                """
            )
        }
        return KeyProgress(
            practice: try transaction.row("SELECT slug FROM practices WHERE id = \(practice)")?.get("slug") ?? "",
            holders: holders.count,
            withOldKeys: rotating.count,
            outdatedValues: outdated,
            waiting: try batches([.pending, .leased]),
            parked: try batches([.parked])
        )
    }

    /// Whether a rotation of keys is half done.
    func examine() async throws -> Examined {
        let practices = try await desk.database.read { transaction in
            try transaction.rows("SELECT id FROM practices ORDER BY id").map {
                try progress(of: $0.get("id"), in: transaction)
            }
        }
        guard let all = practices.first.map({ practices.dropFirst().reduce($0, +) }), all.withOldKeys > 0 else {
            return Examined(subject: "key rotation", verdict: .sound, detail: "no old key is kept", remedy: nil)
        }
        return Examined(
            subject: "key rotation",
            verdict: .attention,
            detail:
                "\(all.withOldKeys) of \(all.holders) keep an old key; \(all.outdatedValues) values are sealed by one",
            remedy: all.outdatedValues > 0
                ? "Leave the server running until `bellwether keys status` shows none; `bellwether keys retire` asks again for what is left"
                : "Run `bellwether keys retire` once no backup from before the rotation is needed any more"
        )
    }
}
