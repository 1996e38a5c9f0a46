public import Encoder

/// A second judgement of how alike a query and texts are, beside the words they share: a sentence encoder's cosine.
///
/// Where there is one, the score of a text is its similarity plus ``SecondEvidenceWeight/lexical`` times the word evidence
/// as part of what the query could attain, which is 0…1.
public protocol SecondEvidence: Sendable {
    /// The vectors of queries, in their order. Making them is what takes time: several at once take less than one by one.
    func encode(_ queries: [String]) -> [Embedding]

    /// Similarity to a query, −1…1, of every text that this was made for, in their order.
    func similarities(to query: Embedding) -> [Float]
}

extension SecondEvidence {
    /// Similarity of every text to `query`. What `encoded` holds of it is not made again.
    public func similarities(to query: String, reusing encoded: EncodedQueries? = nil) -> [Float] {
        let vectors = encoded?.vectors(of: [query], by: self) ?? encode([query])
        return vectors.first.map(similarities) ?? []
    }
}

/// Makes the second evidence for texts of one language; nil where there is none for this language.
public typealias SecondEvidenceMaker = (_ texts: [String], _ language: Language) -> (any SecondEvidence)?

/// How word evidence and second evidence are weighed.
public enum SecondEvidenceWeight {
    public static let lexical: Float = 0.4
}

/// What texts are ranked by.
public enum Ranking: String, Sendable, Hashable, CaseIterable {
    /// The words that query and text share.
    case lexical
    /// The sentence encoder alone.
    case encoder
    /// Both.
    case both
}
