/// What `config.json` says of the shape of a BERT model. Every number is within bounds.
struct ModelConfiguration {
    static let file = "config.json"

    let name: String
    let hidden: Int
    let layers: Int
    let heads: Int
    let intermediate: Int
    let positions: Int
    let vocabulary: Int
    let types: Int
    let epsilon: Float

    var headSize: Int { hidden / heads }

    init(_ folder: ModelFolder) throws(EncoderError) {
        let document = try folder.json(Document.self, from: Self.file)
        func unsupported(_ reason: String) -> EncoderError { .unsupported(file: Self.file, reason: reason) }
        if let type = document.model_type, type != "bert" { throw unsupported("it is a model of type \(type)") }
        if let act = document.hidden_act, act != "gelu" { throw unsupported("its activation is \(act)") }
        if let kind = document.position_embedding_type, kind != "absolute" {
            throw unsupported("its positions are \(kind)")
        }
        // Far above any model of this kind, and low enough that no size computed from them overflows.
        try Self.check("hidden_size", document.hidden_size, in: 16...8_192)
        try Self.check("num_hidden_layers", document.num_hidden_layers, in: 1...96)
        try Self.check("num_attention_heads", document.num_attention_heads, in: 1...256)
        try Self.check("intermediate_size", document.intermediate_size, in: 16...65_536)
        try Self.check("max_position_embeddings", document.max_position_embeddings, in: 3...65_536)
        try Self.check("vocab_size", document.vocab_size, in: 1...4_000_000)
        try Self.check("type_vocab_size", document.type_vocab_size, in: 1...16)
        guard document.hidden_size.isMultiple(of: 16), document.intermediate_size.isMultiple(of: 16) else {
            throw unsupported("a width is not a multiple of 16")
        }
        guard document.hidden_size.isMultiple(of: document.num_attention_heads) else {
            throw .malformed(file: Self.file, reason: "num_attention_heads does not divide hidden_size")
        }
        let epsilon = document.layer_norm_eps ?? 1e-12
        guard epsilon >= 0, epsilon < 1 else { throw .malformed(file: Self.file, reason: "layer_norm_eps is not 0…1") }
        name = document._name_or_path?.split(separator: "/").last.map(String.init) ?? "bert"
        hidden = document.hidden_size
        layers = document.num_hidden_layers
        heads = document.num_attention_heads
        intermediate = document.intermediate_size
        positions = document.max_position_embeddings
        vocabulary = document.vocab_size
        types = document.type_vocab_size
        self.epsilon = epsilon
    }

    private static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(EncoderError) {
        guard range.contains(value) else {
            throw .malformed(file: file, reason: "\(name) is \(value), not \(range.lowerBound)…\(range.upperBound)")
        }
    }

    // Named as in the file.
    // swift-format-ignore: AlwaysUseLowerCamelCase, NoLeadingUnderscores
    private struct Document: Decodable {
        let _name_or_path: String?
        let model_type: String?
        let hidden_act: String?
        let position_embedding_type: String?
        let hidden_size: Int
        let num_hidden_layers: Int
        let num_attention_heads: Int
        let intermediate_size: Int
        let max_position_embeddings: Int
        let vocab_size: Int
        let type_vocab_size: Int
        let layer_norm_eps: Float?
    }
}
