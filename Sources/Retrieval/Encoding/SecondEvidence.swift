/// A second judgement of how alike a query and texts are, beside the words they share: a sentence encoder's cosine.
///
/// Where there is one, the score of a text is its similarity plus ``SecondEvidenceWeight/lexical`` times the word evidence
/// as part of what the query could attain, which is 0…1.
public protocol SecondEvidence: Sendable {
    /// Similarity to `query`, −1…1, of every text that this was made for, in their order.
    func similarities(to query: String) -> [Float]
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
