public import Foundation
public import Knowledge

/// Files with one JSON object a line.
public enum JSONLines {
    /// Decodes every line that is not blank, with its number counted from 1.
    ///
    /// - Parameter path: for messages.
    /// - Throws: a ``KnowledgeError`` for the first line that is not UTF-8, not JSON or not of this shape.
    public static func decode<Row: Decodable>(_: Row.Type, from data: Data, path: String) throws(KnowledgeError)
        -> [(line: Int, row: Row)]
    {
        let decoder = JSONDecoder()
        var rows: [(line: Int, row: Row)] = []
        var number = 0
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let data = data.starts(with: byteOrderMark) ? data.dropFirst(3) : data
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            do {
                rows.append((number, try decoder.decode(Row.self, from: line)))
            } catch {
                throw KnowledgeError([diagnostic(error, line, path: path, number: number)])
            }
        }
        return rows
    }

    private static func diagnostic(_ error: any Error, _ line: Data, path: String, number: Int) -> Diagnostic {
        if String(validating: line, as: UTF8.self) == nil {
            return Diagnostic(
                file: path,
                line: number,
                message: "the line is not UTF-8 text",
                remedy: "Save the file as UTF-8"
            )
        }
        let remedy = "Write one JSON object on the line"
        return switch error {
        case DecodingError.keyNotFound(let key, _):
            Diagnostic(file: path, line: number, message: "the line has no `\(key.stringValue)`", remedy: "Add it")
        case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty,
            DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty:
            Diagnostic(
                file: path,
                line: number,
                message:
                    "`\(context.codingPath.map(\.stringValue).joined(separator: "."))` is not of the expected kind",
                remedy: "Write a text"
            )
        case DecodingError.typeMismatch, DecodingError.valueNotFound:
            Diagnostic(file: path, line: number, message: "the line is no JSON object", remedy: remedy)
        default: Diagnostic(file: path, line: number, message: "the line is not valid JSON", remedy: remedy)
        }
    }
}
