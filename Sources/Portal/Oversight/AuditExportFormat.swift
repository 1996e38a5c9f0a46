import Foundation
import Records

/// How the audit is taken out.
public enum AuditExportFormat: String, Sendable, Codable, CaseIterable {
    /// One JSON document a line, with the columns' names.
    case jsonl
    /// RFC 4180, with a header.
    case csv

    private static let columns: [(name: String, value: @Sendable (AuditRow) -> String?)] = [
        ("seq", { "\($0.seq)" }), ("at", { "\($0.at.milliseconds)" }), ("practice_id", \.practiceID),
        ("actor_kind", \.actorKind), ("actor_id", \.actorID), ("client_id", \.clientID), ("relation", \.relation),
        ("purpose", \.purpose), ("action", \.action), ("entity", \.entity), ("entity_id", \.entityID),
        ("outcome", \.outcome), ("reason", \.reason), ("request_id", \.requestID), ("ip", \.ip),
        ("session_id", \.sessionID), ("agent", \.agent), ("times", { $0.times.map { "\($0)" } }),
        ("previous_hash", \.previousHash), ("row_hash", \.rowHash),
    ]

    /// The line before the first row, if there is one, with its line break.
    var header: String? {
        switch self {
        case .jsonl: nil
        case .csv: Self.columns.map(\.name).joined(separator: ",") + "\n"
        }
    }

    func line(_ row: AuditRow) throws -> String {
        switch self {
        case .jsonl:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(row), as: UTF8.self)
        case .csv: return Self.columns.map { Self.field($0.value(row) ?? "") }.joined(separator: ",")
        }
    }

    private static func field(_ text: String) -> String {
        let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
