import Encoder
import Foundation
import Knowledge
import Testing

@testable import Retrieval

@Suite("Searching document collections")
struct CollectionIndexTests {
    private typealias Document = DocumentCollection.Document

    @Test func `scores equal a brute-force BM25F with closeness`() {
        var random = SeededGenerator(seed: 23)
        // Made-up words that no stemmer touches.
        let words = (0..<40).map { "k\($0)z" }
        func text(_ length: ClosedRange<Int>) -> [String] {
            (0..<Int.random(in: length, using: &random)).map { _ in
                words[min(Int.random(in: 0..<40, using: &random), Int.random(in: 0..<40, using: &random))]
            }
        }
        for _ in 0..<20 {
            let documents = (0..<30).map { _ in (title: text(0...4), text: text(0...40)) }
            let index = CollectionIndex(
                DocumentCollection(
                    documents: documents.enumerated().map { number, document in
                        Document(
                            id: "\(number)",
                            title: document.title.joined(separator: " "),
                            text: document.text.joined(separator: " ")
                        )
                    }
                )
            )
            for _ in 0..<10 {
                let query = text(1...5)
                let found = index.search(query.joined(separator: " "), limit: 1_000)
                let expected = BruteForce(documents: documents).scores(query)
                #expect(found.count == expected.count { $0 > 0 })
                for (id, score) in found {
                    let number = Int(id) ?? 0
                    #expect(abs(score - expected[number]) < 1e-3, "\(query)")
                }
                #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
            }
        }
    }

    private struct BruteForce {
        let documents: [(title: [String], text: [String])]

        func scores(_ query: [String]) -> [Double] {
            let count = Double(documents.count)
            let meanTitle = max(1, Double(documents.reduce(0) { $0 + $1.title.count }) / count)
            let meanText = max(1, Double(documents.reduce(0) { $0 + $1.text.count }) / count)
            let k = 1.2
            func rarity(_ word: String) -> Double {
                let holders = Double(documents.count { $0.title.contains(word) || $0.text.contains(word) })
                return log(1 + (count - holders + 0.5) / (holders + 0.5))
            }
            var order: [String] = []
            for word in query
            where !order.contains(word)
                && documents.contains(where: { $0.title.contains(word) || $0.text.contains(word) })
            {
                order.append(word)
            }
            func mass(_ word: String) -> Double { rarity(word) * Double(query.count { $0 == word }) }
            return documents.map { document in
                var score = 0.0
                for word in order {
                    let title =
                        2 * Double(document.title.count { $0 == word })
                        / (0.6 + 0.4 * Double(document.title.count) / meanTitle)
                    let text =
                        Double(document.text.count { $0 == word })
                        / (0.25 + 0.75 * Double(document.text.count) / meanText)
                    score += mass(word) * (title + text) / (title + text + k)
                }
                let places =
                    document.title.enumerated().map { ($0.offset, $0.element) }
                    + document.text.enumerated().map { ($0.offset + document.title.count + 16, $0.element) }
                for (first, second) in zip(order, order.dropFirst()) {
                    var closeness = 0.0
                    for (place, word) in places where word == first || word == second {
                        let other = word == first ? second : first
                        if let last = places.last(where: { $0.0 < place && $0.1 == other }), place - last.0 <= 8 {
                            closeness += 1 / Double((place - last.0) * (place - last.0))
                        }
                    }
                    score += 0.2 * min(mass(first), mass(second)) * closeness / (closeness + k)
                }
                return score
            }
        }
    }

    @Test func `words that stand together count more`() {
        let index = CollectionIndex(
            DocumentCollection(documents: [
                Document(id: "apart", text: "heart one two three four five six seven eight nine ten failure"),
                Document(id: "close", text: "one two three four five heart failure six seven eight nine ten"),
            ])
        )
        #expect(index.search("heart failure").map(\.id) == ["close", "apart"])
    }

    @Test(arguments: ["", "the of and", "🙂", "unheardof"])
    func `a query without known words finds nothing`(query: String) {
        let index = CollectionIndex(
            DocumentCollection(documents: [Document(id: "a", title: "Title", text: "Some text.")])
        )
        #expect(index.search(query).isEmpty)
        #expect(index.search("text", limit: 0).isEmpty)
        #expect(CollectionIndex(DocumentCollection(documents: [])).search(query).isEmpty)
    }

    @Test func `second evidence is fused with the lexical part`() {
        struct Fixed: SecondEvidence {
            func encode(_ queries: [String]) -> [Embedding] { queries.map { _ in Embedding(values: []) } }
            func similarities(to query: Embedding) -> [Float] { [0.1, 0.9, 0.2] }
        }
        let documents = ["alpha beta", "gamma delta", "alpha alpha"].enumerated().map {
            Document(id: "\($0)", text: $1)
        }
        let index = CollectionIndex(DocumentCollection(documents: documents), secondEvidence: { _, _ in Fixed() })
        let found = index.search("alpha")
        #expect(found.map(\.id) == ["1", "2", "0"])
        #expect(abs(found[0].score - 0.9) < 1e-6)
        #expect(found[1].score > 0.2 && found[1].score < 0.6)
    }

    @Test func `the best list equals sorting`() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<200 {
            let scores = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Float(Int.random(in: -3...9, using: &random))
            }
            let limit = Int.random(in: 0...20, using: &random)
            let expected = scores.indices.filter { scores[$0] > 0 }.sorted { (scores[$1], $0) < (scores[$0], $1) }
                .prefix(limit)
            #expect(BestList.best(limit, of: scores, above: 0) == Array(expected))
        }
    }
}

@Suite("JSON lines, judgments and figures")
struct EvaluationInputTests {
    private func documents(_ lines: String) throws(KnowledgeError) -> [DocumentCollection.Document] {
        try DocumentCollection(jsonLines: Data(lines.utf8), path: "d.jsonl").documents
    }

    @Test func `documents may lack a title, have numbers for ids, and blank lines between`() throws {
        let read = try documents("{\"id\":\"a\",\"title\":\"T\",\"text\":\"x\"}\r\n\n{\"_id\":7,\"text\":\"y\"}\n")
        #expect(read == [.init(id: "a", title: "T", text: "x"), .init(id: "7", text: "y")])
    }

    @Test(arguments: [
        ("{\"id\":\"a\",\"text\":\"x\"}\n{oops\n", "d.jsonl:2: error: the line is not valid JSON"),
        ("{\"id\":\"a\"}\n", "d.jsonl:1: error: the line has no `text`"),
        ("\n[1]\n", "d.jsonl:2: error: the line is no JSON object"),
        ("{\"id\":\"a\",\"text\":3}\n", "d.jsonl:1: error: `text` is not of the expected kind"),
        (
            "{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"a\",\"text\":\"x\"}\n",
            "d.jsonl:2: error: the id `a` is already on line 1"
        ),
    ])
    func `a faulty line is named`(lines: String, message: String) {
        let error = #expect(throws: KnowledgeError.self) { try documents(lines) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func `a line that is not UTF-8 is named`() {
        let data = Data("{\"id\":\"a\",\"text\":\"x\"}\n".utf8) + Data([0x7B, 0xFF, 0xFE, 0x7D])
        let error = #expect(throws: KnowledgeError.self) { try DocumentCollection(jsonLines: data, path: "d.jsonl") }
        #expect(error?.diagnostics.first?.line == 2)
        #expect(error?.diagnostics.first?.message == "the line is not UTF-8 text")
    }

    @Test(arguments: [
        "query-id\tcorpus-id\tscore\nq\td\t2\n", "q\td\t2", "q 0 d 2\n", "q\t0\td\t2\r\n\n",
    ])
    func `judgments are read with and without a header, in three or four columns`(text: String) throws {
        let judgments = try RelevanceJudgments(KnowledgeFile(path: "r.tsv", text: text))
        #expect(judgments.grades == ["q": ["d": 2]])
    }

    @Test func `a faulty judgment is named`() {
        let error = #expect(throws: KnowledgeError.self) {
            try RelevanceJudgments(KnowledgeFile(path: "r.tsv", text: "q\td\t1\nq\td\n"))
        }
        #expect(error?.diagnostics.first?.line == 2)
    }

    @Test func `figures agree with a calculation by hand`() {
        var metrics = RetrievalMetrics()
        metrics.add(ranking: ["x", "b", "a"], grades: ["a": 2, "b": 1, "c": 1, "x": 0])
        metrics.add(ranking: ["a"], grades: ["a": 0])
        // DCG 1/log2(3) + 2/log2(4) = 1.6309; ideal 2 + 1/log2(3) + 1/log2(4) = 3.1309.
        #expect(metrics.queries == 1)
        #expect(abs(metrics.ndcg - 1.630930 / 3.130930) < 1e-5)
        #expect(abs(metrics.recall - 2.0 / 3) < 1e-9)
        #expect(metrics.meanReciprocalRank == 0.5 && metrics.successAtOne == 0)
    }
}
