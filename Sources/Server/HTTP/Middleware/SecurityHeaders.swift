import Hummingbird

/// Puts on every answer what keeps browsers from doing more with it than it is for. An answer that sets a field itself, as
/// pages do, keeps its own.
struct SecurityHeaders: RouterMiddleware {
    let isStrictTransport: Bool

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers.supply("X-Content-Type-Options", "nosniff")
        response.headers.supply("Referrer-Policy", "no-referrer")
        // Answers are about one person's health, and the next user of the machine is somebody else.
        response.headers.supply("Cache-Control", "no-store")
        response.headers.supply("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        if isStrictTransport {
            response.headers.supply("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        }
        return response
    }
}
