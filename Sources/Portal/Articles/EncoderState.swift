public import Encoder
public import Foundation

/// Whether search understands paraphrase here, or finds articles by their words alone.
public enum EncoderState: Sendable {
    /// A sentence encoder serves beside the lexical ranking.
    case ready(SentenceEncoder)
    /// The folder holds no model. `nil`: none was asked for.
    case absent(folder: URL?)
    /// The folder holds a model that cannot be used.
    case broken(EncoderError)

    /// Loads the encoder in `folder`, where there is one.
    public init(folder: URL?) {
        guard let folder,
            FileManager.default.fileExists(atPath: folder.appending(path: "model.safetensors").path)
        else {
            self = .absent(folder: folder)
            return
        }
        do {
            self = .ready(try SentenceEncoder(folder: folder))
        } catch {
            self = .broken(error)
        }
    }

    public var encoder: SentenceEncoder? {
        if case .ready(let encoder) = self { encoder } else { nil }
    }

    /// One line for whoever starts the server.
    public var summary: String {
        switch self {
        case .ready(let encoder): "search understands paraphrase in English (\(encoder.identity.prefix(40)))"
        case .absent: "search finds articles by their words alone; Scripts/fetch-encoder brings a sentence encoder"
        case .broken: "search finds articles by their words alone: the sentence encoder cannot be used"
        }
    }

    /// For ``Portal/examine()``.
    var examined: Examined {
        switch self {
        // Words alone are a sound way to search, only a plainer one.
        case .ready, .absent: Examined(subject: "encoder", verdict: .sound, detail: summary, remedy: nil)
        case .broken(let error):
            Examined(
                subject: "encoder",
                verdict: .attention,
                detail: "\(summary): \(error)",
                remedy: "Remove the folder and run Scripts/fetch-encoder"
            )
        }
    }
}
