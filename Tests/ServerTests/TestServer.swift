import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Portal
import Support
import Synchronization

@testable import Server

/// The real application over a ``TestPortal``, called as a program would call it.
struct TestServer {
    let house: TestPortal
    let log = RecordedLog()
    let options: HTTPServerOptions

    /// - Parameters:
    ///   - rateLimits: without any, so that a test may send what it likes while its clock stands still.
    ///   - model: puts answers into words, once the practice switches it on and a client consents.
    init(rateLimits: RateLimits? = nil, model: (any LanguageModel)? = nil) async throws {
        house = try await TestPortal(model: model)
        var options = HTTPServerOptions()
        options.port = 0
        options.rateLimits = rateLimits
        self.options = options
    }

    /// Runs `body` with a way to send requests.
    ///
    /// - Parameter setup: `.live` for a real socket.
    func serve<Result: Sendable>(
        _ setup: TestingSetup = .router,
        _ body: @escaping @Sendable (Caller) async throws -> Result
    ) async throws -> Result {
        var logger = Logger(label: "test", factory: { _ in log })
        logger.logLevel = .trace
        let application = try buildApplication(portal: house.portal, options: options, logger: logger)
        return try await application.test(setup) { client in try await body(Caller(client: client)) }
    }
}

/// Somebody who sends requests, signed in or not.
struct Caller: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: JSONValue
        let text: String
        let headers: HTTPFields

        subscript(_ key: String) -> JSONValue? { body[key] }
    }

    let client: any TestClientProtocol
    var token: String?

    func get(_ path: String, accept: String? = nil) async throws -> Answer {
        try await send(.get, path, accept: accept)
    }

    func post(_ path: String, _ body: JSONValue? = nil, accept: String? = nil) async throws -> Answer {
        try await send(.post, path, bytes: try body.map { try JSONCoding.encode($0) }, accept: accept)
    }

    func put(_ path: String, _ body: JSONValue) async throws -> Answer {
        try await send(.put, path, bytes: try JSONCoding.encode(body))
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        bytes: [UInt8]? = nil,
        accept: String? = nil,
        headers given: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = given
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let accept { headers[.accept] = accept }
        if bytes != nil { headers[.contentType] = "application/json" }
        return try await client.execute(
            uri: path,
            method: method,
            headers: headers,
            body: bytes.map { ByteBuffer(bytes: $0) }
        ) { response in
            let bytes = Array(response.body.readableBytesView)
            return Answer(
                status: Int(response.status.code),
                body: (try? JSONCoding.parse(bytes)) ?? .null,
                text: String(decoding: bytes, as: UTF8.self),
                headers: response.headers
            )
        }
    }

    /// The same caller, signed in.
    func signedIn(_ name: String, at door: String) async throws -> Caller {
        let answer = try await post(
            "/api/v1/\(door)/login",
            ["username": .string(name), "password": .string(TestPortal.password)]
        )
        return Caller(client: client, token: answer["token"]?.text)
    }

    func asClient(_ name: String) async throws -> Caller { try await signedIn(name, at: "portal/auth") }
    func asStaff(_ name: String) async throws -> Caller { try await signedIn(name, at: "auth") }
}

/// Everything that was logged, message and metadata.
final class RecordedLog: LogHandler, Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        recorded.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
