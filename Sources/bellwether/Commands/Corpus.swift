public import ArgumentParser
import Assistant
import Encoder
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
        try searchIndex(ranking: ranking, encoder: ranking == .lexical ? nil : try sentenceEncoder())
    }

    fileprivate func searchIndex(ranking: Ranking?, encoder: SentenceEncoder?) throws -> SearchIndex {
        do {
            return SearchIndex(
                articles: try Retrieval.Corpus(directory: try corpus).articles,
                lexicon: try Lexicon(directory: try search),
                ranking: ranking ?? .both,
                secondEvidence: try secondEvidence(ranking, encoder)
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
        try secondEvidence(ranking, ranking == .lexical ? nil : try sentenceEncoder())
    }

    private func secondEvidence(_ ranking: Ranking?, _ encoder: SentenceEncoder?) throws -> SecondEvidenceMaker? {
        guard ranking != .lexical else { return nil }
        if let encoder { return EncodedTexts(encoder: encoder).secondEvidence }
        guard ranking == nil else { throw try noEncoder() }
        return nil
    }

    /// The encoder, where there is one; throws when it cannot be used, or is not where it was said to be.
    func sentenceEncoder() throws -> SentenceEncoder? {
        switch EncoderState(folder: try encoderFolder) {
        case .ready(let encoder): return encoder
        case .broken(let error): throw failure(.dataError, "\(error)")
        case .absent:
            guard encoder == nil || encoder == "none" else { throw try noEncoder() }
            return nil
        }
    }

    private func noEncoder() throws -> any Error {
        failure(
            .noInput,
            "There is no sentence encoder at \(try encoderFolder?.path ?? "all"). Run Scripts/fetch-encoder, or name its folder with --encoder."
        )
    }

    /// The assistant over the files.
    func assistant(ranking: Ranking? = nil) throws -> Assistant {
        let encoder = try sentenceEncoder()
        return Assistant(
            prompts: try readPrompts(with: encoder),
            index: try searchIndex(ranking: ranking, encoder: encoder)
        )
    }

    /// Rules and wording, with the sentence encoder reading beside the rules where there is one.
    func readPrompts() throws -> Prompts { try readPrompts(with: try sentenceEncoder()) }

    private func readPrompts(with encoder: SentenceEncoder?) throws -> Prompts {
        do {
            return try Prompts(directory: try prompts).reading(with: encoder)
        } catch let error as KnowledgeError {
            throw failure(.dataError, error.description)
        }
    }
}

extension Ranking: ExpressibleByArgument {}
