// Times the sentence encoder on one core: loading, a question of ten words alone, and many questions at once.
// Usage: EncoderBenchmark [encoder folder]. For a comparison with numpy in the same minute:
// python3 Sources/EncoderBenchmark/numpy-encoder.py [encoder folder]

import Encoder
import Foundation
import Measuring

let folder = URL(filePath: CommandLine.arguments.dropFirst().first ?? "../.encoder", directoryHint: .isDirectory)
let question = "How do I change the time of my next appointment?"

do {
    var loading = Times()
    let loaded = loading.measure { Result { () throws(EncoderError) in try SentenceEncoder(folder: folder) } }
    let encoder = try loaded.get()
    print("loading \(encoder.identity): \(loading.summary)")

    var cutting = Times()
    for _ in 0..<1000 { _ = cutting.measure { encoder.tokens(of: question) } }
    print("tokens of a question: \(cutting.summary)")

    for _ in 0..<20 { _ = encoder.embed(question) }
    var embedding = Times()
    for _ in 0..<500 { _ = embedding.measure { encoder.embed(question) } }
    print("a question of ten words, \(encoder.tokens(of: question).count) tokens: \(embedding.summary)")

    let many = (0..<1000).map { "\(question) \($0)" }
    let tokens = many.reduce(0) { $0 + encoder.tokens(of: $1).count }
    var indexing = Times()
    for _ in 0..<3 { _ = indexing.measure { encoder.embed(many) } }
    print("1000 questions, \(tokens) tokens: \(indexing.summary)")

    let long = String(repeating: "I worry a lot. ", count: 100)
    var reading = Times()
    for _ in 0..<20 { _ = reading.measure { encoder.embed(long) } }
    print("a text of \(encoder.longestText) tokens: \(reading.summary)")
} catch {
    print(error)
    exit(66)
}
