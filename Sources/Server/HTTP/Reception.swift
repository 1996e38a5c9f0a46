import Hummingbird
import Logging
import Records

/// What serving any request takes.
struct Reception: Sendable {
    let authenticate: Authenticate
    let precondition: Precondition
    let recordRefusal: RecordRefusal
    let mappings: [ProblemMapping]
    let options: HTTPServerOptions
    let limiter = RateLimiter()
    let now: @Sendable () -> Timestamp
    /// The objects that the schemas of requests refer to.
    let definitions: [String: ObjectShape]

    /// The problem that an error is. What nobody foresaw is logged by the name of its type: its content may be anything.
    func problem(for error: any Error, logger: Logger) -> Problem {
        let problem = Problem(mapping: error, by: mappings)
        if problem.kind.status >= 500, !(error is CancellationError) {
            logger.error(
                "request failed",
                metadata: ["error.type": "\(type(of: error))", "problem": "\(problem.kind.slug)"]
            )
        }
        return problem
    }
}
