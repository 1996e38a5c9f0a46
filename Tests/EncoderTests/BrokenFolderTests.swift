import Foundation
import Testing

@testable import Encoder

/// A broken or hostile folder gives an error that names the file and what is wrong, never a crash.
struct BrokenFolderTests {
    private func fault(_ damage: (TinyModel) throws -> Void) throws -> EncoderError? {
        let model = try TinyModel()
        defer { model.remove() }
        try damage(model)
        do {
            _ = try SentenceEncoder(folder: model.folder)
            return nil
        } catch {
            return error
        }
    }

    private func weightsFault(_ data: Data) throws -> EncoderError? {
        try fault { try $0.write("model.safetensors", data) }
    }

    @Test
    func `The folder that the other tests damage is sound`() throws {
        #expect(try fault { _ in } == nil)
    }

    @Test(arguments: ["config.json", "tokenizer.json", "model.safetensors"])
    func `A missing file is named`(_ file: String) throws {
        let error = try fault { try FileManager.default.removeItem(at: $0.folder.appending(path: file)) }
        guard case .unreadable(let path) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(path.hasSuffix(file))
    }

    @Test(arguments: [0, 1, 7])
    func `Weights that end before their length are refused`(_ count: Int) throws {
        let error = try weightsFault(Data(repeating: 0, count: count))
        #expect(error == .malformed(file: "model.safetensors", reason: "it is shorter than 8 bytes"))
    }

    @Test
    func `Weights that end within their table are refused`() throws {
        let error = try weightsFault(TinyModel.file(table: Data("{}".utf8), length: 3))
        #expect(error == .malformed(file: "model.safetensors", reason: "it ends within its table"))
    }

    @Test(arguments: [UInt64.max, UInt64.max - 7, UInt64(Int64.max), UInt64(Int64.max) - 8, 100_000_001])
    func `A table that claims an impossible length is refused`(_ length: UInt64) throws {
        let error = try weightsFault(TinyModel.file(table: Data("{}".utf8), length: length))
        #expect(error == .malformed(file: "model.safetensors", reason: "its table claims \(length) bytes"))
    }

    @Test(arguments: [
        "", "null", "[]", "{", #"{"a": 1}"#, #"{"a": {"dtype": "F32"}}"#, "\u{0}\u{0}",
        #"{"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}}"#,
        #"{"a": {"dtype": "F32", "shape": [99999999999999999999], "data_offsets": [0, 4]}}"#,
    ])
    func `A table that is not one of tensors is refused`(_ table: String) throws {
        guard case .malformed("model.safetensors", _) = try weightsFault(TinyModel.file(table: Data(table.utf8))) else {
            return #expect(Bool(false))
        }
    }

    @Test
    func `A table of a million brackets is refused`() throws {
        let table = Data(repeating: UInt8(ascii: "["), count: 1_000_000)
        guard case .malformed = try weightsFault(TinyModel.file(table: table)) else { return #expect(Bool(false)) }
    }

    /// What one tensor's entry says, and what the error says of it.
    static let entries: [(dtype: String, shape: [Int], offsets: [Int], reason: String)] = [
        ("I64", [16, 16], [0, 1024], "its numbers are I64, not F32 or F16"),
        ("BF16", [16, 16], [0, 512], "its numbers are BF16, not F32 or F16"),
        ("F32", [16, 15], [0, 960], "its shape is [16, 15], not [16, 16]"),
        ("F32", [256], [0, 1024], "its shape is [256], not [16, 16]"),
        ("F32", [], [0, 4], "its shape is [], not [16, 16]"),
        ("F32", [-16, -16], [0, 1024], "its shape is [-16, -16], not [16, 16]"),
        ("F32", [16, 16], [0, 1023], "it has 1023 bytes, not 1024"),
        ("F16", [16, 16], [0, 1024], "it has 1024 bytes, not 512"),
        ("F32", [16, 16], [0], "it has not two offsets"),
        ("F32", [16, 16], [], "it has not two offsets"),
        ("F32", [16, 16], [-1024, 0], "it lies outside of the file"),
        ("F32", [16, 16], [1024, 0], "it lies outside of the file"),
        ("F32", [16, 16], [0, .max], "it lies outside of the file"),
        ("F32", [16, 16], [.max - 1024, .max], "it lies outside of the file"),
        ("F32", [16, 16], [.min, .max], "it lies outside of the file"),
        ("F32", [16, 16], [1_000_000, 1_001_024], "it lies outside of the file"),
    ]

    @Test(arguments: entries)
    func `A tensor that is not what it must be is named`(
        _ entry: (dtype: String, shape: [Int], offsets: [Int], reason: String)
    ) throws {
        let name = "encoder.layer.0.attention.self.key.weight"
        let data = try TinyModel.weights(edit: { table in
            table[name] =
                ["dtype": entry.dtype, "shape": entry.shape, "data_offsets": entry.offsets] as [String: Any]
        })
        #expect(try weightsFault(data) == .tensor(name: name, file: "model.safetensors", reason: entry.reason))
    }

    @Test(arguments: TinyModel.shapes.map(\.name))
    func `A missing tensor is named`(_ name: String) throws {
        let data = try TinyModel.weights(edit: { $0[name] = nil })
        #expect(try weightsFault(data) == .tensor(name: name, file: "model.safetensors", reason: "it is missing"))
    }

    @Test(arguments: [Float.nan, .infinity])
    func `Weights that are no numbers are refused`(_ value: Float) throws {
        let data = try TinyModel.weights(value: { $0 == 300 ? value : 0.5 })
        guard case .tensor(_, _, "it holds numbers that are not finite") = try weightsFault(data) else {
            return #expect(Bool(false))
        }
    }

    @Test
    func `Truncated anywhere, the weights are refused`() throws {
        let whole = try TinyModel.weights()
        for count in stride(from: 0, to: whole.count, by: 131) {
            #expect(try weightsFault(Data(whole.prefix(count))) != nil, "\(count) bytes")
        }
    }

    @Test(arguments: [
        ["hidden_size": "0"], ["hidden_size": "-16"], ["hidden_size": "9223372036854775807"], ["hidden_size": "24"],
        ["num_attention_heads": "0"], ["num_attention_heads": "3"], ["num_hidden_layers": "1000000000"],
        ["vocab_size": "99999999999"], ["max_position_embeddings": "1"], ["layer_norm_eps": "-1"],
        ["hidden_act": #""relu""#], ["model_type": #""mpnet""#], ["position_embedding_type": #""relative_key""#],
        ["hidden_size": #""16""#], ["intermediate_size": "null"],
    ])
    func `A configuration out of bounds is refused`(_ change: [String: String]) throws {
        switch try fault({ try $0.write("config.json", TinyModel.configuration(change)) }) {
        case .malformed("config.json", _), .unsupported("config.json", _): break
        case let other: Issue.record("\(String(describing: other))")
        }
    }

    @Test(arguments: [
        "", "{}", "[", #"{"model": {"vocab": []}}"#,
        #"{"normalizer": null, "pre_tokenizer": null, "model": {"unk_token": "a", "vocab": {}}}"#,
    ])
    func `A tokenizer file of another form is refused`(_ text: String) throws {
        guard case .malformed("tokenizer.json", _) = try fault({ try $0.write("tokenizer.json", text) }) else {
            return #expect(Bool(false))
        }
    }

    @Test(arguments: [
        ["[UNK]": 0, "[CLS]": 1],  // no [SEP]
        ["[UNK]": 0, "[CLS]": 1, "[SEP]": 10],  // an id beyond the weights
        ["[UNK]": -1, "[CLS]": 1, "[SEP]": 0],
        ["[UNK]": 0, "[CLS]": 1, "[SEP]": 1],  // an id twice
        ["[CLS]": 0, "[SEP]": 1],
        [:],
    ])
    func `A vocabulary that does not fit the weights is refused`(_ vocabulary: [String: Int]) throws {
        let error = try fault { try $0.write("tokenizer.json", TinyModel.tokenizer(vocabulary: vocabulary)) }
        guard case .malformed("tokenizer.json", _) = error else { return #expect(Bool(false)) }
    }

    @Test
    func `Another kind of tokenizer is refused`() throws {
        let error = try fault { try $0.write("tokenizer.json", TinyModel.tokenizer(normalizer: "NFKC")) }
        #expect(error == .unsupported(file: "tokenizer.json", reason: "its normalizer is NFKC"))
    }

    @Test(arguments: [
        ("modules.json", #"[{"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]"#),
        ("1_Pooling/config.json", #"{"pooling_mode_max_tokens": true}"#),
        ("sentence_bert_config.json", #"{"max_seq_length": 9}"#),
        ("sentence_bert_config.json", #"{"max_seq_length": 2}"#),
    ])
    func `A way of making one vector that is not known is refused`(_ file: String, _ text: String) throws {
        let error = try fault { model in
            try FileManager.default.createDirectory(
                at: model.folder.appending(path: "1_Pooling"),
                withIntermediateDirectories: true
            )
            try model.write(file, text)
        }
        switch error {
        case .unsupported(file, _), .malformed(file, _): break
        case let other: Issue.record("\(String(describing: other))")
        }
    }
}
