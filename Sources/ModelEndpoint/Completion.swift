import Assistant
import Foundation
import Portal

/// What is asked of an OpenAI-compatible server: `POST …/chat/completions`, streamed.
struct CompletionRequest: Encodable {
    struct Message: Encodable {
        let role: String
        let content: String
    }

    let model: String
    let messages: [Message]
    let stream = true
    /// The likeliest words each time, so that answers differ as little as may be.
    let temperature = 0
    let maxTokens: Int

    private enum CodingKeys: String, CodingKey {
        case model, messages, stream, temperature
        case maxTokens = "max_tokens"
    }

    init(_ request: WordingRequest, _ settings: ModelSettings) {
        model = settings.model
        messages = [
            Message(role: "system", content: request.system), Message(role: "user", content: request.user),
        ]
        maxTokens = settings.mostTokens
    }
}

/// One event of the server's answer. Whatever else it holds, such as calls of tools, is not looked at.
struct CompletionChunk: Decodable {
    struct Choice: Decodable {
        let index: Int?
        let delta: Delta?
        let finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case index, delta
            case finishReason = "finish_reason"
        }
    }

    struct Delta: Decodable {
        let content: String?
    }

    /// Something, whatever it is.
    private struct Something: Decodable {
        init(from decoder: any Decoder) {}
    }

    /// Text to add; nil when the event has none.
    let text: String?
    /// Why the model ended; nil as long as it goes on.
    let ending: String?

    private enum CodingKeys: String, CodingKey { case choices, error }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.decodeIfPresent(Something.self, forKey: .error) == nil else { throw ModelFailure.refused }
        let choices = try container.decodeIfPresent([Choice].self, forKey: .choices) ?? []
        let choice = choices.first { ($0.index ?? 0) == 0 }
        text = choice?.delta?.content
        ending = choice?.finishReason
    }

    /// - Throws: ``ModelFailure/garbled``, or ``ModelFailure/refused`` for an error inside the answer.
    init(data: [UInt8]) throws(ModelFailure) {
        do {
            self = try JSONDecoder().decode(CompletionChunk.self, from: Data(data))
        } catch let failure as ModelFailure {
            throw failure
        } catch {
            throw .garbled
        }
    }
}
