public import Store

/// A value of an exported row.
public enum ExportValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
}

extension ClientAccess {
    /// The client's rows of any table, as they stand there, sealed columns opened. Only under access to
    /// ``DataArea/export``: a copy of everything is decided as one thing.
    ///
    /// - Parameters:
    ///   - condition: further filter, on top of the client.
    ///   - column: which column names the client.
    ///   - omitted: columns that are left out.
    public func exportedRows(
        of table: SQL.Name,
        where condition: SQL = "TRUE",
        column: SQL.Name = "client_id",
        omitting omitted: Set<String> = []
    ) throws -> [[(column: String, value: ExportValue)]] {
        guard area == .export else { throw AccessDenied() }
        let rows = try transaction.rows(
            "SELECT * FROM \(table) WHERE \(column) = \(clientID) AND (\(condition)) ORDER BY id"
        )
        return try rows.map { row in
            let id = String(sqlValue: row["id"]) ?? ""
            return try row.columns.filter { !omitted.contains($0.key) }.sorted { $0.key < $1.key }.map { name, value in
                (name, try exported(value, column: name, row: id))
            }
        }
    }

    private func exported(_ value: SQLValue, column: String, row: String) throws -> ExportValue {
        switch value {
        case .null, .blob: .null
        case .integer(let integer): .integer(integer)
        case .real(let real): .real(real)
        // Which columns are sealed is no knowledge of this floor: what opens under the client's key was sealed.
        case .text(let text): .text((try? sealer.open(text, column: column, row: row)) ?? text)
        }
    }
}
