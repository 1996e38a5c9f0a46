import Foundation
import Knowledge
import Records
import Store

/// A copy of everything that is held on a client, on its way to becoming a file.
struct ExportDocument {
    struct Section {
        let name: String
        let title: String
        let rows: [[(column: String, value: Value)]]
    }

    /// A value as it is shown: times as ISO 8601, JSON as JSON.
    enum Value {
        case plain(ExportValue)
        case moment(Timestamp)
        case json(String)
    }

    let practice: String
    let client: String
    let at: Timestamp
    /// Of the page; the JSON has none.
    let language: String
    var sections: [Section] = []

    init(of access: ClientAccess, in language: String) throws {
        self.language = language
        practice = try access.practice().name
        client = try access.client().displayName
        at = access.now
        for section in ExportContents.sections {
            let rows = try access.exportedRows(
                of: section.table,
                where: section.condition,
                column: section.column,
                omitting: section.omitted
            )
            guard !rows.isEmpty else { continue }
            sections.append(
                Section(
                    name: section.table.text,
                    title: section.title.text(in: language),
                    rows: rows.map { row in row.map { ($0.column, Self.value($0.value, $0.column, section.json)) } }
                )
            )
        }
    }

    private static func value(_ value: ExportValue, _ column: String, _ json: Set<String>) -> Value {
        switch value {
        case .integer(let milliseconds) where column == "at" || column.hasSuffix("_at"):
            .moment(Timestamp(milliseconds: milliseconds))
        case .text(let text) where json.contains(column): .json(text)
        default: .plain(value)
        }
    }

    // MARK: - Files

    /// UTF-8 JSON: `{"practice", "client", "exported_at", "sections": {table: [rows]}}`.
    func json() throws -> String {
        var all: [String: Any] = [:]
        for section in sections {
            all[section.name] = section.rows.map { row in
                Dictionary(row.map { ($0.column, Self.object($0.value)) }, uniquingKeysWith: { first, _ in first })
            }
        }
        let document: [String: Any] = [
            "practice": practice, "client": client, "exported_at": at.description, "sections": all,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: document,
            options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        )
        return String(decoding: data, as: UTF8.self)
    }

    private static func object(_ value: Value) -> Any {
        switch value {
        case .plain(.null): NSNull()
        case .plain(.integer(let integer)): integer
        case .plain(.real(let real)): real.isFinite ? real : NSNull()
        case .plain(.text(let text)): text
        case .moment(let moment): moment.description
        case .json(let text): (try? JSONSerialization.jsonObject(with: Data(text.utf8))) ?? text
        }
    }

    /// A page to read, with everything in it.
    func html() -> String {
        let heading = ExportContents.heading.text(in: language)
        var page = """
            <!DOCTYPE html>
            <html lang="\(Self.escaped(language))"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(Self.escaped("\(client): \(heading)"))</title>
            <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}\
            table{border-collapse:collapse;width:100%;margin:0 0 1rem}th,td{border:1px solid #bbb;padding:.3rem .5rem;\
            text-align:left;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere}th{width:30%}</style></head><body>
            <h1>\(Self.escaped(heading))</h1>
            <p>\(Self.escaped(client)), \(Self.escaped(practice)), \(ExportContents.madeAt.text(in: language)) \(at) (UTC).</p>

            """
        for section in sections {
            page += "<h2>\(Self.escaped(section.title))</h2>\n"
            for row in section.rows {
                page += "<table>"
                for (column, value) in row {
                    // Ids say nothing to a reader; the JSON has them.
                    guard column != "id", column != "rev", !column.hasSuffix("_id"), let text = Self.text(value) else {
                        continue
                    }
                    page += "<tr><th scope=\"row\">\(Self.label(column))</th><td>\(Self.escaped(text))</td></tr>"
                }
                page += "</table>\n"
            }
        }
        return page + "</body></html>\n"
    }

    private static func text(_ value: Value) -> String? {
        switch value {
        case .plain(.null): nil
        case .plain(.integer(let integer)): String(integer)
        case .plain(.real(let real)): "\(real)"
        case .plain(.text(let text)), .json(let text): text
        case .moment(let moment): moment.description
        }
    }

    private static func label(_ column: String) -> String { escaped(column.replacing("_", with: " ")) }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
