public import Records
import Store

/// Channels and addresses that are never to be used (PROF-13).
extension ProfileService {
    public func restrictions(of client: ID<Client>, as principal: Principal) async throws -> [CommunicationRestriction]
    {
        try await open(.read, client, principal, "communication_restrictions") { access in
            try access.all(CommunicationRestriction.self, order: "created_at, id")
        }
    }

    /// Rules a channel out, or one address on it.
    public func restrict(
        _ channel: CommunicationRestriction.Channel,
        address: String?,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> CommunicationRestriction {
        let address = try ContactChecks.optionalLine(address, at: "/address", limit: 254)
        return try await open(.create, client, principal, "communication_restrictions") { [gate] access in
            let restriction = CommunicationRestriction(
                id: gate.surroundings.newID(),
                clientID: client,
                channel: channel,
                address: address.map { SealedText($0) },
                createdAt: access.now,
                updatedAt: access.now
            )
            try access.insert(restriction)
            try announce(review: false, under: access)
            return restriction
        }
    }

    public func lift(_ id: ID<CommunicationRestriction>, of client: ID<Client>, as principal: Principal) async throws {
        try await open(.delete, client, principal, "communication_restrictions", id.text) { access in
            try access.delete(id)
            let profile = try access.beside(.change, on: .profile, entity: "profile")
            try announce(review: false, under: profile)
        }
    }

    private func open<Result: Sendable>(
        _ action: AccessAction,
        _ client: ID<Client>,
        _ principal: Principal,
        _ entity: String,
        _ entityID: String? = nil,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        try await gate.open(
            action,
            on: .profile,
            of: client,
            as: principal,
            purpose: Self.purpose(principal),
            entity: entity,
            entityID: entityID,
            body
        )
    }
}
