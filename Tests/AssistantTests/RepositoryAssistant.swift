import Foundation
import Knowledge
import Retrieval

@testable import Assistant

/// The assistant over the repository's own prompts and articles, loaded once.
enum RepositoryAssistant {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let loaded = Result { () throws(KnowledgeError) in try load() }

    static var assistant: Assistant { get throws { try loaded.get() } }

    private static func load() throws(KnowledgeError) -> Assistant {
        let prompts = root.appending(path: "Prompts")
        return Assistant(
            prompts: try Prompts(directory: prompts),
            index: SearchIndex(
                articles: try Corpus(directory: root.appending(path: "Corpus")).articles,
                lexicon: try Lexicon(directory: prompts.appending(path: "search"))
            )
        )
    }

    static func context(_ language: String = "en", state: ConversationState = .init(), now: Double = 1_000_000)
        -> ReplyContext
    {
        ReplyContext(
            language: language,
            state: state,
            audience: Set(Audience.allCases),
            practiceName: "Elm House",
            now: now
        )
    }

    static func reply(_ text: String, language: String = "en", state: ConversationState = .init()) throws -> Reply {
        try assistant.reply(to: text, in: context(language, state: state))
    }

    /// The replies of one conversation.
    static func talk(_ messages: [String], language: String = "en") throws -> [Reply] {
        var state = ConversationState()
        return try messages.map { message in
            let reply = try reply(message, language: language, state: state)
            state = reply.state
            return reply
        }
    }
}
