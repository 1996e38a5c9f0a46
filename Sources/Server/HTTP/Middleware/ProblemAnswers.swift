import HTTPTypes
import Hummingbird

/// Turns whatever is thrown into an answer: the one place where that happens.
struct ProblemAnswers: RouterMiddleware {
    let reception: Reception
    let routes: RouteTable

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let interruption as Interruption {
            throw interruption.underlying
        } catch {
            return problem(for: error, request, context).response(requestID: context.requestID)
        }
    }

    private func problem(for error: any Error, _ request: Request, _ context: ServerContext) -> Problem {
        if context.endpointPath == Self.noRoute, let methods = routes.allowedMethods(of: request.uri.path) {
            return Problem(.methodNotAllowed, "Here one can use: \(methods).", headers: [.allow: methods])
        }
        return reception.problem(for: error, logger: context.logger)
    }

    /// What Hummingbird calls the endpoint of a request that has none.
    private static let noRoute = "NotFound"
}
