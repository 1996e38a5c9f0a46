import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import Server

/// Keeps what is logged.
final class LogBook: Sendable {
    private let written = Mutex<[String]>([])

    var lines: [String] { written.withLock { $0 } }
    var logger: Logger { Logger(label: "toy") { _ in Handler(book: self) } }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
                .map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            book.written.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
        }
    }
}

@Suite struct HTTPProblemTests {
    @Test(arguments: [
        ("denied", 404, "not-found"), ("missing", 404, "not-found"), ("gone", 404, "not-found"),
        ("constraint", 409, "conflict"), ("busy", 503, "busy"), ("full", 503, "storage-unavailable"),
        ("read-only", 503, "storage-unavailable"), ("io", 503, "storage-unavailable"),
        ("corrupt", 503, "storage-unavailable"), ("unopenable", 503, "storage-unavailable"),
        ("row", 500, "unexpected"), ("secret", 500, "unexpected"), ("internal-decoding", 500, "unexpected"),
        ("teapot", 418, "http-418"), ("chairs", 423, "locked"), ("cancelled", 503, "stopping"),
        ("crisis", 409, "conflict"),
    ])
    func `every error has its problem`(fault: String, status: Int, problem: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/faults/\(fault)")
            #expect(answer.status == status)
            #expect(answer.json["status"] == .integer(Int64(status)))
            #expect(answer.problem == problem)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.json["request_id"]?.text == answer.headers[named: "X-Request-ID"])
            #expect(answer.json["title"]?.text?.isEmpty == false)
            for secret in ["secret", "diagnosis", "clients.mrn", "I am sad", "nonsense"] {
                #expect(!answer.text.contains(secret))
            }
        }
    }

    @Test func `refused, missing and misspelt look alike`() async throws {
        try await Toy.application().test(.router) { client in
            var headers = HTTPFields()
            headers[named: "X-Request-ID"] = "the-same-id"
            let answers = [
                try await client.send(.get, "/api/v1/faults/denied", headers: headers),
                try await client.send(.get, "/api/v1/faults/missing", headers: headers),
                try await client.send(.get, "/api/v1/nothing", headers: headers),
                try await client.send(.delete, "/api/v1/clients/x", as: "BILLING", headers: headers),
            ]
            #expect(Set(answers.map(\.text)).count == 1)
        }
    }

    @Test(arguments: [("busy", "1"), ("full", "60"), ("cancelled", "1")])
    func `a problem that passes says when to come back`(fault: String, seconds: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/faults/\(fault)")
            #expect(answer.headers[.retryAfter] == seconds)
        }
    }

    @Test func `storage that fails does not take back what was acknowledged`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/faults/full")
            #expect(answer.json["detail"]?.text?.contains("Nothing that was acknowledged is lost") == true)
        }
    }

    @Test func `a problem carries members of its own, which cannot replace the common ones`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/faults/crisis")
            #expect(answer.json["crisis_resources"] == [["phone": "988"]])
        }
        let problem = Problem(.conflict, extensions: ["status": 200, "request_id": "forged"])
        #expect(problem.json(requestID: "real")["status"] == 409)
        #expect(problem.json(requestID: "real")["request_id"] == "real")
    }

    @Test(arguments: [("secret", "Secret", true), ("io", "StoreError", true), ("missing", "RecordNotFound", false)])
    func `the log names the type of an unforeseen error and nothing of its content`(
        fault: String,
        type: String,
        isLogged: Bool
    ) async throws {
        let book = LogBook()
        try await Toy.application(logger: book.logger).test(.router) { client in
            var headers = HTTPFields()
            headers[named: "X-Request-ID"] = "request-12"
            _ = try await client.send(.get, "/api/v1/faults/\(fault)", headers: headers)
        }
        let errors = book.lines.filter { $0.hasPrefix("error") }
        #expect(errors.count == (isLogged ? 1 : 0))
        for line in errors {
            #expect(line.contains("error.type=\(type) ") && line.contains("hb.request.id=request-12"))
            #expect(!line.contains("sad"))
        }
    }

    @Test func `a request is one line in the log, with the route's template instead of its path`() async throws {
        let book = LogBook()
        try await Toy.application(logger: book.logger).test(.router) { client in
            var headers = HTTPFields()
            headers[named: "X-Request-ID"] = "request-12"
            _ = try await client.send(.delete, "/api/v1/clients/\(Toy.thread)", as: "BILLING", headers: headers)
            _ = try await client.send(.get, "/api/v1/secret/path?q=sad", headers: headers)
        }
        let written = book.lines
        #expect(written.count == 2)
        let first = try #require(written.first)
        #expect(first.contains("method=DELETE route=/api/v1/clients/{client} status=204"), "\(first)")
        #expect(first.contains("duration_ms=") && first.contains("hb.request.id=request-12"))
        #expect(!written.joined().contains("sad") && !written.joined().contains(Toy.thread))
        #expect(!written.joined().contains("secret/path"))
    }

    @Test(arguments: [
        "/health/live", "/api/v1/nothing", "/api/v1/clients", "/api/v1/faults/secret", "/health/live?x=1",
    ])
    func `every answer carries the security headers, errors too`(path: String) async throws {
        var options = HTTPServerOptions()
        options.isStrictTransport = true
        try await Toy.application(options: options).test(.live) { client in
            let headers = try await client.send(.get, path).headers
            #expect(headers[.xContentTypeOptions] == "nosniff")
            #expect(headers[named: "Referrer-Policy"] == "no-referrer")
            #expect(headers[.cacheControl] == "no-store")
            #expect(
                headers[.contentSecurityPolicy]
                    == "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            )
            #expect(headers[named: "Cross-Origin-Opener-Policy"] == "same-origin")
            #expect(headers[named: "Cross-Origin-Resource-Policy"] == "same-origin")
            #expect(headers[named: "Permissions-Policy"]?.contains("camera=()") == true)
            #expect(headers[named: "X-Frame-Options"] == "DENY")
            #expect(headers[.strictTransportSecurity] == "max-age=63072000; includeSubDomains")
            #expect(headers[named: "X-Request-ID"]?.isEmpty == false)
        }
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, path)
            #expect(answer.headers[.strictTransportSecurity] == nil)
        }
    }

    @Test(arguments: [
        ("0190aaaa-1111", true), ("abc_DEF.12", true), ("short", false), ("with blank in it", false),
        ("quote\"quote\"", false), (String(repeating: "a", count: 65), false), ("newline%0a", false),
    ])
    func `a sane request id of the client's is kept, any other replaced`(id: String, isKept: Bool) async throws {
        try await Toy.application().test(.router) { client in
            var headers = HTTPFields()
            headers[named: "X-Request-ID"] = id
            let answered = try await client.send(.get, "/health/live", headers: headers).headers[named: "X-Request-ID"]
            #expect((answered == id) == isKept)
            #expect(answered?.count == (isKept ? id.count : 36))
        }
    }
}
