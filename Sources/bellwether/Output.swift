import ArgumentParser
import Foundation

/// How a command prints its result.
struct OutputOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// A table or short text for people.
        case table
        /// One JSON document with a fixed shape.
        case json
    }

    @Option(help: "How to print the result.")
    var format: Format = .table
}

/// Exit codes of sysexits(3).
enum Sysexit: Int32 {
    case dataError = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case cantCreate = 73
    case ioError = 74
    case config = 78
}

/// Says `message` on standard error and gives the exit code to throw.
func failure(_ code: Sysexit, _ message: String) -> ExitCode {
    FileHandle.standardError.write(Data("bellwether: \(message)\n".utf8))
    return ExitCode(code.rawValue)
}

/// Encodes with sorted keys, so that the same result is the same text.
func json(_ value: some Encodable, pretty: Bool = true) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
        pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Writes one line to standard output.
func printLine(_ line: String = "") {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// Lays `rows` out in columns, each as wide as its widest cell; figures are set right.
func table(_ header: [String], _ rows: [[String]]) -> String {
    let all = [header] + rows
    let widths = header.indices.map { column in
        all.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    func isFigure(_ text: String) -> Bool { Double(text.replacing("%", with: "")) != nil }
    let figures = header.indices.map { column in
        !rows.isEmpty && rows.allSatisfy { !$0.indices.contains(column) || $0[column].isEmpty || isFigure($0[column]) }
    }
    return all.map { row in
        row.indices.map { column in
            let padding = String(repeating: " ", count: max(0, widths[column] - row[column].count))
            return figures[column] ? padding + row[column] : row[column] + padding
        }
        .joined(separator: "  ").trimmingTrailingSpaces()
    }
    .joined(separator: "\n")
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var copy = self
        while copy.last == " " { copy.removeLast() }
        return copy
    }
}
