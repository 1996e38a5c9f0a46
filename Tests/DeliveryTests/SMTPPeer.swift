import Foundation
import Support

/// A running mail server.
final class SMTPPeer {
    struct Happening: Decodable {
        let event: String
        let sender: String?
        let recipients: [String]?
        let hello: String?
        let encrypted: Bool?
        let authenticated: Bool?
        let user: String?
        let data: String?
    }

    let port: Int
    /// PEM file of the authority to trust; the server's own certificate.
    var authority: String { folder.url.appending(path: "certificate.pem").path }
    private let folder: TestFolder
    private let process: Process
    private let life = Pipe()

    init(_ mode: String) throws {
        folder = try TestFolder()
        let log = folder.url.appending(path: "log")
        try Data().write(to: log)
        var arguments = [peer("smtp_peer.py"), mode, log.path]
        if ["starttls", "tls"].contains(mode) {
            let key = folder.url.appending(path: "key.pem").path
            let certificate = folder.url.appending(path: "certificate.pem").path
            let maker = Process()
            maker.executableURL = URL(filePath: "/usr/bin/env")
            maker.arguments = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days",
                "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key,
                "-out", certificate,
            ]
            maker.standardError = FileHandle.nullDevice
            try maker.run()
            maker.waitUntilExit()
            arguments += [certificate, key]
        }
        process = Python.process("python3", arguments)
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = life
        try process.run()
        // It writes one line, once it listens.
        var line = ""
        while let byte = try output.fileHandleForReading.read(upToCount: 1),
            let text = String(bytes: byte, encoding: .utf8),
            text != "\n"
        { line += text }
        guard let port = Int(line) else { throw Python.Failed() }
        self.port = port
    }

    deinit {
        try? life.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// What happened so far.
    func happenings() throws -> [Happening] {
        try String(contentsOf: folder.url.appending(path: "log"), encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Happening.self, from: Data($0.utf8))
        }
    }

    func messages() throws -> [Happening] { try happenings().filter { $0.event == "message" } }
}
