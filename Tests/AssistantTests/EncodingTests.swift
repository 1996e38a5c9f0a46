import Encoder
import Foundation
import Knowledge
import Retrieval
import Synchronization
import Testing

@testable import Assistant

/// A reply takes each text to the encoder once.
@Suite("Encoding a message")
struct EncodingTests {
    /// An encoder that counts, and finds everything as alike as words in common.
    private final class Counter: Sendable {
        private let calls = Mutex<[[String]]>([])
        /// What was encoded, call by call.
        var batches: [[String]] { calls.withLock { $0 } }
        func add(_ queries: [String]) { calls.withLock { $0.append(queries) } }
    }

    private struct Counting: SecondEvidence {
        let counter: Counter
        let count: Int
        func encode(_ queries: [String]) -> [Embedding] {
            counter.add(queries)
            return queries.map { _ in Embedding(values: [1]) }
        }
        func similarities(to query: Embedding) -> [Float] { [Float](repeating: 0.2, count: count) }
    }

    private let counter = Counter()
    private let assistant: Assistant

    init() throws {
        let root = RepositoryAssistant.root
        let articles = try Corpus(directory: root.appending(path: "Corpus")).articles.filter { $0.language == "en" }
        let counter = counter
        assistant = Assistant(
            prompts: try Fixture.prompts.get(),
            index: SearchIndex(
                articles: articles,
                lexicon: try Lexicon(directory: root.appending(path: "Prompts/search"))
            ) { texts, _ in Counting(counter: counter, count: texts.count) }
        )
    }

    private func context(_ topics: [String] = [], offered: [String] = []) -> ReplyContext {
        var state = ConversationState()
        state.turns = 1
        state.lastTopics = topics
        state.offeredTopics = offered
        return RepositoryAssistant.context(state: state)
    }

    @Test(
        arguments: [
            ("how do I pay my bill", [], []), ("How do I cancel my appointment and how do I pay my bill?", [], []),
            ("I was ill since January. How do I cancel? Can I book another visit? what does it cost", [], []),
            ("and how do I cancel it?", ["booking"], []), ("why?", ["booking"], []),
            ("the second one", [], ["booking", "coping-panic"]),
            ("my dog died and I need to move my visit", [], []), ("zzz qqq xxx", [], []),
            ("I feel low. I do not sleep. My work is hard. Nothing helps. My car broke.", [], []),
            ("can I pay with 4111 1111 1111 1111? how do I reset my password?", [], []),
        ] as [(String, [String], [String])]
    )
    func `no text is encoded twice`(_ text: String, _ topics: [String], _ offered: [String]) {
        _ = assistant.reply(to: text, in: context(topics, offered: offered))
        let texts = counter.batches.flatMap { $0 }
        #expect(texts.count == Set(texts).count, "\(counter.batches)")
    }

    @Test func `the questions of a message go to the encoder together`() {
        _ = assistant.reply(to: "How do I cancel my appointment? How do I pay my bill?", in: context())
        #expect(counter.batches.first?.count == 2, "\(counter.batches)")
    }

    @Test func `answered once more with more to say, nothing is encoded again`() {
        var context = context()
        context.encoded = EncodedQueries()
        let first = assistant.reply(to: "When is my next appointment?", in: context)
        let made = counter.batches.count
        #expect(made > 0)
        context.liveFields["next_appointment"] = "March 4, 2025"
        let second = assistant.reply(to: "When is my next appointment?", in: context)
        #expect(counter.batches.count == made)
        #expect(first.topics.first == second.topics.first)
        _ = assistant.reply(to: "When is my next appointment?", in: self.context())
        #expect(counter.batches.count == 2 * made, "another reply begins anew")
    }

    @Test func `what says nothing is not encoded`() {
        for text in ["", "the of and", "🙂", "hello"] { _ = assistant.reply(to: text, in: context()) }
        #expect(counter.batches.isEmpty, "\(counter.batches)")
    }
}
