import Foundation
import Support

/// Programs in Python that judge from outside what this one puts out.
enum Python {
    static func peer(_ name: String) -> String { RepositoryRoot.appending("Tests/DeliveryTests/Peers/\(name)").path }

    /// A process of Python's that is not started yet. `Scripts/test` makes the environment with what the peers import.
    static func process(_ arguments: [String]) -> Process {
        let own = RepositoryRoot.appending(".build-python/bin/python3").path
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [FileManager.default.isExecutableFile(atPath: own) ? own : "python3"] + arguments
        return process
    }

    struct Failed: Error {}

    /// Runs a program to its end and returns what it put out.
    static func run(_ arguments: String..., input: String = "") throws -> String {
        let folder = try TestFolder()
        let (source, output) = (folder.url.appending(path: "in"), folder.url.appending(path: "out"))
        try Data(input.utf8).write(to: source)
        try Data().write(to: output)
        let process = process(arguments)
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return try String(contentsOf: output, encoding: .utf8)
    }
}

/// A folder that goes when it goes.
final class TestFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "bellwether-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
