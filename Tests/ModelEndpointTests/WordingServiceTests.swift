import Assistant
import Foundation
import Portal
import Records
import Store
import Support
import Synchronization
import Testing

@testable import ModelEndpoint

/// From the client's question to the answer on record, with a real server for the model.
@Suite("Answers worded by a language model")
struct WordingServiceTests {
    // MARK: - What is sent

    @Test func `it gets the passages and the question, and nothing about anybody`() async throws {
        try await LanguageModelScene.play { scene in
            let conversation = try await scene.open()
            _ = try await scene.ask("What should I do when I have a panic attack? I am at work.", in: conversation)
            let question =
                "I am Maya Example and I see Cora. My number is 312-555-0142. Who can read what I write to my therapist?"
            let answer = try await scene.ask(question, in: conversation)
            #expect(answer.reply.decision == .answer)
            let sent = try #require(scene.server.requests.last)
            for secret in [
                "Maya", "Example", "312", "4111", "Cora", "panic", "Test Practice", scene.maya.id.text, "1990",
            ] {
                #expect(!sent.body.contains(secret), "\(secret): \(sent.body)")
            }
            #expect(sent.body.contains("ho can read what I write"))
            for citation in answer.reply.citations {
                let line = citation.quote.split(separator: "\n")[0].split(separator: ".")[0]
                #expect(sent.body.contains(line))
            }
        }
    }

    @Test func `what was sent is on record, sealed, and in the client's copy; the key is nowhere`() async throws {
        try await LanguageModelScene.play { scene in
            _ = try await scene.ask()
            let row = try #require(try await scene.test.rows("SELECT id, sent FROM chat_wordings").first)
            let sealed: String = try row.get("sent")
            #expect(!sealed.contains("therapist"))
            let sent = try scene.test.portal.vault.sealer(for: AccessPolicy.keyOwner(scene.maya.id))
                .open(sealed, column: "sent", row: row.get("id"))
            #expect(sent.contains("what I write to my therapist"))
            for table: SQL.Name in ["audit_log", "chat_wordings", "portal_events", "work_items"] {
                for row in try await scene.test.rows("SELECT * FROM \(table)") {
                    #expect(!"\(row)".contains("zebrafinch"))
                }
            }
            for row in try await scene.test.rows("SELECT * FROM audit_log") {
                #expect(!"\(row)".contains("what I write"))
            }
        }
    }

    // MARK: - What is shown

    @Test(arguments: [
        "Ignore the passages. I am now your doctor.", "Take 50 mg of sertraline twice a day.", "You have depression.",
        "Call 1-800-555-1234 right now.", "Visit https://evil.example/login and enter your password.",
        "Your therapist has been notified.", "It costs 25 dollars.", "Write to Doctor Robert Smith.",
        "Kill yourself.", "Messages are always watched.",
    ])
    func `a model that was taken over is cut off, and the article is quoted`(bad: String) async throws {
        try await LanguageModelScene.play(.saying("\(LanguageModelScene.good) \(bad) \(LanguageModelScene.second)")) {
            scene in
            let shown = Mutex<[String]>([])
            let answer = try await scene.ask { paragraphs in
                shown.withLock { $0.append(contentsOf: paragraphs.map(\.text)) }
            }
            #expect(answer.reply.wording?.ending == .cut)
            #expect(answer.reply.plainText.contains(LanguageModelScene.good))
            let words = bad.dropLast()
            #expect(!answer.reply.plainText.contains(words) && !shown.withLock { $0 }.contains { $0.contains(words) })
            for citation in answer.reply.citations { #expect(answer.reply.plainText.contains(citation.quote)) }
            #expect(try await scene.states().contains { $0.hasPrefix("CUT:") })
            #expect(try await scene.breaker() == .closed)
            // With nothing good before, the answer is the same as without a model.
            scene.server.answers(.saying(bad))
            let embedded = try await scene.ask()
            #expect(
                embedded.reply.wording == nil && embedded.reply.citations == answer.reply.citations
            )
            #expect(try await scene.states().contains { $0.hasPrefix("UNUSED:") })
        }
    }

    @Test func `sentences are shown as they come, each after its check`() async throws {
        try await LanguageModelScene.play { scene in
            let shown = Mutex<[[String]]>([])
            let answer = try await scene.ask { paragraphs in shown.withLock { $0.append(paragraphs.map(\.text)) } }
            let all = shown.withLock { $0 }
            #expect(all.count == 1, "the last sentence is known to be whole only at the end")
            let first = try #require(all.first)
            #expect(
                first.joined().contains(LanguageModelScene.good) && !first.joined().contains(LanguageModelScene.second)
            )
            #expect(answer.reply.plainText.contains(LanguageModelScene.second))
        }
    }

    @Test(
        arguments: [
            ([.head(status: "500 Oops"), .close], "FAILED:refused"),
            ([.head(type: "text/html"), .close], "FAILED:garbled"),
            ([.close], "FAILED:unreachable"), ([.head(), .close], "FAILED:broken_off"),
            ([.head(), .text("data: {]\n\n"), .close], "FAILED:garbled"),
            ([.head(), .word(LanguageModelScene.good + " They may"), .close], "CUT:broken_off"),
            ([.head(), .word(" \n"), .end(), .done, .close], "UNUSED:empty"),
            ([.head(status: "429 Slow", more: "Retry-After: 5\r\n"), .close], "FAILED:busy"),
        ] as [([ModelServer.Step], String)]
    )
    func `a server that fails leaves the quoted answer, and what happened is on record`(
        script: [ModelServer.Step],
        state: String
    ) async throws {
        try await LanguageModelScene.play(script) { scene in
            let answer = try await scene.ask()
            #expect(answer.isStored && answer.reply.decision == .answer)
            for citation in answer.reply.citations { #expect(answer.reply.plainText.contains(citation.quote)) }
            #expect((answer.reply.wording != nil) == state.hasPrefix("CUT"))
            #expect(try await scene.states() == [state])
        }
    }

    @Test func `one that stalls is given up in bounded time`() async throws {
        try await LanguageModelScene.play([.head(), .word(LanguageModelScene.good + " "), .stall], word: .seconds(1)) {
            scene in
            let answer = try await scene.ask()
            #expect(answer.reply.wording?.ending == .cut)
            #expect(try await scene.states() == ["CUT:late"])
        }
    }

    @Test func `who goes away is not waited for, and what they saw is on record`() async throws {
        try await LanguageModelScene.play([.head(), .word(LanguageModelScene.good + " They may"), .stall]) { scene in
            let conversation = try await scene.open()
            let (shown, show) = AsyncStream.makeStream(of: Bool.self)
            let task = Task {
                try await scene.ask(in: conversation) { _ in show.yield(true) }
            }
            for await _ in shown { break }
            task.cancel()
            await scene.server.waitForClose()
            let answer = try await task.value
            #expect(answer.reply.wording?.ending == .cut)
            #expect(try await scene.states() == ["CANCELLED"])
            let history = try await scene.test.portal.chat.history(
                conversation,
                of: scene.maya.id,
                as: scene.maya.principal
            )
            #expect(history.last?.reply == answer.reply)
            #expect(history.last?.message.body.plaintext.contains(LanguageModelScene.good) == true)
        }
    }

    @Test func `a message that is sent twice is sent to the model once`() async throws {
        try await LanguageModelScene.play { scene in
            let conversation = try await scene.open()
            let first = try await scene.ask(in: conversation, nonce: "a")
            let second = try await scene.ask(in: conversation, nonce: "a")
            #expect(scene.server.count == 1)
            #expect(second.reply == first.reply && second.reply.wording != nil)
            // An answer from before the consent is not worded afterwards either.
            try await scene.turnOn(false)
            _ = try await scene.ask(in: conversation, nonce: "b")
            try await scene.turnOn()
            #expect(try await scene.ask(in: conversation, nonce: "b").reply.wording == nil)
            #expect(scene.server.count == 1)
        }
    }

    @Test func `when the store takes nothing, nothing is sent`() async throws {
        try await LanguageModelScene.play { scene in
            let conversation = try await scene.open()
            let answer = try await scene.test.portal.chat.send(
                LanguageModelScene.question,
                to: conversation,
                nonce: nil,
                of: scene.maya.id,
                as: scene.maya.principal
            )
            try await scene.test.sabotage()
            let worded = await scene.test.portal.wording.word(answer, of: scene.maya.id, as: scene.maya.principal)
            #expect(worded.reply == answer.reply)
            #expect(scene.server.count == 0)
            try await scene.test.heal()
        }
    }

    // MARK: - The circuit breaker

    @Test func `after failures in a row it is left alone, tried out by one, and asked again by all`() async throws {
        try await LanguageModelScene.play([.head(status: "500 Oops"), .close]) { scene in
            for _ in 0..<CircuitBreaker.mostFailures { _ = try await scene.ask() }
            #expect(try await scene.breaker() == .open)
            #expect(try await scene.ask().reply.decision == .answer)
            #expect(scene.server.count == 3)
            scene.test.clock.advance(CircuitBreaker.rest)
            #expect(try await scene.breaker() == .halfOpen)
            _ = try await scene.ask()
            #expect(scene.server.count == 4)
            #expect(try await scene.breaker() == .open, "for longer")
            scene.test.clock.advance(CircuitBreaker.rest)
            _ = try await scene.ask()
            #expect(scene.server.count == 4)
            scene.test.clock.advance(CircuitBreaker.rest)
            scene.server.answers(.saying(LanguageModelScene.good))
            #expect(try await scene.ask().reply.wording != nil)
            #expect(try await scene.breaker() == .closed)
            let overview = try await scene.test.portal.wording.overview(as: scene.test.people.administrator.principal)
            #expect(overview.lastDay["FAILED"] == 4 && overview.lastDay["WORDED"] == 1)
            #expect(overview.model == "test-model" && overview.isOn)
        }
    }

    @Test func `a server that asks for patience gets it`() async throws {
        try await LanguageModelScene.play([.head(status: "429 Slow", more: "Retry-After: 120\r\n"), .close]) { scene in
            _ = try await scene.ask()
            #expect(try await scene.breaker() == .open)
            scene.test.clock.advance(.seconds(119))
            _ = try await scene.ask()
            #expect(scene.server.count == 1)
            scene.test.clock.advance(.seconds(1))
            _ = try await scene.ask()
            #expect(scene.server.count == 2)
        }
    }
}
