public import Foundation
public import Knowledge

/// The instruments that are installed, every version of each.
public struct InstrumentLibrary: Sendable {
    /// Ordered by code, newest version first.
    public let all: [Instrument]
    /// Findings that do not keep an instrument from being used.
    public let warnings: [Diagnostic]

    /// Reads every `.yaml` file below `directory`. Throws all findings when one of the files is faulty.
    public init(directory: URL) throws(KnowledgeError) {
        let files = try KnowledgeFile.readAll(below: directory, extensions: ["yaml", "yml"])
        try self.init(files: files)
    }

    /// Reads instrument files. Throws all findings when one is faulty, or two hold the same version of one instrument.
    public init(files: [KnowledgeFile]) throws(KnowledgeError) {
        var found: [Instrument] = []
        var diagnostics: [Diagnostic] = []
        var places: [String: String] = [:]
        for file in files {
            let (instrument, findings) = Instrument.parse(file)
            diagnostics += findings
            guard let instrument else { continue }
            let key = "\(Self.key(instrument.code)) \(instrument.version)"
            if let other = places[key] {
                diagnostics.append(
                    Diagnostic(
                        file: file.path,
                        line: 1,
                        message: "\(instrument.code) version \(instrument.version) is also in \(other)",
                        remedy: "Raise the version, or remove one of the files"
                    )
                )
            } else {
                places[key] = file.path
                found.append(instrument)
            }
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else { throw KnowledgeError(diagnostics) }
        warnings = diagnostics
        all = found.sorted { ($0.code, $1.version) < ($1.code, $0.version) }
    }

    /// The newest version of an instrument. Case, dashes and spaces do not matter: "PHQ-9", "phq9".
    public subscript(_ code: String) -> Instrument? {
        let key = Self.key(code)
        return all.filter { Self.key($0.code) == key }.max { $0.version < $1.version }
    }

    /// One version of an instrument, named as in the subscript.
    public func instrument(_ code: String, version: Int) -> Instrument? {
        let key = Self.key(code)
        return all.first { $0.version == version && Self.key($0.code) == key }
    }

    /// Codes of all instruments, each once.
    public var codes: [String] {
        all.reduce(into: []) { codes, instrument in
            if codes.last != instrument.code { codes.append(instrument.code) }
        }
    }

    private static func key(_ code: String) -> String { code.lowercased().filter { $0.isLetter || $0.isNumber } }
}
