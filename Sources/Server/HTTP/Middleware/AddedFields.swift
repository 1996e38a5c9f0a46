import Hummingbird

/// Puts onto the answer what serving the request added to it.
struct AddedFields: RouterMiddleware {
    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        context.fields.apply(to: &response.headers)
        return response
    }
}
