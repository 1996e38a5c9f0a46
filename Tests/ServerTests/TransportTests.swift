import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Support
import Testing

@testable import Server

/// What arrives broken, slowly or too large, and what arrives sealed.
@Suite("Transport")
struct TransportTests {
    /// Sends bytes as they are and reads what comes back until the server closes.
    private func exchange(_ text: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var answer = ByteBuffer()
            do {
                try await outbound.write(ByteBuffer(string: text))
                for try await var part in inbound {
                    answer.writeBuffer(&part)
                    // The head is enough where the server keeps the connection.
                    if String(buffer: answer).contains("\r\n\r\n") { break }
                }
            } catch is IOError {
                // Closed hard, as after too much.
            } catch is ChannelError {
                // Closed before anything was written.
            }
            return String(buffer: answer)
        }
    }

    private func serve(
        _ change: (inout HTTPServerOptions) -> Void,
        _ body: @escaping @Sendable (Int) async throws -> Void
    )
        async throws
    {
        var options = HTTPServerOptions()
        change(&options)
        try await Toy.application(options: options).test(.live) { client in
            try await body(try #require(client.port))
        }
    }

    @Test func `a head that is too large is not taken`() async throws {
        let large = String(repeating: "a", count: 20_000)
        let many = (0..<200).map { "X-Field-\($0): a\r\n" }.joined()
        let broad = (0..<4).map { "X-Field-\($0): \(large.prefix(10_000))\r\n" }.joined()
        try await serve({ _ in }) { port in
            for fields in ["Cookie: \(large)\r\n", many, broad, "X-\(large): a\r\n"] {
                let answer = try await exchange("GET /health/live HTTP/1.1\r\nHost: x\r\n\(fields)\r\n", port: port)
                #expect(!answer.contains(" 200 "), "\(fields.prefix(20))")
            }
            let fine = try await exchange("GET /health/live HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n", port: port)
            #expect(fine.contains(" 200 "))
        }
    }

    @Test(arguments: [
        "GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: b\u{0}c\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n",
        "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "nonsense\r\n\r\n",
    ])
    func `a request that could be read in two ways is not read`(request: String) async throws {
        try await serve({ _ in }) { port in
            let answer = try await exchange(request, port: port)
            #expect(!answer.contains(" 200 "))
        }
    }

    @Test func `a body that never arrives is not waited for`() async throws {
        try await serve({ $0.bodyTimeout = .milliseconds(20) }) { port in
            let answer = try await exchange(
                "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
                port: port
            )
            #expect(answer.hasPrefix("HTTP/1.1 408"))
        }
    }

    @Test func `a connection on which nothing comes is closed`() async throws {
        try await serve({ $0.idleTimeout = .milliseconds(50) }) { port in
            let answer = try await exchange("GET /health/live HTTP/1.1\r\nHost:", port: port)
            #expect(answer.isEmpty)
        }
    }

    // MARK: - TLS

    /// A certificate of one's own for `localhost`.
    private func certificate(in folder: URL, _ name: String = "server") throws -> (certificate: URL, key: URL) {
        let (certificate, key) = (folder.appending(path: "\(name).pem"), folder.appending(path: "\(name).key"))
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key.path, "-out",
            certificate.path,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
        return (certificate, key)
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test func `with a certificate the server speaks HTTPS, and tells browsers to stay with it`() async throws {
        try await withFolder { folder in
            let files = try certificate(in: folder)
            var options = HTTPServerOptions()
            options.certificate = try ServerCertificate(certificate: files.certificate, key: files.key)
            options.isStrictTransport = true
            try await Toy.application(options: options).test(.ahc(.https)) { client in
                let answer = try await client.send(.get, "/health/live")
                #expect(answer.status == 200)
                #expect(answer.headers[.strictTransportSecurity] == "max-age=63072000; includeSubDomains")
                let port = try #require(client.port)
                let plain = try await exchange("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", port: port)
                #expect(!plain.contains("HTTP/1.1 200"), "and no plain HTTP")
            }
        }
    }

    @Test func `a renewed certificate is taken up while serving, and one that is faulty is not`() async throws {
        try await withFolder { folder in
            let files = try certificate(in: folder)
            let first = try Data(contentsOf: files.certificate)
            let renewable = try ServerCertificate(certificate: files.certificate, key: files.key)
            var options = HTTPServerOptions()
            options.certificate = renewable
            try await Toy.application(options: options).test(.live) { client in
                let port = try #require(client.port)
                #expect(try shown(at: port).contains(pem(first)))
                _ = try certificate(in: folder)
                let second = try Data(contentsOf: files.certificate)
                #expect(first != second)
                #expect(try shown(at: port).contains(pem(first)), "not before it is asked to")
                try renewable.reload()
                #expect(try shown(at: port).contains(pem(second)))
                try Data("garbage".utf8).write(to: files.key)
                #expect(throws: ServerCertificate.Fault.self) { try renewable.reload() }
                #expect(try shown(at: port).contains(pem(second)))
            }
        }
    }

    /// What somebody who connects is shown.
    private func shown(at port: Int) throws -> String {
        let openssl = Process()
        let output = Pipe()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "s_client", "-connect", "localhost:\(port)", "-servername", "localhost", "-showcerts",
        ]
        openssl.standardInput = FileHandle.nullDevice
        openssl.standardOutput = output
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        openssl.waitUntilExit()
        return text
    }

    private func pem(_ file: Data) -> String { String(decoding: file, as: UTF8.self) }

    @Test func `files that cannot be used are refused by name, without what is in them`() async throws {
        try await withFolder { folder in
            let (one, other) = (try certificate(in: folder), try certificate(in: folder, "other"))
            let garbage = folder.appending(path: "garbage")
            try Data("-----BEGIN PRIVATE KEY-----\nsecret words\n".utf8).write(to: garbage)
            let missing = folder.appending(path: "missing")
            for (certificate, key, named) in [
                (missing, one.key, missing), (one.certificate, missing, missing), (garbage, one.key, garbage),
                (one.certificate, garbage, garbage), (one.certificate, other.key, other.key),
            ] {
                do throws(ServerCertificate.Fault) {
                    _ = try ServerCertificate(certificate: certificate, key: key)
                    Issue.record("\(certificate.lastPathComponent) \(key.lastPathComponent) was taken")
                } catch {
                    #expect(error.description.contains(named.path))
                    #expect(!error.description.contains("secret words"))
                }
            }
        }
    }
}
