import Foundation

/// A model folder of a few kilobytes, written for one test, that a test can damage.
struct TinyModel {
    static let width = 16
    static let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "##b", "hello", "##lo", "!"]

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "tiny-encoder-\(UUID().uuidString)",
            directoryHint: .isDirectory
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("config.json", Self.configuration())
        try write("tokenizer.json", Self.tokenizer())
        try write("model.safetensors", Self.weights())
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func write(_ file: String, _ text: String) throws { try write(file, Data(text.utf8)) }

    func write(_ file: String, _ data: Data) throws { try data.write(to: folder.appending(path: file)) }

    static func configuration(_ changes: [String: String] = [:]) -> String {
        var fields = [
            "model_type": #""bert""#, "hidden_act": #""gelu""#, "hidden_size": "16", "num_hidden_layers": "1",
            "num_attention_heads": "2", "intermediate_size": "32", "max_position_embeddings": "8", "vocab_size": "10",
            "type_vocab_size": "2", "layer_norm_eps": "1e-12",
        ]
        fields.merge(changes) { $1 }
        return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}"
    }

    static func tokenizer(vocabulary: [String: Int]? = nil, normalizer: String = "BertNormalizer") throws -> String {
        let words = Dictionary(uniqueKeysWithValues: Self.words.enumerated().map { ($1, $0) })
        let table = try JSONSerialization.data(withJSONObject: vocabulary ?? words, options: .sortedKeys)
        return """
            {"added_tokens": [], "normalizer": {"type": "\(normalizer)"}, "pre_tokenizer": {"type": "BertPreTokenizer"},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": \(String(decoding: table, as: UTF8.self))}}
            """
    }

    static let shapes: [(name: String, shape: [Int])] = {
        let layer = "encoder.layer.0"
        var shapes: [(String, [Int])] = [
            ("embeddings.word_embeddings.weight", [10, width]),
            ("embeddings.position_embeddings.weight", [8, width]),
            ("embeddings.token_type_embeddings.weight", [2, width]),
        ]
        for name in ["embeddings.LayerNorm", "\(layer).attention.output.LayerNorm", "\(layer).output.LayerNorm"] {
            shapes += [("\(name).weight", [width]), ("\(name).bias", [width])]
        }
        for part in ["self.query", "self.key", "self.value", "output.dense"] {
            shapes += [
                ("\(layer).attention.\(part).weight", [width, width]), ("\(layer).attention.\(part).bias", [width]),
            ]
        }
        shapes += [("\(layer).intermediate.dense.weight", [32, width]), ("\(layer).intermediate.dense.bias", [32])]
        shapes += [("\(layer).output.dense.weight", [width, 32]), ("\(layer).output.dense.bias", [width])]
        return shapes
    }()

    /// Small whole multiples of 1/64, which binary16 holds exactly.
    private static func value(_ number: Int) -> Float { Float((number * 2_654_435 % 97) - 48) / 64 }

    /// - Parameter edit: changes the table before it is written.
    static func weights(
        halves: Bool = false,
        value: (Int) -> Float = value,
        edit: (inout [String: Any]) -> Void = { _ in }
    ) throws -> Data {
        var table: [String: Any] = ["__metadata__": ["format": "pt"]]
        var bytes = Data()
        var number = 0
        for (name, shape) in shapes {
            let start = bytes.count
            for _ in 0..<shape.reduce(1, *) {
                if halves {
                    withUnsafeBytes(of: half(value(number)).littleEndian) { bytes.append(contentsOf: $0) }
                } else {
                    withUnsafeBytes(of: value(number).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
                }
                number += 1
            }
            table[name] =
                ["dtype": halves ? "F16" : "F32", "shape": shape, "data_offsets": [start, bytes.count]] as [String: Any]
        }
        edit(&table)
        return try file(table: JSONSerialization.data(withJSONObject: table, options: .sortedKeys), bytes: bytes)
    }

    static func file(table: Data, length: UInt64? = nil, bytes: Data = Data()) -> Data {
        var data = Data()
        withUnsafeBytes(of: (length ?? UInt64(table.count)).littleEndian) { data.append(contentsOf: $0) }
        return data + table + bytes
    }

    /// For normal numbers that binary16 holds exactly, and 0.
    private static func half(_ value: Float) -> UInt16 {
        guard value != 0 else { return 0 }
        let bits = value.bitPattern
        let exponent = Int((bits >> 23) & 0xFF) - 112
        return UInt16(bits >> 31) << 15 | UInt16(exponent) << 10 | UInt16((bits >> 13) & 0x3FF)
    }
}
