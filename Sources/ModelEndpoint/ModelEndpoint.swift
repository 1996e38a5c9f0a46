public import Assistant
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
public import Portal

/// A language model behind any OpenAI-compatible server.
///
/// A connection a question: nothing stays open between two, and one that is given up is closed with all that was still on its
/// way. Redirections are not followed, proxies from the environment are not used, and nothing is logged.
public struct ModelEndpoint: LanguageModel {
    private let settings: ModelSettings

    public init(_ settings: ModelSettings) { self.settings = settings }

    public var name: String { settings.model }
    public var server: String { settings.server }

    public func write(_ request: WordingRequest, take: @escaping @Sendable (String) throws -> Bool) async throws {
        let patience = Patience(
            first: settings.connectTimeout + settings.wordTimeout,
            total: settings.totalTimeout
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await exchange(request, patience, take) }
            group.addTask { try await patience.end() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func exchange(
        _ request: WordingRequest,
        _ patience: Patience,
        _ take: @escaping @Sendable (String) throws -> Bool
    ) async throws {
        let configuration = try configuration()
        let asked = try asked(request)
        try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            let response: HTTPClientResponse
            do {
                response = try await client.execute(asked, timeout: .nanoseconds(settings.totalTimeout.nanoseconds))
            } catch {
                try Task.checkCancellation()
                throw Self.failure(error)
            }
            try Self.check(response)
            patience.putOff(by: settings.wordTimeout)
            try await read(response.body, patience, take)
        }
    }

    private func configuration() throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .nanoseconds(settings.connectTimeout.nanoseconds))
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.connectionPool.retryConnectionEstablishment = false
        var security = TLSConfiguration.makeClientConfiguration()
        security.minimumTLSVersion = .tlsv12
        if let authorities = settings.authorities { security.trustRoots = .file(authorities) }
        configuration.tlsConfiguration = security
        return configuration
    }

    private func asked(_ request: WordingRequest) throws -> HTTPClientRequest {
        var asked = HTTPClientRequest(url: settings.url.appending(path: "chat/completions").absoluteString)
        asked.method = .POST
        asked.headers = [
            "Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "identity",
            "User-Agent": "bellwether",
        ]
        if let key = settings.key { asked.headers.add(name: "Authorization", value: "Bearer \(key.text)") }
        asked.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(CompletionRequest(request, settings))))
        return asked
    }

    private static func failure(_ error: any Error) -> ModelFailure {
        switch error as? HTTPClientError {
        case .connectTimeout?, .deadlineExceeded?, .readTimeout?, .tlsHandshakeTimeout?: .late
        default: .unreachable
        }
    }

    private static func check(_ response: HTTPClientResponse) throws(ModelFailure) {
        switch response.status.code {
        case 200: break
        case 429, 503: throw .busy(retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) })
        default: throw .refused
        }
        let type = response.headers.first(name: "Content-Type")?.lowercased() ?? ""
        let isPlain = (response.headers.first(name: "Content-Encoding") ?? "identity") == "identity"
        guard type.prefix(while: { $0 != ";" && $0 != " " }) == "text/event-stream", isPlain else { throw .garbled }
    }

    // MARK: - The answer

    private func read(
        _ body: HTTPClientResponse.Body,
        _ patience: Patience,
        _ take: @Sendable (String) throws -> Bool
    ) async throws {
        var lines = EventLines(longest: settings.longestLine)
        var bytes = 0
        var pieces = body.makeAsyncIterator()
        while let buffer = try await next(&pieces) {
            bytes += buffer.readableBytes
            guard bytes <= settings.mostBytes else { throw ModelFailure.flooded }
            let events: [[UInt8]]
            do { events = try lines.add(buffer.readableBytesView) } catch { throw ModelFailure.flooded }
            for event in events {
                if event.elementsEqual("[DONE]".utf8) { return }
                let chunk = try CompletionChunk(data: event)
                if let text = chunk.text, !text.isEmpty {
                    // Comments and empty events do not count: only words put off the end of patience.
                    patience.putOff(by: settings.wordTimeout)
                    guard try take(text) else { return }
                }
                guard let ending = chunk.ending else { continue }
                guard ending == "stop" else { throw ModelFailure.brokenOff }
                return
            }
        }
        throw ModelFailure.brokenOff
    }

    private func next(_ pieces: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch {
            try Task.checkCancellation()
            throw ModelFailure.brokenOff
        }
    }
}

extension Duration {
    /// Whole nanoseconds; as many as fit for a time beyond three centuries.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let sum = whole.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        return whole.overflow || sum.overflow ? .max : sum.partialValue
    }
}
