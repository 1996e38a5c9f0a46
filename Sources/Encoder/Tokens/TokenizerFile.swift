internal import Foundation

/// What `tokenizer.json` says, as far as a BERT tokenizer goes. Anything else in it is refused rather than ignored.
struct TokenizerFile {
    static let file = ModelFolder.tokenizer

    let vocabulary: [String: Int]
    let unknown: Int32
    let first: Int32
    let last: Int32
    let continuation: String
    let longestWord: Int
    let normalization: TextNormalizer.Options
    /// Tokens that stand for themselves in a text, such as `[MASK]`.
    let literals: [(text: String, id: Int32)]

    /// - Parameter vocabularySize: ids are below this.
    init(_ data: Data, vocabularySize: Int, lowercases: Bool) throws(EncoderError) {
        let document = try ModelFolder.decode(Document.self, from: data, file: Self.file)
        func malformed(_ reason: String) -> EncoderError { .malformed(file: Self.file, reason: reason) }
        func unsupported(_ reason: String) -> EncoderError { .unsupported(file: Self.file, reason: reason) }

        let model = document.model
        if let type = model.type, type != "WordPiece" { throw unsupported("its model is \(type)") }
        guard document.normalizer.type == "BertNormalizer" else {
            throw unsupported("its normalizer is \(document.normalizer.type)")
        }
        guard document.pre_tokenizer.type == "BertPreTokenizer" else {
            throw unsupported("its pre-tokenizer is \(document.pre_tokenizer.type)")
        }
        guard model.vocab.values.allSatisfy({ (0..<vocabularySize).contains($0) }) else {
            throw malformed("model.vocab has an id that the weights do not have")
        }
        // Strings that differ only in how accents are coded are one key; the ids then have a gap.
        let ids = Set(model.vocab.values)
        guard ids.count == model.vocab.count, ids.count == (ids.max() ?? -1) + 1 else {
            throw malformed("model.vocab has ids twice or leaves ids out")
        }
        func id(_ token: String) throws(EncoderError) -> Int32 {
            guard let id = model.vocab[token].flatMap(Int32.init(exactly:)) else {
                throw malformed("model.vocab lacks \(token)")
            }
            return id
        }
        unknown = try id(model.unk_token)
        first = try id("[CLS]")
        last = try id("[SEP]")
        guard (1...10_000).contains(model.max_input_chars_per_word ?? 100) else {
            throw malformed("model.max_input_chars_per_word is not 1…10000")
        }
        longestWord = model.max_input_chars_per_word ?? 100
        continuation = model.continuing_subword_prefix ?? "##"
        vocabulary = model.vocab

        var literals: [(text: String, id: Int32)] = []
        for token in document.added_tokens ?? [] where !token.content.isEmpty {
            guard !token.single_word, !token.lstrip, !token.rstrip, !token.normalized else {
                throw unsupported("its added token \(token.content) takes more than its own letters")
            }
            guard (0..<vocabularySize).contains(token.id), let id = Int32(exactly: token.id) else {
                throw malformed("its added token \(token.content) has an id that the weights do not have")
            }
            literals.append((token.content, id))
        }
        self.literals = literals
        let lowercase = document.normalizer.lowercase ?? true
        normalization = TextNormalizer.Options(
            cleansText: document.normalizer.clean_text ?? true,
            spacesIdeographs: document.normalizer.handle_chinese_chars ?? true,
            stripsAccents: document.normalizer.strip_accents ?? lowercase,
            lowercases: lowercase || lowercases
        )
    }

    // Named as in the file.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Document: Decodable {
        let added_tokens: [AddedToken]?
        let normalizer: Normalizer
        let pre_tokenizer: PreTokenizer
        let model: Model

        struct AddedToken: Decodable {
            let id: Int
            let content: String
            let single_word: Bool
            let lstrip: Bool
            let rstrip: Bool
            let normalized: Bool
        }

        struct Normalizer: Decodable {
            let type: String
            let clean_text: Bool?
            let handle_chinese_chars: Bool?
            let strip_accents: Bool?
            let lowercase: Bool?
        }

        struct PreTokenizer: Decodable {
            let type: String
        }

        struct Model: Decodable {
            let type: String?
            let unk_token: String
            let continuing_subword_prefix: String?
            let max_input_chars_per_word: Int?
            let vocab: [String: Int]
        }
    }
}
