public import Hummingbird
public import Logging
public import Portal
import Records

/// The HTTP application over an open portal: used by the server and by every test.
///
/// Throws ``DeclarationFaults``, which are faults of the program that its first start shows.
public func buildApplication(portal: Portal, options: HTTPServerOptions = HTTPServerOptions(), logger: Logger)
    throws(DeclarationFaults) -> Application<RouterResponder<ServerContext>>
{
    let endpoints = PortalAPI.endpoints(portal)
    return try buildApplication(
        endpoints: endpoints + [try Endpoint.openAPI(describing: endpoints, version: "1.0.0")]
            + FrontPages(portal: portal).endpoints,
        authenticate: { credential, origin, use in
            try await portal.sessions.authenticate(
                credential.token,
                from: credential.channel,
                origin: origin,
                use: use
            ).map { Admission($0.principal, session: $0) }
        },
        precondition: { try await portal.terms.requireAccepted(by: $0) },
        recordRefusal: { principal, operation, reason in
            await portal.oversight.refusals.note(operation, AuditReason(reason), as: principal)
        },
        mappings: [
            .termsWithHelp(portal.safetyNet), .portal, .content, .busyHasher, .secondFactor,
            .storeWithHelp(portal.safetyNet),
            .limitWithHelp(portal.safetyNet),
        ],
        surroundings: portal.surroundings,
        options: options,
        logger: logger
    )
}
