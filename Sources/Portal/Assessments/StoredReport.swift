import Assessment
import Foundation
import Store

/// How a report is kept: as JSON text with sorted keys.
enum StoredReport {
    static func encode(_ report: ScoreReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    static func decode(_ text: SealedText?) throws -> ScoreReport? {
        try text.map { try JSONDecoder().decode(ScoreReport.self, from: Data($0.plaintext.utf8)) }
    }
}
