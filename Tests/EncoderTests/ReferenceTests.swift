import Foundation
import Testing

@testable import Encoder

/// Against an implementation in Python that shares nothing with this one: Reference/make.py.
@Suite(.needsWeights)
struct ReferenceTests {
    struct Row: Decodable, Sendable, CustomTestStringConvertible {
        let text: String
        let ids: [Int32]
        let vector: Data

        var testDescription: String { "\(text.debugDescription.prefix(60))" }
    }

    static let rows: [Row] =
        (try? JSONDecoder().decode(
            [Row].self,
            from: Data(contentsOf: ModelUnderTest.reference.appending(path: "reference.json"))
        )) ?? []

    @Test
    func `The reference has texts of every kind`() {
        #expect(Self.rows.count >= 40)
    }

    @Test(arguments: rows)
    func `A text has the token ids of the Python library`(_ row: Row) throws {
        #expect(try ModelUnderTest.encoder.tokens(of: row.text) == row.ids)
    }

    @Test
    func `Every vector equals the reference's to one in ten thousand`() throws {
        let embeddings = try ModelUnderTest.encoder.embed(Self.rows.map(\.text))
        #expect(embeddings.count == Self.rows.count)
        var furthest: Float = 0
        for (row, embedding) in zip(Self.rows, embeddings) {
            let expected = try #require(Embedding(data: row.vector))
            let distance = zip(expected.values, embedding.values).map { abs($0 - $1) }.max() ?? .infinity
            #expect(distance < 1e-4, "\(row.testDescription)")
            #expect(abs(embedding.dot(embedding) - 1) < 1e-5)
            furthest = max(furthest, distance)
        }
        #expect(furthest < 5e-6, "the arithmetic itself is closer than the promise")
    }

    @Test
    func `Every character is cleaned and cut as the Python library does`() throws {
        let expected = try JSONDecoder().decode(
            [String].self,
            from: Data(contentsOf: ModelUnderTest.reference.appending(path: "characters.json"))
        )
        let normalizer = TextNormalizer(TextNormalizer.Options())
        for (number, digest) in expected.enumerated() {
            let block = UInt32(number) * 4096
            #expect(Self.digest(block..<block + 4096, normalizer) == digest, "block \(String(block, radix: 16))")
        }
    }

    /// FNV-1a over the words that become of each character between an "a" and a "b".
    private static func digest(_ codes: Range<UInt32>, _ normalizer: TextNormalizer) -> String {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for code in codes {
            guard let scalar = Unicode.Scalar(code), let age = scalar.properties.age, age.major <= 14,
                scalar.properties.generalCategory != .unassigned
            else { continue }
            var words: [String.UnicodeScalarView] = [.init()]
            for scalar in ["a", scalar, "b"] as [Unicode.Scalar] {
                normalizer.normalize(scalar) { piece in
                    switch piece {
                    case .letter(let letter): words[words.count - 1].append(letter)
                    case .space: words.append(.init())
                    case .punctuation(let mark): words += [.init([mark]), .init()]
                    }
                }
            }
            let text = words.filter { !$0.isEmpty }.map { String($0) }.joined(separator: "\u{1F}") + "\n"
            for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        let text = String(digest, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
