import HTTPTypes
import Portal
import Records

/// Who acts for a client, or reads along: from the side of both, and of the staff who decide.
struct RelationshipAPI: Sendable {
    let portal: Portal

    private static let base = "/api/v1/portal/relationships"
    private static let staffBase = "/api/v1/clients/{client}/relationships"

    var endpoints: [Endpoint] { client + family + acting + staff + narrowing }

    private var client: [Endpoint] {
        [
            Route(.get, Self.base, "Who acts for the client", requirements: ["ACC-48", "ACC-52"], access: .account)
                .touches(.relationships, .read)
                .returns(Listing<RelationshipDocument>.self) { call in
                    let all = try await portal.relationships.relationships(of: call.caller.client(), as: call.principal)
                    // Whether there is an account behind a family member's address is not told; `/family` lists consents.
                    return Listing(items: all.filter { $0.consentID == nil }.map(RelationshipDocument.init))
                },
            Route(
                .post,
                Self.base,
                "Ask to act for a client; answered alike whether or not there is one",
                requirements: ["ACC-48", "ACC-49"],
                access: .account
            )
            .touchesNoRecord("Asks and opens nothing; the practice decides")
            .body(RelationshipRequest.self)
            .returns(RequestAcceptedDocument.self, status: .accepted) { call in
                let kinds: [ClientRelationship.Kind] = [.parent, .guardian, .powerOfAttorney, .conservator]
                guard kinds.contains(call.body.kind) else {
                    throw Problem.invalid(
                        .field("kind"),
                        "cannot be asked for",
                        remedy: "Family, partners and emergency contacts are let in by the client"
                    )
                }
                try await portal.relationships.ask(
                    call.body.kind,
                    mrn: call.body.recordNumber,
                    birthDate: call.body.birthDate,
                    reason: call.body.reason,
                    as: call.principal
                )
                return RequestAcceptedDocument(message: "If the details are right, the practice will get back to you.")
            },
            Route(
                .delete,
                "\(Self.base)/{relationship}",
                "End what rests on the client's own consent",
                requirements: ["ACC-50", "PROF-11"],
                access: .account
            )
            .touches(.relationships, .change)
            .problems(.conflict)
            .returnsNothing { call in
                _ = try await portal.relationships.revoke(
                    call.id("relationship"),
                    of: call.caller.client(),
                    reason: nil,
                    as: call.principal
                )
            },
            Route(
                .put,
                "\(Self.base)/{relationship}/assent",
                "Agree, as a young client, that a guardian reads along; or take it back",
                requirements: ["ACC-45", "SEC-19"],
                access: .account
            )
            .touches(.relationships, .change)
            .body(AssentRequest.self)
            .returns(RelationshipDocument.self) { call in
                RelationshipDocument(
                    try await portal.relationships.setAssent(
                        call.body.given,
                        to: call.id("relationship"),
                        of: call.caller.client(),
                        as: call.principal
                    )
                )
            },
            Route(
                .get,
                "/api/v1/portal/who-can-see",
                "Who may see the record today, and what of it",
                requirements: ["PROF-11", "SEC-11"],
                access: .account
            )
            .touches(.relationships, .read)
            .returns(Listing<SeerDocument>.self) { call in
                Listing(
                    items: try await portal.relationships.whoCanSee(call.caller.client(), as: call.principal)
                        .map(SeerDocument.init)
                )
            },
        ]
    }

    private var family: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/family",
                "Consents for family, partners and emergency contacts",
                requirements: ["ACC-50", "PROF-11"],
                access: .account
            )
            .touches(.consents, .read)
            .returns(Listing<FamilyConsentDocument>.self) { call in
                Listing(
                    items: try await portal.relationships.familyConsents(of: call.caller.client(), as: call.principal)
                        .map(FamilyConsentDocument.init)
                )
            },
            Route(
                .post,
                "/api/v1/portal/family",
                "Let somebody see areas of one's record",
                requirements: ["ACC-50", "ACC-52", "PROF-11"],
                access: .account
            )
            .touches(.consents, .create)
            .needsStepUp()
            .body(FamilyAccessRequest.self)
            .returns(FamilyConsentDocument.self, status: .created) { call in
                FamilyConsentDocument(
                    try await portal.relationships.letIn(
                        call.body.kind,
                        email: call.body.email,
                        areas: call.body.areas,
                        until: call.body.until,
                        of: call.caller.client(),
                        as: call.principal
                    )
                )
            },
            Route(
                .post,
                "/api/v1/portal/family/{consent}/withdraw",
                "Take it back, with immediate effect",
                requirements: ["ACC-50", "PROF-11"],
                access: .account
            )
            .touches(.consents, .change)
            .returns(FamilyConsentDocument.self) { call in
                FamilyConsentDocument(
                    try await portal.relationships.withdraw(
                        call.id("consent"),
                        of: call.caller.client(),
                        as: call.principal
                    )
                )
            },
        ]
    }

    private var acting: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/acting-clients",
                "The people one may act for",
                requirements: ["ACC-53"],
                access: .account
            )
            .touchesNoRecord("Names those who are one's own to act for")
            .returns(Listing<ActingChoiceDocument>.self) { call in
                Listing(
                    items: try await portal.relationships.actingChoices(of: call.principal)
                        .map(ActingChoiceDocument.init)
                )
            },
            Route(
                .post,
                "/api/v1/portal/auth/session/acting-client",
                "Open the record of somebody one acts for, or one's own again",
                requirements: ["ACC-53"],
                access: .account
            )
            .touchesNoRecord("Turns the session; what follows is decided each time")
            .body(ActingClientRequest.self)
            .returns(ActingClientDocument.self) { call in
                guard let session = call.session?.id else { throw Problem(.notSignedIn) }
                try await portal.relationships.act(for: call.body.clientId, in: session, as: call.principal)
                let isOwn = call.body.clientId == call.caller.ownClient
                return ActingClientDocument(actingClientId: isOwn ? nil : call.body.clientId)
            },
        ]
    }

    private var staff: [Endpoint] {
        [
            Route(
                .get,
                Self.staffBase,
                "Who acts for a client",
                requirements: ["ACC-48", "ACC-49"],
                access: .staff
            )
            .touches(.relationships, .read)
            .returns(Listing<StaffRelationshipDocument>.self) { call in
                Listing(
                    items: try await portal.relationships.relationships(of: call.id("client"), as: call.principal)
                        .map(StaffRelationshipDocument.init)
                )
            },
            Route(
                .post,
                Self.staffBase,
                "Enter a request that came on paper",
                requirements: ["ACC-48", "ACC-49"],
                access: .staff
            )
            .touches(.relationships, .create)
            .body(EnterRelationshipRequest.self)
            .problems(.conflict)
            .returns(StaffRelationshipDocument.self, status: .created) { call in
                StaffRelationshipDocument(
                    try await portal.relationships.enter(
                        call.body.kind,
                        email: call.body.email,
                        of: call.id("client"),
                        reason: call.body.reason,
                        as: call.principal
                    )
                )
            },
            Route(
                .post,
                "\(Self.staffBase)/{relationship}/decide",
                "Approve or reject a request",
                requirements: ["ACC-48", "ACC-49"],
                access: .staff
            )
            .touches(.relationships, .change)
            .body(DecideRelationshipRequest.self)
            .problems(.conflict)
            .returns(StaffRelationshipDocument.self) { call in
                StaffRelationshipDocument(
                    try await portal.relationships.decide(
                        call.id("relationship"),
                        of: call.id("client"),
                        try decision(call.body),
                        as: call.principal
                    )
                )
            },
            Route(
                .post,
                "\(Self.staffBase)/{relationship}/revoke",
                "End a relationship at once",
                requirements: ["ACC-48"],
                access: .staff
            )
            .touches(.relationships, .change)
            .body(RevokeRequest.self)
            .problems(.conflict)
            .returns(StaffRelationshipDocument.self) { call in
                StaffRelationshipDocument(
                    try await portal.relationships.revoke(
                        call.id("relationship"),
                        of: call.id("client"),
                        reason: call.body.reason,
                        as: call.principal
                    )
                )
            },
        ]
    }

    private func decision(_ body: DecideRelationshipRequest) throws -> RelationshipService.Decision {
        guard !body.evidence.allSatisfy(\.isWhitespace) else {
            throw Problem.invalid(.field("evidence"), "is empty", remedy: "Say what the decision rests on")
        }
        return .init(
            isApproved: body.approve,
            evidence: body.evidence,
            startsAt: body.startsAt,
            endsAt: body.endsAt,
            scopes: try scopes(body.scopes ?? [:]),
            courtLimits: body.courtLimits ?? []
        )
    }
}
