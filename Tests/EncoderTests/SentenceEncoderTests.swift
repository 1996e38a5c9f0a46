import Foundation
import Testing

@testable import Encoder

struct SentenceEncoderTests {
    private func tiny<Result>(_ body: (SentenceEncoder) throws -> Result) throws -> Result {
        let model = try TinyModel()
        defer { model.remove() }
        return try body(SentenceEncoder(folder: model.folder))
    }

    @Test(arguments: [
        ("", [2, 3]), ("hello", [2, 7, 3]), ("HELLO!", [2, 7, 9, 3]), ("abb", [2, 4, 6, 6, 3]), ("abc", [2, 1, 3]),
        ("a b", [2, 4, 5, 3]), ("hello a b a b a b a b", [2, 7, 4, 5, 4, 5, 4, 3]), ("a\u{0}b", [2, 4, 6, 3]),
    ])
    func `Words become the longest pieces of the vocabulary, up to the longest text`(_ text: String, _ ids: [Int32])
        throws
    {
        #expect(try tiny { $0.tokens(of: text) } == ids)
    }

    @Test
    func `Weights in 16 bits that hold the same numbers give the same vectors`() throws {
        let model = try TinyModel()
        defer { model.remove() }
        let single = try SentenceEncoder(folder: model.folder)
        try model.write("model.safetensors", TinyModel.weights(halves: true))
        let half = try SentenceEncoder(folder: model.folder)
        #expect(half.embed("hello a b") == single.embed("hello a b"))
        #expect(half.identity != single.identity)
    }

    @Test(
        arguments: [
            (0x0000, 0.0), (0x8000, -0.0), (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0001, 0x1p-24),
            (0x03FF, 0x1.FF8p-15), (0x3555, 0x1.554p-2), (0x7C00, .infinity), (0xFC00, -.infinity),
        ] as [(UInt16, Float)]
    )
    func `Every kind of 16-bit number is read`(_ bits: UInt16, _ value: Float) {
        #expect(HalfFloat.single(bits) == value)
        #expect(HalfFloat.single(bits).sign == value.sign)
    }

    @Test
    func `The identity is that of the content, not of the place`() throws {
        let one = try tiny { $0.identity }
        #expect(try tiny { $0.identity } == one)
        let other = try TinyModel()
        defer { other.remove() }
        try other.write("sentence_bert_config.json", #"{"max_seq_length": 5}"#)
        #expect(try SentenceEncoder(folder: other.folder).identity != one)
    }

    @Test
    func `Embeddings come in the order of the texts, whatever is computed beside them`() throws {
        try tiny { encoder in
            let texts = ["hello", "", "a", "b b b", "a!", "hello a b a b a b a b"]
            let many = (0..<300).map { texts[$0 % texts.count] }
            for (text, embedding) in zip(many, encoder.embed(many)) {
                #expect(zip(embedding.values, encoder.embed(text).values).allSatisfy { abs($0 - $1) < 1e-5 })
            }
            #expect(encoder.embed([]).isEmpty)
        }
    }

    @Test
    func `A folder whose pooling is the first token is followed`() throws {
        let model = try TinyModel()
        defer { model.remove() }
        let mean = try SentenceEncoder(folder: model.folder)
        try FileManager.default.createDirectory(
            at: model.folder.appending(path: "1_Pooling"),
            withIntermediateDirectories: true
        )
        try model.write(
            "1_Pooling/config.json",
            #"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#
        )
        let first = try SentenceEncoder(folder: model.folder)
        #expect(first.embed("hello a") != mean.embed("hello a"))
        #expect(abs(first.embed("hello a").dot(first.embed("hello a")) - 1) < 1e-5)
    }

    @Test(.needsWeights)
    func `A paraphrase is closer than a sentence that shares its words`() throws {
        let encoder = try ModelUnderTest.encoder
        let question = encoder.embed("How do I move my appointment to another day?")
        let paraphrase = encoder.embed("I need to reschedule my session")
        let sameWords = encoder.embed("How do I move my sofa to another room?")
        #expect(question.cosine(paraphrase) > question.cosine(sameWords) + 0.1)
        #expect(encoder.dimension == 384)
    }

    @Test(.needsWeights)
    func `Many threads at once get what one gets`() async throws {
        let encoder = try ModelUnderTest.encoder
        let texts = ["I cannot sleep", "Where is my bill?", "¿Cómo cambio mi cita?", "Is my therapist away next week?"]
        let alone = texts.map { encoder.embed($0) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { texts.map { encoder.embed($0) } == alone } }
            for await same in group { #expect(same) }
        }
    }

    @Test
    func `A vector survives storage, and bytes that are none are refused`() {
        let embedding = Embedding(values: [1, -0.5, 0, .leastNonzeroMagnitude, 3e38])
        #expect(Embedding(data: embedding.data) == embedding)
        #expect(Array(Embedding(values: [1]).data) == [0, 0, 0x80, 0x3F])
        #expect(Embedding(data: Data([1, 2, 3])) == nil)
        #expect(Embedding(data: Embedding(values: [.nan]).data) == nil)
        #expect(Embedding(data: embedding.data.dropFirst(4)) == Embedding(values: Array(embedding.values.dropFirst())))
    }

    @Test
    func `Vectors of different dimensions have nothing in common`() {
        #expect(Embedding(values: [1, 2]).dot(Embedding(values: [1])) == 0)
        #expect(Embedding(values: [0, 0]).cosine(Embedding(values: [1, 0])) == 0)
        #expect(Embedding(values: [3, 4]).cosine(Embedding(values: [6, 8])) == 1)
        let matrix = EmbeddingMatrix([Embedding(values: [1, 0]), Embedding(values: [0, 2]), Embedding(values: [1])])
        #expect(matrix.similarities(to: Embedding(values: [3, 4])) == [3, 8, 0])
        #expect(matrix.similarities(to: Embedding(values: [1, 2, 3])) == [0, 0, 0])
        #expect(EmbeddingMatrix([]).similarities(to: Embedding(values: [1])).isEmpty)
    }
}
