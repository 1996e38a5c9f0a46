internal import COpenBLAS
internal import Crypto
public import Foundation

/// Turns sentences into vectors whose direction is their meaning: a BERT-family encoder that runs inside the process.
///
/// Loads a sentence-transformers folder of the shape of all-MiniLM-L6-v2: `config.json`, `tokenizer.json` (WordPiece) and
/// `model.safetensors`, with mean or first-token pooling. An immutable value: any number of threads may use it at once, each
/// on its own core.
public struct SentenceEncoder: Sendable {
    /// Which model this is: a name, and a SHA-256 over weights, tokenizer and how they are used. Vectors of encoders with
    /// the same identity can be compared; others cannot.
    public let identity: String
    /// SHA-256 of the weights alone, in hexadecimal: what a ``TokenHead`` was trained on.
    public let weightsDigest: String
    /// Components of each vector.
    public var dimension: Int { model.shape.hidden }
    /// Tokens of a text that are read; what follows is ignored.
    public var longestText: Int { tokenizer.longestText }

    private let model: BertModel
    private let tokenizer: WordPieceTokenizer
    private let pooling: SentenceConfiguration.Pooling

    /// Tokens that are computed together: enough for the matrix products to run at full speed, few enough for the cache.
    private static let batch = 256

    /// Loads the model. Takes some tenths of a second; the files are read once and may go afterwards.
    ///
    /// - Throws: an ``EncoderError`` that names the file, or the tensor, and what is wrong with it.
    public init(folder: URL) throws(EncoderError) {
        let folder = ModelFolder(url: folder)
        let shape = try ModelConfiguration(folder)
        let sentences = try SentenceConfiguration(folder, positions: shape.positions)
        let tokenizerData = try folder.data(ModelFolder.tokenizer)
        let file = try TokenizerFile(
            tokenizerData,
            vocabularySize: shape.vocabulary,
            lowercases: sentences.lowercases
        )
        tokenizer = try WordPieceTokenizer(file, longestText: sentences.longestText)
        pooling = sentences.pooling
        let weights = try folder.data(ModelFolder.weights)
        model = try BertModel(SafeTensors(weights, file: ModelFolder.weights), shape: shape)

        let ofWeights = SHA256.hash(data: weights)
        weightsDigest = ofWeights.hexadecimal
        var digest = SHA256()
        digest.update(data: Data(ofWeights))
        digest.update(data: Data(SHA256.hash(data: tokenizerData)))
        digest.update(data: Data("\(sentences.longestText) \(sentences.pooling.rawValue)".utf8))
        identity = "\(shape.name) \(digest.finalize().hexadecimal)"
        // The server decides how many run at once; threads of the library's own would only get in the way.
        openblas_set_num_threads(1)
    }

    /// What the encoder makes of one text.
    public struct Reading: Sendable, Hashable {
        /// Its meaning, a vector of length 1.
        public let embedding: Embedding
        /// The scores of a ``TokenHead``; empty where none was asked for.
        public let scores: [Float]
    }

    /// The vectors of `texts`, in their order, each of length 1.
    ///
    /// Never fails: an empty text has a vector too, and of a text longer than ``longestText`` the beginning counts.
    public func embed(_ texts: [String]) -> [Embedding] { read(texts).map(\.embedding) }

    /// The vector of one text.
    public func embed(_ text: String) -> Embedding {
        model.read([tokenizer.ids(of: text)], pooling: pooling)[0].embedding
    }

    /// The vectors of `texts` and, in the same pass, what `head` reads in them. A head that was trained on another encoder
    /// reads nothing.
    public func read(_ texts: [String], with head: TokenHead? = nil) -> [Reading] {
        let head = head.flatMap { fits($0) ? $0 : nil }
        var readings: [Reading] = []
        readings.reserveCapacity(texts.count)
        var waiting: [[Int32]] = []
        var tokens = 0
        func flush() {
            readings += model.read(waiting, pooling: pooling, head: head)
            waiting.removeAll(keepingCapacity: true)
            tokens = 0
        }
        for text in texts {
            let ids = tokenizer.ids(of: text)
            if !waiting.isEmpty, tokens + ids.count > Self.batch { flush() }
            waiting.append(ids)
            tokens += ids.count
        }
        if !waiting.isEmpty { flush() }
        return readings
    }

    /// Whether `head` was trained on this encoder.
    public func fits(_ head: TokenHead) -> Bool {
        head.encoder == weightsDigest && head.hidden == model.shape.hidden && head.lastLayer <= model.shape.layers
    }

    /// The ids of the tokens that the model is given for `text`, `[CLS]` and `[SEP]` included.
    public func tokens(of text: String) -> [Int32] { tokenizer.ids(of: text) }
}

extension SHA256.Digest {
    fileprivate var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
