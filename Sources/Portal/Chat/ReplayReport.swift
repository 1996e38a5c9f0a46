public import Records

/// How a reply, made again from what is kept, compares with the reply that was given. Holds no word of either.
public struct ReplayReport: Sendable, Hashable, Codable {
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// Made again, it is the same in every part.
        case identical = "IDENTICAL"
        /// Made again, it is another; ``differences`` says in what.
        case differs = "DIFFERS"
        /// Not everything that it was made of is here, so that it was not made again; ``missing`` says what. Its quotations
        /// are as they stand in the versions that they are from.
        case notRerun = "NOT_RERUN"
        /// It was stored by an older program in a shape of its own.
        case unreadable = "UNREADABLE"
    }

    /// A quotation of the reply.
    public struct Quotation: Sendable, Hashable, Codable {
        /// Place in the reply, from 1.
        public let number: Int
        public let article: String
        public let version: Int
        public let language: String
        public let passage: String
        /// Whether its words are those of the passage in the version that was quoted, byte for byte.
        public let isSame: Bool
    }

    /// The versions that the reply was made by.
    public struct Versions: Sendable, Hashable, Codable {
        public let rules: String
        public let wording: String
        public let lexicon: String
        public let ranking: String
        public let encoder: String?
        public let articles: String?
        /// What said it in other words.
        public let rewordedBy: String?
    }

    /// The assistant's message.
    public let message: ID<ChatMessage>
    public let verdict: Verdict
    /// Parts of the reply, by their names.
    public let differences: [String]
    /// What it was made of and is not here, in sentences.
    public let missing: [String]
    /// What else has to be known to judge the comparison, in sentences.
    public let notes: [String]
    public let quotations: [Quotation]
    /// Nil for a reply of an older program, which did not keep them.
    public let madeBy: Versions?
}

/// The words of a reply, for somebody who gave a reason.
public struct ShownReplay: Sendable, Hashable, Codable {
    public let question: String
    public let reply: String
    /// As it is made again; nil where it was not.
    public let again: String?
}
