/// Rows in which one owner's key may have sealed something.
public struct SealedRows: Sendable {
    public let table: TableName
    let condition: SQL

    public init(_ table: TableName, where condition: SQL) {
        self.table = table
        self.condition = condition
    }
}

extension Transaction {
    /// Goes on through `rows` by their ids and seals anew, by the owner's newest key, what an older one sealed. What is not
    /// sealed, or by another owner's key, stays as it is: which it is, opening it tells.
    ///
    /// - Parameters:
    ///   - id: goes on after this row.
    ///   - limit: looks at so many rows at most.
    /// - Returns: the last row's id when there may be more.
    public func reseal(_ rows: SealedRows, after id: String?, limit: Int, by sealer: ColumnSealer) throws(StoreError)
        -> String?
    {
        let table = SQL.Name(column: rows.table.text)
        let found = try self.rows(
            "SELECT * FROM \(table) WHERE (\(rows.condition)) AND id > \(id ?? "") ORDER BY id LIMIT \(limit)"
        )
        for row in found {
            let id: String = try row.get("id")
            var assignments: [SQL] = []
            for (column, text) in sealer.outdated(row, id: id) {
                let anew = try sealer.seal(text, column: column, row: id)
                assignments.append("\(SQL.Name(column: column)) = \(anew)")
            }
            guard !assignments.isEmpty else { continue }
            try execute("UPDATE \(table) SET \(SQL.joined(assignments, separator: ", ")) WHERE id = \(id)")
        }
        return found.count < limit ? nil : try found.last?.get("id")
    }

    /// How many values in `rows` are sealed by an older key of the owner's.
    public func outdated(in rows: SealedRows, by sealer: ColumnSealer) throws(StoreError) -> Int {
        var count = 0
        for row in try self.rows("SELECT * FROM \(SQL.Name(column: rows.table.text)) WHERE (\(rows.condition))") {
            count += sealer.outdated(row, id: try row.get("id")).count
        }
        return count
    }
}

extension ColumnSealer {
    /// What an older key of the owner's sealed in a row, opened, by column.
    func outdated(_ row: Row, id: String) -> [(column: String, text: String)] {
        guard let newest = keys.keys.max() else { return [] }
        let current = "1.\(newest)."
        return row.columns.compactMap { column, value in
            guard case .text(let sealed) = value, sealed.hasPrefix("1."), !sealed.hasPrefix(current),
                let text = try? open(sealed, column: column, row: id)
            else { return nil }
            return (column, text)
        }
    }
}

/// An older key that something is still sealed by: destroying it would lose that.
public struct KeyInUse: Error, Sendable, Hashable {
    /// How many values.
    public let values: Int
}

extension KeyVault {
    /// Destroys the older keys of `owner`, for good, and returns how many they were. Older copies of `rows`, as in a backup,
    /// cannot be read with this vault afterwards.
    ///
    /// Throws ``KeyInUse`` when something in `rows` is sealed by one of them. `transaction` has to be a writing one, so that
    /// nothing else is sealed meanwhile.
    public func retireOldKeys(of owner: String, whichSealed rows: [SealedRows], in transaction: Transaction) throws
        -> Int
    {
        let sealer = try sealer(for: owner)
        guard let newest = sealer.keys.keys.max() else { return 0 }
        let values = try rows.reduce(0) { try $0 + transaction.outdated(in: $1, by: sealer) }
        guard values == 0 else { throw KeyInUse(values: values) }
        return try forget(owner, before: newest)
    }
}
