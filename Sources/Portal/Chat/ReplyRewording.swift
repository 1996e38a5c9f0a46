public import Assistant
public import Records

/// May say a chosen answer in other words before it is stored, as a model does.
///
/// Asked between choosing and storing, while nothing is locked; it may take its time and use the network, and answers for
/// its own limits on both. Whether anything may be sent anywhere, for this practice and this client, is its to find out.
/// Never asked about a reply that shows a crisis panel or quotes nothing.
public protocol ReplyRewording: Sendable {
    /// Other words for `chosen`; nil lets it go out as it is.
    func reword(_ chosen: ChosenReply) async -> Rewording?
}

/// A reply that was chosen and is not stored yet.
public struct ChosenReply: Sendable {
    /// The client's message, without what was taken out of it.
    public let message: String
    /// The embedded answer, which quotes the passages that it cites.
    public let reply: Reply
    public let language: String
    public let practiceID: ID<Practice>
    public let clientID: ID<Client>
}

/// What a reply says in place of its own paragraphs. Everything else of it stays: what it cites, links, next questions.
public struct Rewording: Sendable, Hashable {
    /// ``ReplyParagraph/citation`` counts in the reply's citations.
    public let paragraphs: [ReplyParagraph]
    /// What reworded it: a name and a version, as it stands in the record of the reply.
    public let author: String

    public init(paragraphs: [ReplyParagraph], author: String) {
        self.paragraphs = paragraphs
        self.author = author
    }
}
