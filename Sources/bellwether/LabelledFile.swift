import ArgumentParser
import Foundation
import Knowledge
import Retrieval

/// A file of labelled rows, one JSON object a line, as the `evaluate` commands take it.
struct LabelledFile {
    let path: String

    /// The rows. Says which line is faulty, and throws exit code 66 for a file that cannot be read and 65 for a faulty row.
    func rows<Row: Decodable>(_ type: Row.Type) throws -> [Row] { try lines(type).map(\.row) }

    /// The rows, each with a label out of a closed choice or with none.
    ///
    /// - Parameters:
    ///   - name: what the label is called, for messages.
    ///   - label: the label of a row.
    func rows<Row: Decodable, Label: RawRepresentable & CaseIterable>(
        _ type: Row.Type,
        _ name: String,
        _ label: (Row) -> String?,
        among _: Label.Type
    ) throws -> [Row] where Label.RawValue == String {
        try lines(type).map { line, row in
            if let label = label(row), Label(rawValue: label) == nil {
                let known = Label.allCases.map(\.rawValue).joined(separator: ", ")
                throw failure(.dataError, "\(path):\(line): error: \(name) is `\(label)`. Choose one of: \(known).")
            }
            return row
        }
    }

    private func lines<Row: Decodable>(_ type: Row.Type) throws -> [(line: Int, row: Row)] {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw failure(.noInput, "\(path) cannot be read.")
        }
        do {
            return try JSONLines.decode(type, from: data, path: path)
        } catch {
            throw failure(.dataError, error.description)
        }
    }
}
