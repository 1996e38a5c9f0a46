import HTTPTypes
import Portal
import Records

/// Consents and releases: a client's own, and for staff to read.
struct ConsentAPI: Sendable {
    let portal: Portal

    private static let requirements = ["SEC-13", "PROF-12"]

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/consents",
                "What one agreed to, the latest first",
                requirements: Self.requirements,
                access: .account
            )
            .touches(.consents, .read)
            .returns(Listing<ConsentDocument>.self) { call in
                Listing(
                    items: try await portal.consents.consents(of: call.caller.client(), as: call.principal)
                        .map(ConsentDocument.init)
                )
            },
            Route(
                .post,
                "/api/v1/portal/consents",
                "Give a consent, or release information",
                requirements: Self.requirements,
                access: .account
            )
            .touches(.consents, .create)
            .body(ConsentRequest.self)
            .problems(.conflict)
            .returns(ConsentDocument.self, status: .created) { call in
                ConsentDocument(
                    try await portal.consents.grant(call.body.grant, of: call.caller.client(), as: call.principal)
                )
            },
            Route(
                .post,
                "/api/v1/portal/consents/{consent}/withdraw",
                "Withdraw a consent",
                requirements: Self.requirements,
                access: .account
            )
            .touches(.consents, .change)
            .problems(.conflict)
            .returns(ConsentDocument.self) { call in
                ConsentDocument(
                    try await portal.consents.withdraw(call.id("consent"), of: call.caller.client(), as: call.principal)
                )
            },
            Route(
                .get,
                "/api/v1/clients/{client}/consents",
                "What a client agreed to, the latest first",
                requirements: Self.requirements,
                access: .staff
            )
            .touches(.consents, .read)
            .returns(Listing<ConsentDocument>.self) { call in
                Listing(
                    items: try await portal.consents.consents(of: call.id("client"), as: call.principal)
                        .map(ConsentDocument.init)
                )
            },
        ]
    }
}
