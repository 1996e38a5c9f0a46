import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A server on this machine that speaks the OpenAI protocol as far as a test wants it to: what it sends back is a script of
/// bytes, whole or not, followed by an end or by none.
public final class ModelServer: Sendable {
    public enum Step: Sendable {
        case send([UInt8])
        /// Over and over, until the connection is closed.
        case sendForEver([UInt8])
        /// Nothing more comes, and the connection stays open.
        case stall
        case close
    }

    /// One request as it came.
    public struct Request: Sendable {
        public let head: String
        public let body: String
    }

    private struct State {
        var script: [Step]
        var requests: [Request] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
        var closed = 0
    }

    private let state: Mutex<State>
    private let group = MultiThreadedEventLoopGroup.singleton
    private let channel: any Channel

    private init(_ channel: any Channel, _ state: sending State, _ door: Door) {
        self.channel = channel
        self.state = Mutex(state)
        door.server.withLock { $0 = self }
    }

    /// What the listening socket's children find the server by, which is there only after it listens.
    private final class Door: Sendable {
        let server = Mutex<ModelServer?>(nil)
    }

    /// Starts a server, hands it to `body`, and stops it.
    public static func run<Result: Sendable>(
        _ script: [Step] = [],
        _ body: (ModelServer) async throws -> Result
    ) async throws -> Result {
        let door = Door()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Conversation(door))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ModelServer(channel, State(script: script), door)
        do {
            let result = try await body(server)
            try await server.stop(door)
            return result
        } catch {
            try await server.stop(door)
            throw error
        }
    }

    private func stop(_ door: Door) async throws {
        door.server.withLock { $0 = nil }
        try await channel.close()
    }

    public var port: Int { channel.localAddress?.port ?? 0 }
    public var url: String { "http://127.0.0.1:\(port)/v1" }

    public var requests: [Request] { state.withLock { $0.requests } }
    public var count: Int { requests.count }

    /// What comes back from now on.
    public func answers(_ script: [Step]) { state.withLock { $0.script = script } }

    /// Waits until the client has closed a connection that was not answered to its end.
    public func waitForClose() async {
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if state.closed == 0 { state.waiters.append(continuation) }
                return state.closed > 0
            }
            if isClosed { continuation.resume() }
        }
    }

    fileprivate func take(_ request: Request) -> [Step] {
        state.withLock { state in
            state.requests.append(request)
            return state.script
        }
    }

    fileprivate func noteClose() {
        let waiters = state.withLock { state in
            state.closed += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - A connection

    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let door: Door
        private var received = ""
        private var isAnswering = false
        private var isOurClose = false

        init(_ door: Door) { self.door = door }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard !isAnswering, let end = received.range(of: "\r\n\r\n") else { return }
            let head = String(received[..<end.lowerBound])
            let body = String(received[end.upperBound...])
            let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: ":")[1].filter { $0 != " " }) }
            guard body.utf8.count >= length ?? 0 else { return }
            isAnswering = true
            guard let server = door.server.withLock({ $0 }) else { return context.close(promise: nil) }
            play(server.take(Request(head: head, body: body))[...], context)
        }

        private func play(_ steps: ArraySlice<Step>, _ context: ChannelHandlerContext) {
            switch steps.first {
            case .stall: return
            case nil, .close:
                isOurClose = true
                context.close(promise: nil)
            case .send(let bytes):
                write(bytes, steps.dropFirst(), context)
            case .sendForEver(let bytes):
                write(bytes, steps, context)
            }
        }

        private func write(_ bytes: [UInt8], _ next: ArraySlice<Step>, _ context: ChannelHandlerContext) {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let loop = context.eventLoop
            context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes))).whenSuccess {
                // In a turn of its own: what is written at once would come back here on the same stack.
                loop.execute {
                    let (handler, context) = bound.value
                    handler.play(next, context)
                }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            if !isOurClose { door.server.withLock { $0 }?.noteClose() }
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

extension ModelServer.Step {
    public static func text(_ text: String) -> Self { .send(Array(text.utf8)) }

    /// The head of an answer that streams until the connection is closed.
    public static func head(
        status: String = "200 OK",
        type: String = "text/event-stream; charset=utf-8",
        more: String = ""
    )
        -> Self
    {
        .text("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(more)Connection: close\r\n\r\n")
    }

    /// One event with a piece of the model's text.
    public static func word(_ text: String) -> Self {
        let quoted = (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        return .text(
            "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\(quoted)},\"finish_reason\":null}]}\n\n"
        )
    }

    public static func end(_ reason: String = "stop") -> Self {
        .text("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"\(reason)\"}]}\n\n")
    }

    public static let done = Self.text("data: [DONE]\n\n")
}

extension [ModelServer.Step] {
    /// A model that says `text`, a few signs at a time, and ends as the protocol wants it.
    public static func saying(_ text: String) -> Self {
        var pieces: [String] = []
        for character in text {
            if let last = pieces.last, last.count < 5 {
                pieces[pieces.count - 1] = last + String(character)
            } else {
                pieces.append(String(character))
            }
        }
        return [.head()] + pieces.map { .word($0) } + [.end(), .done, .close]
    }
}
