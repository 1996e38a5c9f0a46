/// How a sentence-transformers folder turns a model's output into one vector: longest text, and pooling.
struct SentenceConfiguration {
    enum Pooling: String {
        /// The mean over all tokens.
        case mean
        /// The vector of the first token.
        case first
    }

    /// Tokens of a text that are read, `[CLS]` and `[SEP]` included.
    let longestText: Int
    let pooling: Pooling
    /// The text is lowercased before the tokenizer sees it.
    let lowercases: Bool

    init(_ folder: ModelFolder, positions: Int) throws(EncoderError) {
        let modules = try folder.optionalJSON([Module].self, from: "modules.json") ?? []
        var poolingFolder = "1_Pooling"
        for module in modules {
            switch module.type.split(separator: ".").last {
            case "Transformer", "Normalize": break
            case "Pooling": poolingFolder = module.path
            default: throw .unsupported(file: "modules.json", reason: "it has a module of type \(module.type)")
            }
        }
        let poolingFile = "\(poolingFolder)/config.json"
        let document = try folder.optionalJSON(PoolingDocument.self, from: poolingFile) ?? PoolingDocument()
        pooling = try document.pooling(file: poolingFile)

        let sentences = try folder.optionalJSON(SentenceDocument.self, from: "sentence_bert_config.json")
        let tokenizer = try folder.optionalJSON(TokenizerDocument.self, from: "tokenizer_config.json")
        lowercases = sentences?.do_lower_case ?? false
        if let length = sentences?.max_seq_length {
            guard (3...positions).contains(length) else {
                throw .malformed(file: "sentence_bert_config.json", reason: "max_seq_length is not 3…\(positions)")
            }
            longestText = length
        } else {
            // Transformers writes 1e30 for "no limit".
            longestText = max(3, Int(min(Double(positions), tokenizer?.model_max_length ?? .infinity)))
        }
    }

    private struct Module: Decodable {
        let path: String
        let type: String
    }

    // Named as in the files.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct PoolingDocument: Decodable {
        var pooling_mode_cls_token: Bool?
        var pooling_mode_mean_tokens: Bool?
        var pooling_mode_max_tokens: Bool?
        var pooling_mode_mean_sqrt_len_tokens: Bool?

        func pooling(file: String) throws(EncoderError) -> Pooling {
            if pooling_mode_max_tokens == true || pooling_mode_mean_sqrt_len_tokens == true {
                throw .unsupported(file: file, reason: "it pools neither the mean nor the first token")
            }
            switch (pooling_mode_mean_tokens ?? (pooling_mode_cls_token != true), pooling_mode_cls_token ?? false) {
            case (true, false): return .mean
            case (false, true): return .first
            case (true, true), (false, false):
                throw .unsupported(file: file, reason: "it does not pool either the mean or the first token")
            }
        }
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct SentenceDocument: Decodable {
        let max_seq_length: Int?
        let do_lower_case: Bool?
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct TokenizerDocument: Decodable {
        let model_max_length: Double?
    }
}
