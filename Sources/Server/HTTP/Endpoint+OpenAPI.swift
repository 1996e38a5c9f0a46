import HTTPTypes

extension Endpoint {
    /// The endpoint that describes the others, and itself.
    ///
    /// Throws ``DeclarationFaults`` as a router of them would.
    public static func openAPI(
        _ path: String = "/api/openapi.json",
        describing endpoints: [Endpoint],
        version: String,
        server: String = "/"
    ) throws(DeclarationFaults) -> Endpoint {
        func endpoint(_ document: JSONValue) -> Endpoint {
            Route(.get, path, "This description", requirements: ["API-01"], access: .anyone)
                .returns(JSONValue.self) { _ in document }
        }
        let document = try API(endpoints + [endpoint(.null)]).openAPI(version: version, server: server)
        return endpoint(document)
    }
}
