public import ArgumentParser
import Foundation
import Knowledge
import Portal
public import Retrieval

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
    ///
    /// - Parameter ranking: nil ranks by words and, where there is a sentence encoder, by it too.
    func searchIndex(ranking: Ranking? = nil) throws -> SearchIndex {
        do {
            return SearchIndex(
                articles: try Retrieval.Corpus(directory: try corpus).articles,
                lexicon: try Lexicon(directory: try search),
                ranking: ranking ?? .both,
                secondEvidence: try secondEvidence(ranking)
            )
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
    }
}

extension KnowledgeOptions {
    /// What the sentence encoder adds to a ranking. Nil when the ranking is by words alone, or when there is no encoder
    /// and none was asked for by name.
    func secondEvidence(_ ranking: Ranking?) throws -> SecondEvidenceMaker? {
        guard ranking != .lexical else { return nil }
        let folder = try encoderFolder
        switch EncoderState(folder: folder) {
        case .ready(let encoder): return EncodedTexts(encoder: encoder).secondEvidence
        case .broken(let error): throw failure(.dataError, "\(error)")
        case .absent:
            guard ranking == nil, encoder == nil || encoder == "none" else {
                throw failure(
                    .noInput,
                    "There is no sentence encoder at \(folder?.path ?? "all"). Run Scripts/fetch-encoder, or name its folder with --encoder."
                )
            }
            return nil
        }
    }
}

extension Ranking: ExpressibleByArgument {}
