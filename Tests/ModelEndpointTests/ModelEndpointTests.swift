import Assistant
import Foundation
import Portal
import Support
import Synchronization
import Testing

@testable import ModelEndpoint

/// The endpoint against a real server on this machine that misbehaves in every way a server can.
@Suite("The model endpoint")
struct ModelEndpointTests {
    private let request = WordingRequest(
        system: "Answer.",
        user: "Passages: \"x\"\nQuestion: ¿qué?",
        promptVersion: "1",
        language: "en"
    )

    private final class Heard: Sendable {
        private let pieces = Mutex("")
        var text: String { pieces.withLock { $0 } }
        func add(_ text: String) { pieces.withLock { $0 += text } }
    }

    private func endpoint(_ server: ModelServer, word: Duration = .seconds(20), total: Duration = .seconds(30)) throws
        -> ModelEndpoint
    {
        var settings = try ModelSettings(url: server.url, model: "test-model", key: "k-123")
        settings.wordTimeout = word
        settings.totalTimeout = total
        settings.connectTimeout = .seconds(5)
        if word < .seconds(5) { settings.connectTimeout = .seconds(1) }
        settings.mostBytes = 200_000
        return ModelEndpoint(settings)
    }

    /// What was heard of a script, and how it ended.
    private func hear(
        _ script: [ModelServer.Step],
        word: Duration = .seconds(20),
        total: Duration = .seconds(30),
        until: String? = nil
    ) async throws -> (text: String, failure: ModelFailure?) {
        try await ModelServer.run(script) { server in
            let heard = Heard()
            do {
                try await endpoint(server, word: word, total: total).write(request) { text in
                    heard.add(text)
                    return until.map { !heard.text.contains($0) } ?? true
                }
                return (heard.text, nil)
            } catch let failure as ModelFailure {
                return (heard.text, failure)
            }
        }
    }

    // MARK: - The protocol

    @Test func `the request is what such servers take, with the key where it belongs`() async throws {
        try await ModelServer.run(.saying("Hello.")) { server in
            try await endpoint(server).write(request) { _ in true }
            let sent = try #require(server.requests.first)
            #expect(sent.head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
            #expect(sent.head.lowercased().contains("authorization: bearer k-123"))
            #expect(!sent.body.contains("k-123"))
            let body = try #require(
                try JSONSerialization.jsonObject(with: Data(sent.body.utf8)) as? [String: Any]
            )
            #expect(body["model"] as? String == "test-model" && body["stream"] as? Bool == true)
            #expect(body["max_tokens"] as? Int == 300)
            let messages = try #require(body["messages"] as? [[String: String]])
            #expect(messages.map { $0["role"] } == ["system", "user"])
            #expect(messages.last?["content"] == request.user)
            #expect(Set(body.keys) == ["model", "messages", "stream", "temperature", "max_tokens"])
            #expect(server.count == 1)
        }
    }

    @Test func `the text comes as it was said`() async throws {
        let text = "Año nuevo 😀, \"quoted\" \\ and\nlines."
        let (heard, failure) = try await hear(.saying(text))
        #expect(heard == text && failure == nil)
    }

    @Test func `pieces may be cut anywhere, also within a sign, and chunked`() async throws {
        let event = "data: {\"choices\":[{\"delta\":{\"content\":\"ñandú 😀\"}}]}\r\n\r\n"
        let bytes = Array((": hello\r\n\r\n" + event + "data: [DONE]\r\n\r\n").utf8)
        let head: [ModelServer.Step] = [.head(more: "Transfer-Encoding: chunked\r\n")]
        let chunks: [ModelServer.Step] = bytes.map { .send(Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8)) }
        let (heard, failure) = try await hear(head + chunks + [.text("0\r\n\r\n"), .close])
        #expect(heard == "ñandú 😀" && failure == nil)
    }

    @Test func `calls of tools, other choices, empty and unknown events say nothing`() async throws {
        let (heard, failure) = try await hear([
            .head(),
            .text("data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n"),
            .text(
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"name\":\"send\",\"arguments\":\"{}\"}}]}}]}\n\n"
            ),
            .text("data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\n"),
            .text("data: {\"choices\":[]}\n\n"), .text("data: {\"usage\":{\"total_tokens\":5}}\n\n"),
            .text("event: ping\ndata: {}\n\n"),
            .word("Yes"), .end(), .word("after"), .done, .close,
        ])
        #expect(heard == "Yes" && failure == nil)
    }

    @Test func `it stops as soon as no more is wanted, and hangs up`() async throws {
        try await ModelServer.run([.head(), .word("one "), .word("two "), .stall]) { server in
            let heard = Heard()
            try await endpoint(server).write(request) { text in
                heard.add(text)
                return !heard.text.contains("two")
            }
            #expect(heard.text == "one two ")
            await server.waitForClose()
        }
    }

    @Test func `who goes away takes the request along`() async throws {
        try await ModelServer.run([.head(), .word("one "), .stall]) { server in
            let (words, said) = AsyncStream.makeStream(of: String.self)
            let endpoint = try endpoint(server)
            let request = request
            let task = Task {
                try await endpoint.write(request) { text in
                    said.yield(text)
                    return true
                }
            }
            for await _ in words { break }
            task.cancel()
            await server.waitForClose()
            let result = await task.result
            #expect(throws: CancellationError.self) { try result.get() }
        }
    }

    // MARK: - Misbehaviour

    @Test(arguments: [
        ("500 Internal Server Error", "", ModelFailure.refused), ("401 Unauthorized", "", .refused),
        ("404 Not Found", "", .refused), ("429 Too Many Requests", "Retry-After: 17\r\n", .busy(retryAfter: 17)),
        ("429 Too Many Requests", "", .busy(retryAfter: nil)),
        ("429 Too Many Requests", "Retry-After: Wed, 21 Oct 2065 07:28:00 GMT\r\n", .busy(retryAfter: nil)),
        ("503 Service Unavailable", "Retry-After: 2\r\n", .busy(retryAfter: 2)), ("204 No Content", "", .refused),
        ("206 Partial Content", "", .refused),
    ])
    func `another status than 200 is no answer`(status: String, more: String, expected: ModelFailure) async throws {
        let (heard, failure) = try await hear([.head(status: status, more: more), .word("Hello."), .done, .close])
        #expect(heard.isEmpty && failure == expected)
    }

    @Test func `a redirection is not followed`() async throws {
        try await ModelServer.run(.saying("evil")) { elsewhere in
            for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
                let (heard, failure) = try await hear([
                    .head(status: status, more: "Location: \(elsewhere.url)/chat/completions\r\n"), .close,
                ])
                #expect(heard.isEmpty && failure == .refused)
            }
            #expect(elsewhere.count == 0)
        }
    }

    @Test(arguments: ["text/html", "application/json", "text/event-streams", "", "multipart/text/event-stream"])
    func `another kind of content is no answer`(type: String) async throws {
        let (heard, failure) = try await hear([.head(type: type), .word("Hello."), .done, .close])
        #expect(heard.isEmpty && failure == .garbled)
    }

    @Test func `packed content is no answer, lest a little unpack to a lot`() async throws {
        let (_, failure) = try await hear([.head(more: "Content-Encoding: gzip\r\n"), .word("x"), .done, .close])
        #expect(failure == .garbled)
    }

    @Test(arguments: [
        "data: {\n\n", "data: not json\n\n", "data: []\n\n", "data: {\"choices\":5}\n\n", "data: \n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":5}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"\\uD800\"}}]}\n\n",
        "data: \u{0}\n\n", "data: [DONE\n\n",
    ])
    func `what is no event of the protocol ends it`(event: String) async throws {
        let (heard, failure) = try await hear([.head(), .word("One. "), .text(event), .word("Two."), .done, .close])
        #expect(heard == "One. " && failure == .garbled)
    }

    @Test func `bytes that are no text end it`() async throws {
        let bad =
            Array("data: {\"choices\":[{\"delta\":{\"content\":\"".utf8) + [0xFF, 0xC3] + Array("\"}}]}\n\n".utf8)
        let (heard, failure) = try await hear([.head(), .send(bad), .done, .close])
        #expect(failure == .garbled || heard.contains("\u{FFFD}"))
    }

    @Test func `an error inside the answer ends it`() async throws {
        let (heard, failure) = try await hear([
            .head(), .word("One. "), .text("data: {\"error\":{\"message\":\"overloaded\"}}\n\n"), .close,
        ])
        #expect(heard == "One. " && failure == .refused)
    }

    @Test(arguments: ["length", "content_filter", "tool_calls", "whatever"])
    func `an answer that did not end of itself is broken off`(reason: String) async throws {
        let (heard, failure) = try await hear([.head(), .word("One. Two"), .end(reason), .done, .close])
        #expect(heard == "One. Two" && failure == .brokenOff)
    }

    @Test func `a connection that closes early is broken off`() async throws {
        #expect(try await hear([.head(), .word("One. "), .close]).failure == .brokenOff)
        #expect(
            try await hear([.head(more: "Content-Length: 5000\r\n"), .word("One. "), .close]).failure == .brokenOff
        )
        #expect(try await hear([.close]).failure == .unreachable)
        #expect(try await hear([.text("HTTP/1.1 200"), .close]).failure == .unreachable)
        #expect(try await hear([.text("220 smtp.example ESMTP\r\n"), .close]).failure == .unreachable)
    }

    @Test func `nobody there is unreachable`() async throws {
        let url = try await ModelServer.run { $0.url }
        let endpoint = ModelEndpoint(try ModelSettings(url: url, model: "m", key: nil))
        await #expect(throws: ModelFailure.unreachable) { try await endpoint.write(request) { _ in true } }
    }

    @Test func `a server that is not encrypted where it should be is unreachable`() async throws {
        try await ModelServer.run(.saying("Hello.")) { server in
            let url = server.url.replacing("http://", with: "https://")
            var settings = try ModelSettings(url: url, model: "m", key: "k-123")
            settings.connectTimeout = .seconds(1)
            let endpoint = ModelEndpoint(settings)
            await #expect(throws: ModelFailure.self) { try await endpoint.write(request) { _ in true } }
            #expect(server.count == 0)
        }
    }

    // MARK: - Without an end

    private static let short: Duration = .seconds(1)

    @Test func `a server that says nothing is late`() async throws {
        #expect(try await hear([.stall], word: Self.short).failure == .late)
        #expect(try await hear([.head(), .stall], word: Self.short).failure == .late)
    }

    @Test func `one that stalls on the way is late, and what it said was heard`() async throws {
        let (heard, failure) = try await hear([.head(), .word("One. "), .stall], word: Self.short)
        #expect("One. ".hasPrefix(heard) && failure == .late)
    }

    @Test func `comments and empty events do not make it any earlier`() async throws {
        let beats: [ModelServer.Step] = [.head(), .sendForEver(Array(": beat\n\n".utf8))]
        let failure = try await hear(beats, word: Self.short).failure
        #expect(failure == .late || failure == .flooded)
    }

    @Test func `one that goes on for ever ends`() async throws {
        let word = Array("data: {\"choices\":[{\"delta\":{\"content\":\"a \"}}]}\n\n".utf8)
        let failure = try await hear([.head(), .sendForEver(word)], total: .seconds(10)).failure
        #expect(failure == .flooded || failure == .late)
        // Slowly, it ends by time.
        #expect(try await hear([.head(), .word("a "), .stall], total: Self.short).failure == .late)
    }

    @Test func `one line without an end ends`() async throws {
        let failure = try await hear([.head(), .text("data: "), .sendForEver(Array(repeating: 65, count: 4096))])
            .failure
        #expect(failure == .flooded)
        let header = try await hear([.text("HTTP/1.1 200 OK\r\nX: "), .sendForEver(Array(repeating: 65, count: 4096))])
            .failure
        #expect(header == .unreachable)
    }
}
