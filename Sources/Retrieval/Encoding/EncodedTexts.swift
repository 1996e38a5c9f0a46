public import Encoder

/// Texts and their vectors, of one encoder: second evidence for English articles.
///
/// The encoder reads English only. Other languages are ranked by their words.
public struct EncodedTexts: Sendable {
    public let encoder: SentenceEncoder
    private var known: [String: Embedding]

    /// - Parameter known: vectors of this encoder that were made before.
    public init(encoder: SentenceEncoder, known: [String: Embedding] = [:]) {
        self.encoder = encoder
        self.known = known
    }

    /// Whether texts of this language have vectors.
    public static func reads(_ language: Language) -> Bool { language == .english }

    /// Remembers vectors that were made elsewhere.
    public mutating func add(_ texts: [String], _ embeddings: [Embedding]) {
        known.merge(zip(texts, embeddings)) { $1 }
    }

    /// Evidence that takes the known vectors and makes the others.
    public var secondEvidence: SecondEvidenceMaker {
        { texts, language in
            guard Self.reads(language) else { return nil }
            let missing = texts.filter { known[$0] == nil }
            var all = known
            all.merge(zip(missing, encoder.embed(missing))) { $1 }
            return EncoderEvidence(
                encoder: encoder,
                matrix: EmbeddingMatrix(texts.map { all[$0] ?? Embedding(values: []) }),
                known: all
            )
        }
    }
}

/// Cosines between a query and texts.
struct EncoderEvidence: SecondEvidence {
    /// Bytes of a query that are read: far more than the encoder has tokens for.
    private static let longestQuery = 16_384

    let encoder: SentenceEncoder
    let matrix: EmbeddingMatrix
    /// Vectors of the texts themselves: a query that is one of the sample questions, as when a draft is checked against all
    /// of them, is not encoded again.
    let known: [String: Embedding]

    func encode(_ queries: [String]) -> [Embedding] {
        let missing = queries.filter { known[$0] == nil }
        let made = Dictionary(zip(missing, encoder.embed(missing.map(Self.read)))) { first, _ in first }
        return queries.compactMap { known[$0] ?? made[$0] }
    }

    func similarities(to query: Embedding) -> [Float] { matrix.similarities(to: query) }

    /// What the encoder is given of a query.
    private static func read(_ query: String) -> String {
        guard query.utf8.count > longestQuery else { return query }
        return String(decoding: query.utf8.prefix(longestQuery), as: UTF8.self)
    }
}

extension Article {
    /// What the encoder reads of this article: each sample question, then each passage with its title and headings.
    public var encodedTexts: [String] { encodedTexts(passages) }

    func encodedTexts(_ passages: [Passage]) -> [String] {
        questions + passages.map { ([title] + $0.headingPath + [$0.text]).joined(separator: "\n") }
    }
}
