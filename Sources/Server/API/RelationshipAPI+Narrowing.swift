import HTTPTypes
import Portal
import Records

extension RelationshipAPI {
    /// Lets a relationship reach less far: by the client, and by staff.
    var narrowing: [Endpoint] {
        [
            Route(
                .patch,
                "/api/v1/portal/relationships/{relationship}",
                "Let somebody see less of one's record, at once",
                requirements: ["ACC-50", "PROF-11"],
                access: .account
            )
            .touches(.relationships, .change)
            .body(NarrowRelationshipRequest.self)
            .problems(.conflict, .preconditionFailed, .preconditionRequired)
            .returns(Reply<RelationshipDocument>.self) { call in
                let relationship = try await narrow(
                    call,
                    of: call.caller.client(),
                    .init(scopes: scopes(call.body.scopes))
                )
                return Reply(RelationshipDocument(relationship), headers: relationship.versionFields)
            },
            Route(
                .patch,
                "/api/v1/clients/{client}/relationships/{relationship}",
                "Let a relationship reach less far, at once",
                requirements: ["ACC-48", "SEC-19"],
                access: .staff
            )
            .touches(.relationships, .change)
            .body(StaffNarrowRelationshipRequest.self)
            .problems(.conflict, .preconditionFailed, .preconditionRequired)
            .returns(Reply<StaffRelationshipDocument>.self) { call in
                let relationship = try await narrow(
                    call,
                    of: call.id("client"),
                    .init(scopes: scopes(call.body.scopes ?? [:]), courtLimits: call.body.courtLimits ?? [])
                )
                return Reply(StaffRelationshipDocument(relationship), headers: relationship.versionFields)
            },
        ]
    }

    private func narrow<Caller: SignedIn, Body>(
        _ call: Call<Caller, NoQuery, Body>,
        of client: ID<Client>,
        _ narrowing: RelationshipService.Narrowing
    ) async throws -> ClientRelationship {
        guard call.headers[.ifMatch] != nil else { throw Problem.versionNeeded }
        return try await portal.relationships.narrow(
            call.id("relationship"),
            of: client,
            to: narrowing,
            version: call.seenVersion,
            as: call.principal
        )
    }

    /// Throws for a name that is no area's.
    func scopes(_ named: [String: ClientRelationship.Scope]) throws -> [DataArea: ClientRelationship.Scope] {
        var scopes: [DataArea: ClientRelationship.Scope] = [:]
        for (name, scope) in named {
            guard let area = DataArea(rawValue: name) else {
                throw Problem.invalid(.field("scopes"), "names an area that there is not", remedy: "Leave it out")
            }
            scopes[area] = scope
        }
        return scopes
    }
}

extension ClientRelationship {
    fileprivate var versionFields: HTTPFields { [.eTag: "\"\(version)\""] }
}
