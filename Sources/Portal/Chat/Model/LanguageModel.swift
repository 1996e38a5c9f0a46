public import Assistant

/// A language model that puts quotations into words, somewhere outside. The `ModelEndpoint` module speaks to one over HTTP.
public protocol LanguageModel: Sendable {
    /// The model's name as it was configured, which is kept with every answer.
    var name: String { get }
    /// Whose server it is, such as `models.example:443`: for people, and without anything secret.
    var server: String { get }

    /// Asks for an answer and hands its text to `take` as it arrives, until `take` returns false. Returns when the model
    /// came to the end of what it had to say, or `take` wanted no more. Ends in bounded time whatever the server does.
    ///
    /// Throws ``ModelFailure``, `CancellationError`, and what `take` throws.
    func write(_ request: WordingRequest, take: @escaping @Sendable (String) throws -> Bool) async throws
}

/// Why a language model gave no whole answer.
public enum ModelFailure: Error, Sendable, Hashable {
    /// No connection, or none that can be trusted.
    case unreachable
    /// Too long without a connection, a first word, a next word, or an end.
    case late
    /// The server answered with another status than 200, or with an error inside its answer.
    case refused
    /// The server asked for patience, in seconds where it said for how long.
    case busy(retryAfter: Int?)
    /// What came is not the protocol.
    case garbled
    /// More came than an answer may hold.
    case flooded
    /// It ended before the model was done, or the model did not end of itself.
    case brokenOff

    /// What is written down of it.
    public var code: String {
        switch self {
        case .unreachable: "unreachable"
        case .late: "late"
        case .refused: "refused"
        case .busy: "busy"
        case .garbled: "garbled"
        case .flooded: "flooded"
        case .brokenOff: "broken_off"
        }
    }
}
