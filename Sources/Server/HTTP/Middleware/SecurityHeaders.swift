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
        response.headers.supply("Content-Security-Policy", Self.contentPolicy)
        response.headers.supply("Permissions-Policy", Self.permissions)
        // Nothing here is for another site's pages, and none of ours shares a window with one.
        response.headers.supply("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.supply("Cross-Origin-Resource-Policy", "same-origin")
        // For browsers that know no frame-ancestors.
        response.headers.supply("X-Frame-Options", "DENY")
        if isStrictTransport {
            response.headers.supply("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        }
        return response
    }

    /// Data is nothing to be shown or run. Pages say what they need beyond that.
    static let contentPolicy =
        "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static let permissions =
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()"
}
