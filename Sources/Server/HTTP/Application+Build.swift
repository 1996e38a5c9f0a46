public import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
public import Records
public import ServiceLifecycle

/// The router of an API. Production and every test use this one.
///
/// - Parameters:
///   - authenticate: asked by endpoints that are not for everybody.
///   - precondition: asked by those of them that do not serve before it is met.
///   - recordRefusal: told of everybody who is signed in and not let in by the endpoint's own rule.
///   - mappings: how the errors of the floors above ``Records`` look from outside; the first that knows an error decides.
public func buildRouter(
    endpoints: [Endpoint],
    authenticate: @escaping Authenticate,
    precondition: @escaping Precondition = { _ in },
    recordRefusal: @escaping RecordRefusal = { _, _, _ in },
    mappings: [ProblemMapping] = [],
    surroundings: Surroundings = .system,
    options: HTTPServerOptions = HTTPServerOptions()
) throws(DeclarationFaults) -> Router<ServerContext> {
    let api = try API(endpoints)
    let reception = Reception(
        authenticate: authenticate,
        precondition: precondition,
        recordRefusal: recordRefusal,
        mappings: mappings,
        options: options,
        now: surroundings.now,
        definitions: api.definitions
    )
    let routes = RouteTable(api.operations.map { ($0.path, $0.endpoint.facts.method) })
    let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
    router.addMiddleware {
        RequestIdentity(surroundings: surroundings)
        AccessLog(surroundings: surroundings)
        SecurityHeaders(isStrictTransport: options.isStrictTransport)
        AddedFields()
        ProblemAnswers(reception: reception, routes: routes)
    }
    for operation in api.operations {
        let respond = operation.assembly.respond
        router.on(operation.path.routerPath, method: operation.endpoint.facts.method) { request, context in
            try await respond(Exchange(request: request, context: context, reception: reception))
        }
    }
    return router
}

/// The application around ``buildRouter(endpoints:authenticate:precondition:recordRefusal:mappings:surroundings:options:)``.
///
/// - Parameter services: what runs as long as the server does; they stop after it, in reverse order.
public func buildApplication(
    endpoints: [Endpoint],
    authenticate: @escaping Authenticate,
    precondition: @escaping Precondition = { _ in },
    recordRefusal: @escaping RecordRefusal = { _, _, _ in },
    mappings: [ProblemMapping] = [],
    surroundings: Surroundings = .system,
    options: HTTPServerOptions = HTTPServerOptions(),
    services: [any Service] = [],
    logger: Logger
) throws(DeclarationFaults) -> Application<RouterResponder<ServerContext>> {
    let router = try buildRouter(
        endpoints: endpoints,
        authenticate: authenticate,
        precondition: precondition,
        recordRefusal: recordRefusal,
        mappings: mappings,
        surroundings: surroundings,
        options: options
    )
    return Application(
        router: router,
        server: try server(options),
        configuration: ApplicationConfiguration(address: .hostname(options.host, port: options.port)),
        services: services,
        logger: logger
    )
}

/// HTTP/1.1 within the limits of `options`, over TLS where there is a certificate.
private func server(_ options: HTTPServerOptions) throws(DeclarationFaults) -> HTTPServerBuilder {
    let plain = HTTPServerBuilder.http1(
        configuration: .init(
            idleTimeout: TimeAmount(options.idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: options.headerFieldLimit,
                maxHeaderListSize: options.headerLimit,
                maxHeaderFieldCount: options.headerCountLimit
            )
        )
    )
    guard let certificate = options.certificate else { return plain }
    do {
        return try .tls(plain, tlsConfiguration: certificate.configuration)
    } catch {
        throw DeclarationFaults(descriptions: ["HTTPS cannot be set up: \(type(of: error))"])
    }
}
