/// A finding about a knowledge file: what is wrong, where, and what to do about it.
public struct Diagnostic: Sendable, Hashable, Codable, CustomStringConvertible {
    public enum Severity: String, Sendable, Hashable, Codable {
        /// The file cannot be used.
        case error
        /// The file can be used, but somebody should look.
        case warning
    }

    /// Path of the file as it was given.
    public var file: String
    /// Line in the file, counted from 1.
    public var line: Int
    public var severity: Severity
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var remedy: String

    public init(file: String, line: Int, severity: Severity = .error, message: String, remedy: String) {
        self.file = file
        self.line = line
        self.severity = severity
        self.message = message
        self.remedy = remedy
    }

    /// `file:line: error: message. Remedy.`
    public var description: String { "\(file):\(line): \(severity.rawValue): \(message). \(remedy)." }
}

/// A knowledge file, or a folder of them, that cannot be used. Holds at least one error.
public struct KnowledgeError: Error, CustomStringConvertible, Sendable {
    public var diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// Gathers the findings while one file is read. Lives only as long as the reading; not for sharing.
public final class DiagnosticCollector {
    public let file: String
    public private(set) var diagnostics: [Diagnostic] = []

    public init(file: String) { self.file = file }

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    public func error(line: Int, _ message: String, remedy: String) {
        diagnostics.append(Diagnostic(file: file, line: line, message: message, remedy: remedy))
    }

    public func warning(line: Int, _ message: String, remedy: String) {
        diagnostics.append(Diagnostic(file: file, line: line, severity: .warning, message: message, remedy: remedy))
    }
}
