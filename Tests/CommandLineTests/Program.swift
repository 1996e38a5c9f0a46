import Foundation
import Support

/// The built program, run as a process.
struct Program {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Where the build puts its products.
    static var folder: URL {
        URL(filePath: ProcessInfo.processInfo.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }
    static var executable: URL { folder.appending(path: "bellwether") }

    /// Without the sentence encoder, whether or not this machine has its weights.
    var environment = ["BELLWETHER_ENCODER": "none"]
    /// The repository, so that the knowledge files are found.
    var workingFolder = RepositoryRoot.url

    private func process(_ executable: URL, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = workingFolder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
        return process
    }

    /// Runs the program to its end.
    func run(_ arguments: String..., input: String = "") throws -> Result {
        try run(Self.executable, arguments, input: input)
    }

    func run(_ executable: URL, _ arguments: [String], input: String = "") throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String = "") throws -> URL {
            let url = folder.appending(path: name)
            try Data(text.utf8).write(to: url)
            return url
        }
        // Files rather than pipes: a full pipe would make the program wait for a reader.
        let (input, output, errors) = (try file("in", input), try file("out"), try file("err"))
        let process = process(executable, arguments)
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8)
        )
    }

    /// Starts the program and lets it run.
    func start(_ arguments: String...) throws -> Process {
        let process = process(Self.executable, arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Starts the server on `port` and waits until it is ready.
    func serve(data: URL, port: Int, demo: Bool = false) async throws -> Process {
        let process = process(
            Self.executable,
            ["serve", "--port", "\(port)", "--data", data.path] + (demo ? ["--demo"] : [])
        )
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<600 {
            if !process.isRunning { throw ServerDidNotStart() }
            if let answer = try? await HTTP(port: port).get("/health/ready"), answer.status == 200 { return process }
            try await Task.sleep(for: .milliseconds(200))
        }
        process.terminate()
        throw ServerDidNotStart()
    }

    struct ServerDidNotStart: Error {}
}

/// A port that nothing listened on a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard bound else { throw Program.ServerDidNotStart() }
    return Int(UInt16(bigEndian: address.sin_port))
}
