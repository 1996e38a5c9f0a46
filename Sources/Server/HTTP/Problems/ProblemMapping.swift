import HTTPTypes
import Hummingbird
import NIOCore
import Records
import Store

/// How the errors of one layer look from outside. Answers nil for errors that it does not know.
public struct ProblemMapping: Sendable {
    let map: @Sendable (any Error) -> Problem?

    public init(_ map: @escaping @Sendable (any Error) -> Problem?) { self.map = map }

    /// For one type of error.
    public init<Known: Error>(_ type: Known.Type, _ map: @escaping @Sendable (Known) -> Problem?) {
        self.map = { ($0 as? Known).flatMap(map) }
    }
}

extension Problem {
    /// The one place where an error becomes an answer: itself if it is a problem, else what the first of `mappings` that
    /// knows it says, else what this floor knows, else ``Kind/unexpected`` with a fixed text.
    public init(mapping error: any Error, by mappings: [ProblemMapping] = []) {
        if let problem = error as? Problem {
            self = problem
            return
        }
        for mapping in mappings + [.records, .store, .rateLimit, .http] {
            guard let problem = mapping.map(error) else { continue }
            self = problem
            return
        }
        self.init(
            .unexpected,
            "Please try again. If it happens again, tell the practice the number in `request_id`."
        )
    }
}

extension ProblemMapping {
    /// Refused access and a missing record answer alike, so that nobody can find out who is a client here.
    static let records = ProblemMapping { error in
        error is AccessDenied || error is RecordNotFound ? .notFound : nil
    }

    static let store = ProblemMapping(StoreError.self) { error in
        switch error {
        case .constraint:
            Problem(.conflict, "The change does not fit what is stored already. Load it again, then retry.")
        case .busy: Problem(.busy, "Please try again in a moment.", headers: [.retryAfter: "1"])
        case .full, .readOnly, .inputOutput, .corrupt, .cannotOpen:
            Problem(
                .storageUnavailable,
                "Nothing can be stored at the moment. Nothing that was acknowledged is lost. Please try again later.",
                headers: [.retryAfter: "60"]
            )
        case .newerSchema, .changedMigration, .unexpectedRow, .unsealable, .other: nil
        }
    }

    /// What Hummingbird and the machinery below it throw.
    static let http = ProblemMapping { error in
        switch error {
        case is CancellationError: Problem(.stopping, "Please try again in a moment.", headers: [.retryAfter: "1"])
        case is NIOTooManyBytesError: Problem(.tooLarge)
        case let error as HTTPError: Problem(error)
        default: nil
        }
    }
}

extension Problem {
    private static let kinds: [Kind] = [
        .badRequest, .notSignedIn, .forbidden, .methodNotAllowed, .conflict, .preconditionFailed, .tooLarge,
        .unsupportedMediaType, .invalid, .locked, .tooManyRequests, .unexpected, .busy,
    ]

    /// The framework's message is left out: it may quote the request.
    fileprivate init(_ error: HTTPError) {
        if error.status == .notFound {
            self = .notFound
        } else {
            let phrase = error.status.reasonPhrase
            self.init(
                Self.kinds.first { $0.status == error.status.code }
                    ?? Kind("http-\(error.status.code)", error.status.code, phrase.isEmpty ? "Not served" : phrase)
            )
        }
        headers = error.headers
    }
}
