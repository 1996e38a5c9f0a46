import Hummingbird
import Logging
import Records

/// One line a request: what was asked for, what came of it, how long it took. The path is the route's template, since a
/// concrete one holds ids and tokens; nothing else of the request is logged.
struct AccessLog: RouterMiddleware {
    let surroundings: Surroundings

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = surroundings.now()
        var response = try await next(request, context)
        // The client chooses the name of an unknown method freely.
        let method = RouteTable.knownMethods.contains(request.method) ? request.method.rawValue : "OTHER"
        let status = response.status.code
        let line: @Sendable () -> Void = { [now = surroundings.now, logger = context.logger] in
            logger.info(
                "request",
                metadata: [
                    "method": "\(method)",
                    "route": "\(context.endpointPath ?? "-")",
                    "status": "\(status)",
                    "duration_ms": "\(now().milliseconds - start.milliseconds)",
                ]
            )
        }
        if response.body.contentLength != nil {
            line()
        } else {
            // A stream has taken as long as it took when it ends.
            let body = response.body
            response.body = ResponseBody { writer in
                defer { line() }
                try await body.write(writer)
            }
        }
        return response
    }
}
