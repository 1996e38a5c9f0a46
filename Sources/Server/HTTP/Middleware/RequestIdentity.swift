import HTTPTypes
import Hummingbird
import Logging
import Records

/// Gives every request an id, or keeps the one that the client or the proxy gave it, and puts it into the answer and into
/// every line that is logged meanwhile.
struct RequestIdentity: RouterMiddleware {
    let surroundings: Surroundings

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let given = request.headers[named: Self.field].flatMap { Self.isSane($0) ? $0 : nil }
        let id = given ?? surroundings.newID(Request.self).text
        var context = context
        context.requestID = id
        context.logger[metadataKey: "hb.request.id"] = .string(id)
        var response = try await next(request, context)
        response.headers[named: Self.field] = id
        return response
    }

    private static let field = "X-Request-ID"

    /// What can stand in a log line and a header without meaning anything else there.
    private static func isSane(_ id: String) -> Bool {
        (8...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            }
    }
}
