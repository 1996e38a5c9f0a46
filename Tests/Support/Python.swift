public import Foundation

/// Programs in Python that judge from outside what this one puts out.
public enum Python {
    /// A program of the environment that `Scripts/test` makes with what the peers import, or of the machine's.
    private static func command(_ name: String) -> [String] {
        let own = RepositoryRoot.appending(".build-python/bin/\(name)").path
        return [FileManager.default.isExecutableFile(atPath: own) ? own : name]
    }

    /// A process of Python's, or of a program that was installed with it, that is not started yet.
    public static func process(_ program: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command(program) + arguments
        return process
    }

    /// A program that ended with another status than 0.
    public struct Failed: Error {
        public init() {}
    }

    /// Runs a program to its end and returns what it put out.
    public static func run(_ arguments: String..., input: String = "") throws -> String {
        let folder = try TestFolder()
        let source = folder.url.appending(path: "in")
        try Data(input.utf8).write(to: source)
        let process = process("python3", arguments)
        process.standardInput = try FileHandle(forReadingFrom: source)
        let output = folder.url.appending(path: "out")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return try String(contentsOf: output, encoding: .utf8)
    }
}

/// A folder that goes when it goes.
public final class TestFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "bellwether-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
