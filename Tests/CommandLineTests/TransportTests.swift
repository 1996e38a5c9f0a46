import Foundation
import Support
import Testing

/// The server sends nothing readable over a line that others can listen on (SEC-02).
@Suite("Serving beyond this machine", .serialized)
struct TransportTests {
    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-line-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test(arguments: [
        (["--host", "0.0.0.0"], "Plain HTTP on 0.0.0.0"), (["--host", "::"], "Plain HTTP on ::"),
        (["--host", "portal.example"], "Plain HTTP on portal.example"), (["--tls-certificate", "a.pem"], "both"),
        (["--tls-key", "a.key"], "both"), (["--host", "0.0.0.0", "--trusted-proxy", "proxy"], "proxy is no address"),
    ])
    func `what would be readable on the way is refused with what to do`(options: [String], words: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-none-\(UUID().uuidString)")
        let result = try Program().run(Program.executable, ["serve", "--port", "0", "--data", folder.path] + options)
        #expect(result.status == 64)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path), "before anything is created")
    }

    @Test func `a certificate that cannot be read stops the start`() throws {
        let result = try Program().run(
            "serve",
            "--port",
            "0",
            "--tls-certificate",
            "/nowhere.pem",
            "--tls-key",
            "/no.key"
        )
        #expect(result.status == 78)
        #expect(result.errors.contains("/nowhere.pem cannot be read"))
    }

    @Test func `with a certificate others reach it by HTTPS, and only by that`() async throws {
        try await withFolder { folder in
            let env = URL(filePath: "/usr/bin/env")
            let (certificate, key) = (folder.appending(path: "a.pem").path, folder.appending(path: "a.key").path)
            let made = try Program().run(
                env,
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days",
                    "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                    certificate,
                ]
            )
            try #require(made.status == 0)
            let port = try freePort()
            let server = try Program().start(
                "serve",
                "--host",
                "0.0.0.0",
                "--port",
                "\(port)",
                "--data",
                folder.appending(path: "data").path,
                "--tls-certificate",
                certificate,
                "--tls-key",
                key
            )
            defer { server.terminate() }
            // curl waits for the server and checks the certificate.
            let answer = try Program().run(
                env,
                [
                    "curl", "-sS", "-i", "--retry", "100", "--retry-delay", "1", "--retry-connrefused", "--cacert",
                    certificate, "https://localhost:\(port)/health/live",
                ]
            )
            #expect(answer.output.contains(" 200 "), "\(answer.errors)")
            #expect(
                answer.output.lowercased().contains("strict-transport-security: max-age=63072000; includesubdomains")
            )
            let plain = try Program().run(env, ["curl", "-sS", "http://localhost:\(port)/health/live"])
            #expect(plain.status != 0)
            let untrusted = try Program().run(env, ["curl", "-sS", "https://localhost:\(port)/health/live"])
            #expect(untrusted.status == 60)
            let old = try Program().run(
                env,
                ["curl", "-sS", "--tls-max", "1.1", "--cacert", certificate, "https://localhost:\(port)/health/live"]
            )
            #expect(old.status != 0)
        }
    }
}
