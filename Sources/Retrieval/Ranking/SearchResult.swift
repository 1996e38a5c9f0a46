/// Where in an article a word was found.
public enum EvidenceField: String, Sendable, Hashable, Codable, CaseIterable {
    case title, question, heading, body
}

/// What one word of the query contributed to a hit.
public struct TermEvidence: Sendable, Hashable, Codable {
    /// How the word of the query and the word of the article are the same.
    public enum Way: String, Sendable, Hashable, Codable {
        /// The same word, or another form of it.
        case exact
        /// Written together or apart: "sign in", "sign-in", "signin".
        case joined
        /// Through a group of the lexicon.
        case synonym
        /// Corrected spelling.
        case spelling
    }

    /// As typed.
    public var typed: String
    /// The indexed form that was found: a stem, or `~sense` for a group of the lexicon.
    public var analyzed: String
    public var way: Way
    /// Where it, or anything else that the word may stand for, was found.
    public var fields: [EvidenceField]
    /// Its part of the article's word evidence, 0…1; the parts of all words sum to at most 1.
    public var contribution: Double
}

/// A passage of a hit and how well it fits the query.
public struct RankedPassage: Sendable, Hashable, Codable {
    public var passage: Passage
    /// 0…about 1; comparable within one search.
    public var score: Double
}

/// An article that a search found.
public struct Hit: Sendable {
    public var article: Article
    /// Orders the hits of one search; not comparable between searches.
    public var score: Double
    /// How likely this article answers the query, 0…1. See ``SearchResult/Threshold``.
    public var confidence: Double
    /// All passages of the article, the one to quote first.
    public var passages: [RankedPassage]
    /// The sample question nearest to the query, if one shares a word with it.
    public var bestQuestion: String?
    /// What each word of the query contributed, in the order typed. Words that were not found are not here.
    public var explanation: [TermEvidence]
}

/// What a search found, and how it understood the query.
public struct SearchResult: Sendable {
    /// What confidence means. Measured on the English articles: of the sample questions asked while left out of the index,
    /// nine in ten of those above ``answer`` found their own article, and nine in ten of all that did were above
    /// ``clarify``; of forty invented questions about other subjects one was above ``answer``, four above ``clarify``.
    public enum Threshold {
        /// Answer from here up.
        public static let answer = 0.45
        /// Say that nothing was found below; from here up to ``answer``, offer the best titles as a question back.
        public static let clarify = 0.25
    }

    /// Best first.
    public var hits: [Hit]
    /// The words that counted, as analyzed.
    public var terms: [String]
    /// Words, as typed, that no article holds in any form.
    public var unknownTerms: [String]
    /// Words that were read as another one: as typed, and as read.
    public var corrections: [Correction]
    /// Only the first ``SearchIndex/longestQuery`` words were read.
    public var wasTruncated: Bool

    public struct Correction: Sendable, Hashable, Codable {
        public var typed: String
        public var read: String
    }
}
