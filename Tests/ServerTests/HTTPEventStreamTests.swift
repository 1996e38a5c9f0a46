import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import Server

@Suite struct HTTPEventStreamTests {
    private static let streaming: HTTPFields = [.accept: "text/html;q=0.1, Text/Event-Stream"]

    @Test func `a client that asks for events gets them, byte by byte`() async throws {
        for setup in [TestingSetup.router, .live] {
            try await Toy.application().test(setup) { client in
                let answer = try await client.ask(
                    #"{"text": "Hello \"my\nfriend\"", "is_anonymous": false, "score": 1}"#,
                    headers: Self.streaming
                )
                #expect(answer.status == 200)
                #expect(answer.headers[.contentType] == "text/event-stream")
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[named: "X-Accel-Buffering"] == "no")
                #expect(
                    answer.text == """
                        id: 0
                        event: word
                        data: {"text":"Hello"}

                        id: 1
                        event: word
                        data: {"text":"\\"my\\nfriend\\""}

                        event: done
                        data: first
                        data: second
                        data: third


                        """
                )
            }
        }
    }

    @Test func `the same endpoint answers everybody else with JSON`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.ask(
                #"{"text": "Hello", "is_anonymous": false, "score": 1}"#,
                headers: [.accept: "application/json"]
            )
            #expect(answer.status == 201)
            #expect(answer.json["text"] == "Hello")
        }
    }

    @Test func `what is wrong before the stream begins is a problem like any other`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.ask("{}", headers: Self.streaming)
            #expect(answer.status == 422)
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    @Test func `an error in the middle is the last event, without its content`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.ask(
                #"{"text": "Well boom never", "is_anonymous": false, "score": 1}"#,
                headers: Self.streaming
            )
            let events = answer.text.split(separator: "\n\n")
            #expect(events.count == 2)
            #expect(events.last?.hasPrefix("event: problem\ndata: {") == true)
            #expect(events.last?.contains("urn:bellwether:problem:unexpected") == true)
            #expect(!answer.text.contains("sad"))
        }
    }

    @Test(arguments: [
        (ServerSentEvent(name: "a", data: "x", id: nil), "event: a\ndata: x\n\n"),
        (
            ServerSentEvent(name: "a\nevent: b", data: "x\r\ny\rz\n", id: "1\r\n\0id: 2"),
            "id: 1id: 2\nevent: aevent: b\ndata: x\ndata: y\ndata: z\ndata: \n\n"
        ),
        (ServerSentEvent(name: "a", data: "", id: nil), "event: a\ndata: \n\n"),
        (
            ServerSentEvent(name: "a", data: "data: x\n\nevent: forged", id: nil),
            "event: a\ndata: data: x\ndata: \ndata: event: forged\n\n"
        ),
    ])
    func `no content can begin a field or another event`(event: ServerSentEvent, bytes: String) {
        #expect(String(decoding: event.bytes, as: UTF8.self) == bytes)
    }

    @Test func `a stream's body has the endpoint's own limit`() async throws {
        try await Toy.application().test(.live) { client in
            let answer = try await client.send(.post, "/api/v1/streams", bytes: [UInt8](repeating: 1, count: 500_000))
            #expect(answer.text == "event: size\ndata: 500000\n\n")
        }
    }

    @Test func `a silent stream is kept alive`() async throws {
        let endpoint = Route(.get, "/events", "Silent", access: .anyone).streams { _ in
            let (beats, beat) = AsyncStream.makeStream(of: Void.self)
            let pauses = Mutex(0)
            return EventStream(heartbeat: .seconds(15)) { length in
                #expect(length == .seconds(15))
                let count = pauses.withLock { count in
                    count += 1
                    return count
                }
                guard count > 2 else { return }
                // Two heartbeats are on their way; the third pause lasts.
                beat.finish()
                try await Task.sleep(for: .seconds(3600))
            } produce: { events in
                for await _ in beats {}
                try events.send("end", text: "")
            }
        }
        try await Toy.application([endpoint]).test(.router) { client in
            let answer = try await client.send(.get, "/events")
            #expect(answer.text == ": heartbeat\n\n: heartbeat\n\nevent: end\ndata: \n\n")
        }
    }

    @Test func `events that nobody fetches are not hoarded`() throws {
        let (stream, queue) = AsyncStream.makeStream(
            of: [UInt8].self,
            bufferingPolicy: .bufferingOldest(EventSender.backlog)
        )
        let sender = EventSender(queue: queue)
        for _ in 0..<EventSender.backlog { try sender.send("tick", text: "x") }
        #expect(throws: ListenerLost.self) { try sender.send("tick", text: "x") }
        _ = stream
    }

    @Test(.timeLimit(.minutes(1))) func `the producer ends when the client goes away, and the log is none the wiser`()
        async throws
    {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (ended, end) = AsyncStream.makeStream(of: Bool.self)
        let endpoint = Route(.get, "/events", "Endless", access: .anyone).streams { _ in
            EventStream(heartbeat: .seconds(3600)) { events in
                begin.finish()
                do {
                    try await Task.sleep(for: .seconds(3600))
                } catch {
                    end.yield(Task.isCancelled)
                    throw error
                }
            }
        }
        let book = LogBook()
        try await Toy.application([endpoint], logger: book.logger).test(.live) { client in
            let listener = TestClient(host: "localhost", port: try #require(client.port))
            listener.connect()
            try await listener.executeAndDontWaitForResponse(.init("/events", method: .get, authority: "localhost"))
            for await _ in begun {}
            try await listener.shutdown()
            var iterator = ended.makeAsyncIterator()
            #expect(await iterator.next() == true)
        }
        #expect(!book.lines.contains { $0.hasPrefix("error") || $0.hasPrefix("warning") })
    }

    @Test(.timeLimit(.minutes(1))) func `a stopping service ends its streams`() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let endpoint = Route(.get, "/events", "Endless", access: .anyone).streams { _ in
            EventStream { events in
                try events.send("hello", text: "x")
                begin.finish()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        // Returns while the stream is open, which stops the server; it could not stop if the stream went on.
        let listening = try await Toy.application([endpoint]).test(.live) { client in
            let listener = TestClient(host: "localhost", port: try #require(client.port))
            listener.connect()
            let listening = Task {
                let answer = try await listener.execute(.init("/events", method: .get, authority: "localhost"))
                try await listener.shutdown()
                return answer.body.map { String(buffer: $0) }
            }
            for await _ in begun {}
            return listening
        }
        #expect(try await listening.value == "event: hello\ndata: x\n\n")
    }
}
