/// All that a language model is told for one answer: the prompts, the passages that the answer quotes, and the question
/// without what is private. Nothing of the client's record and nothing of the conversation is in it.
public struct WordingRequest: Sendable, Hashable {
    public let system: String
    public let user: String
    /// Version of the prompts.
    public let promptVersion: String
    /// Language of the passages, in which the answer has to be.
    public let language: String

    public init(system: String, user: String, promptVersion: String, language: String) {
        self.system = system
        self.user = user
        self.promptVersion = promptVersion
        self.language = language
    }
}

/// What is kept with a reply that a language model put into words.
public struct ModelWording: Sendable, Codable, Hashable {
    public enum Ending: String, Sendable, Codable, CaseIterable {
        /// Every sentence of the model is shown.
        case complete
        /// It ended early, or a sentence was not fit to be shown: what the article says follows.
        case cut
    }

    /// The model's name, as it was configured.
    public let model: String
    public let promptVersion: String
    public let ending: Ending
    /// The reply as the assistant would have given it without the model.
    public let quoted: [ReplyParagraph]
}

extension Reply {
    /// As the assistant gave it, before a language model put it into other words.
    public var asQuoted: Reply { wording.map { saying($0.quoted) } ?? self }
}
