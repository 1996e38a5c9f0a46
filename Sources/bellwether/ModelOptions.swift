import ArgumentParser
import Foundation
import ModelEndpoint
import Portal

/// The language model that may put answers into words. Off unless it is named here, switched on by the practice and
/// consented to by the client. Its key never stands on the command line, where others on the machine can read it.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "OpenAI-compatible server, such as https://models.example/v1; http:// only on this machine. Default: $BELLWETHER_MODEL_URL, else none.",
            discussion: "Its key is read from the file $BELLWETHER_MODEL_KEY_FILE, or from $BELLWETHER_MODEL_KEY.",
            valueName: "url"
        )
    )
    var modelURL: String?

    @Option(
        help: ArgumentHelp("Which of its models. Default: $BELLWETHER_MODEL.", valueName: "name")
    )
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Seconds to reach the server, to wait for a word, and for a whole answer. Default: $BELLWETHER_MODEL_TIMEOUTS, else 3,8,25.",
            valueName: "connect,word,total"
        )
    )
    var modelTimeouts: String?

    @Option(
        help: ArgumentHelp(
            "Tokens of an answer, at most. Default: $BELLWETHER_MODEL_TOKENS, else 300.",
            valueName: "count"
        )
    )
    var modelTokens: Int?

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    private func setting(_ argument: String?, _ name: String) -> String? {
        let value = argument ?? environment[name]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The model that is configured; nil for none. Throws an exit code that says what is wrong with the settings.
    func languageModel() throws -> (any LanguageModel)? {
        guard let url = setting(modelURL, "BELLWETHER_MODEL_URL") else {
            guard setting(model, "BELLWETHER_MODEL") == nil else {
                throw failure(.config, "Say in BELLWETHER_MODEL_URL which server the language model is on.")
            }
            return nil
        }
        do {
            var settings = try ModelSettings(url: url, model: setting(model, "BELLWETHER_MODEL") ?? "", key: try key())
            settings.authorities = setting(nil, "BELLWETHER_MODEL_CA")
            if let authorities = settings.authorities, !FileManager.default.isReadableFile(atPath: authorities) {
                throw failure(.noInput, "The file \(authorities) of the model server's authorities cannot be read.")
            }
            if let text = setting(modelTimeouts, "BELLWETHER_MODEL_TIMEOUTS") {
                let seconds = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
                guard seconds.count == 3, seconds.allSatisfy({ (0.1...300).contains($0) }) else {
                    throw failure(
                        .config,
                        "The language model's time-outs are three numbers of seconds, such as 3,8,25."
                    )
                }
                settings.connectTimeout = .seconds(seconds[0])
                settings.wordTimeout = .seconds(seconds[1])
                settings.totalTimeout = .seconds(seconds[2])
            }
            if let tokens = try tokens() { settings.mostTokens = tokens }
            return ModelEndpoint(settings)
        } catch let fault as ModelSettings.Fault {
            throw failure(.config, fault.description)
        }
    }

    private func tokens() throws -> Int? {
        guard let text = setting(modelTokens.map(String.init), "BELLWETHER_MODEL_TOKENS") else { return nil }
        guard let count = Int(text), (16...4000).contains(count) else {
            throw failure(.config, "The tokens of an answer are a number from 16 to 4000.")
        }
        return count
    }

    private func key() throws -> String? {
        guard let path = setting(nil, "BELLWETHER_MODEL_KEY_FILE") else { return setting(nil, "BELLWETHER_MODEL_KEY") }
        guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
            throw failure(.noInput, "The file \(path) of the language model's key cannot be read.")
        }
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
