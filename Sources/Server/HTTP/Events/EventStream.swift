import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// An answer that goes on: events that a producer sends while the client listens.
///
/// The producer is cancelled when the client goes away and when the service stops; a client reconnects by itself
/// (`EventSource`), saying the last id that it saw. An error that the producer throws reaches the client as a last event
/// named `problem`.
public struct EventStream: Sendable {
    static let mediaType = "text/event-stream"

    let heartbeat: Duration
    /// Lets time pass between heartbeats.
    let pause: @Sendable (Duration) async throws -> Void
    let produce: @Sendable (EventSender) async throws -> Void

    /// - Parameters:
    ///   - heartbeat: how long the line may be silent.
    ///   - produce: sends the events; the stream ends when it returns.
    public init(heartbeat: Duration = .seconds(15), _ produce: @escaping @Sendable (EventSender) async throws -> Void) {
        self.init(heartbeat: heartbeat, pause: { try await Task.sleep(for: $0) }, produce: produce)
    }

    init(
        heartbeat: Duration,
        pause: @escaping @Sendable (Duration) async throws -> Void,
        produce: @escaping @Sendable (EventSender) async throws -> Void
    ) {
        self.heartbeat = heartbeat
        self.pause = pause
        self.produce = produce
    }
}

/// The client has stopped reading, or reads so slowly that too many events wait for it.
public struct ListenerLost: Error, Sendable {}

/// Where a producer puts its events.
public struct EventSender: Sendable {
    /// How many events may wait for a slow client, which bounds what one connection can make us hold.
    static let backlog = 1024

    let queue: AsyncStream<[UInt8]>.Continuation

    /// Sends a document as one event. Throws ``ListenerLost``.
    public func send(_ event: String, _ document: some Encodable & Sendable, id: String? = nil) throws {
        try put(
            ServerSentEvent(name: event, data: String(decoding: try JSONCoding.encode(document), as: UTF8.self), id: id)
                .bytes
        )
    }

    /// Sends plain text as one event; its line ends arrive as such. Throws ``ListenerLost``.
    public func send(_ event: String, text: String, id: String? = nil) throws {
        try put(ServerSentEvent(name: event, data: text, id: id).bytes)
    }

    fileprivate func put(_ bytes: [UInt8]) throws {
        guard case .enqueued = queue.yield(bytes) else { throw ListenerLost() }
    }
}

extension Exchange {
    func response(_ stream: EventStream) async throws -> Response {
        // To the end of the request, behind which the connection can be watched for its closing.
        var exchange = self
        if !isBodyRead { _ = try await exchange.collect(upTo: reception.options.bodyLimit) }
        return exchange.watchedResponse(stream)
    }

    private func watchedResponse(_ stream: EventStream) -> Response {
        var response = Response(
            status: .ok,
            headers: [.contentType: EventStream.mediaType],
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await self.write(stream, to: &writer)
                }
                try await writer.finish(nil)
            }
        )
        // Proxies gather answers before they pass them on, unless told.
        response.headers[named: "X-Accel-Buffering"] = "no"
        return response
    }

    private func write(_ stream: EventStream, to writer: inout any ResponseBodyWriter) async throws {
        let (events, queue) = AsyncStream.makeStream(
            of: [UInt8].self,
            bufferingPolicy: .bufferingOldest(EventSender.backlog)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.produce(stream, into: queue) }
            group.addTask {
                while true {
                    try await stream.pause(stream.heartbeat)
                    queue.yield(ServerSentEvent.heartbeat)
                }
            }
            defer { group.cancelAll() }
            for await bytes in events { try await writer.write(ByteBuffer(bytes: bytes)) }
        }
    }

    private func produce(_ stream: EventStream, into queue: AsyncStream<[UInt8]>.Continuation) async {
        defer { queue.finish() }
        let sender = EventSender(queue: queue)
        do {
            try await cancelWhenGracefulShutdown { try await stream.produce(sender) }
        } catch is CancellationError, is ListenerLost {
            // The client went away, or the service stops: there is nobody to tell.
        } catch {
            let problem = reception.problem(for: error, logger: context.logger)
            try? sender.send("problem", problem.json(requestID: requestID))
        }
    }
}
