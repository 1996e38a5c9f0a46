import Foundation
import Testing

@testable import Encoder

/// A trained head over the encoder's layers reads what its training program reads, and never what it was not made for.
struct TokenHeadTests {
    /// A head of two scores for ``TinyModel``.
    private static func file(
        encoder: String,
        attentions: String = "2",
        shape: [Int] = [8, TinyModel.width],
        outputs: Int = 2,
        value: Float = 0.25,
        leavingOut: String? = nil
    ) throws -> Data {
        var table: [String: Any] = ["__metadata__": ["encoder": encoder, "attentions": attentions, "mean": "2"]]
        var bytes = Data()
        let shapes = [
            "layers.1.weight": shape, "bias": [6], "output.weight": [outputs, 6], "output.bias": [outputs],
        ]
        for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) where name != leavingOut {
            let start = bytes.count
            for place in 0..<shape.reduce(1, *) {
                let number = place.isMultiple(of: 3) ? value : -0.125
                withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
            table[name] = ["dtype": "F32", "shape": shape, "data_offsets": [start, bytes.count]]
        }
        return TinyModel.file(table: try JSONSerialization.data(withJSONObject: table), bytes: bytes)
    }

    private static func fault(_ data: Data) -> EncoderError? {
        do throws(EncoderError) {
            _ = try TokenHead(data: data, file: "head")
            return nil
        } catch {
            return error
        }
    }

    private struct Expected: Decodable {
        let text: String
        let scores: [Float]
    }

    @Test(.needsWeights)
    func `The shipped head reads what the program that trained it reads`() throws {
        let head = try TokenHead(
            data: Data(contentsOf: ModelUnderTest.root.appending(path: "Prompts/readings/head.safetensors")),
            file: "head.safetensors"
        )
        let expected = try JSONDecoder().decode(
            [Expected].self,
            from: Data(contentsOf: ModelUnderTest.reference.appending(path: "head.json"))
        )
        let readings = try ModelUnderTest.encoder.read(expected.map(\.text), with: head)
        for (reading, expected) in zip(readings, expected) {
            #expect(reading.scores.count == expected.scores.count)
            // The training program keeps states in 16 bits.
            for (score, other) in zip(reading.scores, expected.scores) {
                #expect(abs(score - other) < 0.03, "\(expected.text)")
            }
        }
    }

    @Test
    func `Texts that are read together score as each does alone`() throws {
        let model = try TinyModel()
        defer { model.remove() }
        let encoder = try SentenceEncoder(folder: model.folder)
        let head = try TokenHead(data: Self.file(encoder: encoder.weightsDigest), file: "head")
        let texts = ["hello", "a b", "", "b ! hello a"]
        let together = encoder.read(texts, with: head)
        #expect(together.map(\.embedding) == encoder.embed(texts))
        for (text, reading) in zip(texts, together) {
            let alone = encoder.read([text], with: head)[0].scores
            #expect(alone.count == 2)
            for (a, b) in zip(alone, reading.scores) { #expect(abs(a - b) < 1e-4) }
        }
        #expect(together[0].scores != together[3].scores)
    }

    @Test
    func `A head that was trained on another encoder reads nothing`() throws {
        let model = try TinyModel()
        defer { model.remove() }
        let encoder = try SentenceEncoder(folder: model.folder)
        let head = try TokenHead(data: Self.file(encoder: "another"), file: "head")
        #expect(encoder.read(["hello"], with: head)[0].scores.isEmpty)
        #expect(!encoder.fits(head))
    }

    @Test
    func `A head for wider states reads nothing`() throws {
        let model = try TinyModel()
        defer { model.remove() }
        let encoder = try SentenceEncoder(folder: model.folder)
        let head = try TokenHead(data: Self.file(encoder: encoder.weightsDigest, shape: [8, 32]), file: "head")
        #expect(!encoder.fits(head))
    }

    @Test(arguments: ["0", "-1", "", "many", "3", "257", "9223372036854775808"])
    func `Counts that do not fit the matrix are refused`(_ attentions: String) throws {
        let data = try Self.file(encoder: "any", attentions: attentions)
        #expect(Self.fault(data) != nil)
    }

    @Test(arguments: ["layers.1.weight", "bias", "output.weight", "output.bias"])
    func `A missing tensor is refused`(_ name: String) throws {
        let data = try Self.file(encoder: "any", leavingOut: name)
        #expect(Self.fault(data) != nil)
    }

    @Test(arguments: [Float.nan, .infinity])
    func `Numbers that are not finite are refused`(_ value: Float) throws {
        let data = try Self.file(encoder: "any", value: value)
        #expect(Self.fault(data) != nil)
    }

    @Test(arguments: [[0, 16], [8, 0], [8, 100_000], [100_000, 16], [8], [8, 16, 1]])
    func `A matrix of impossible size is refused`(_ shape: [Int]) throws {
        let data = try Self.file(encoder: "any", shape: shape.contains(100_000) ? shape.map { min($0, 5000) } : shape)
        #expect(Self.fault(data) != nil)
    }
}
