import ArgumentParser
import Foundation
import Knowledge
import Retrieval

struct CorpusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus",
        abstract: "Check, search, import and export the articles that the assistant answers from.",
        subcommands: [CorpusCheck.self, CorpusSearch.self, CorpusImportCommand.self, CorpusExportCommand.self]
    )
}

extension KnowledgeOptions {
    /// Synonyms, stop words and the rules for articles.
    var search: URL { get throws { try prompts.appending(path: "search", directoryHint: .isDirectory) } }

    /// The articles, indexed.
    func searchIndex() throws -> SearchIndex {
        do {
            return SearchIndex(
                articles: try Retrieval.Corpus(directory: try corpus).articles,
                lexicon: try Lexicon(directory: try search)
            )
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
    }
}
