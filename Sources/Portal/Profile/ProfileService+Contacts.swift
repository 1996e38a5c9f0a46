public import Records
import Store

/// Emergency contacts (PROF-08).
extension ProfileService {
    /// More than anybody would call.
    public static let emergencyContactLimit = 10

    public func emergencyContacts(of client: ID<Client>, as principal: Principal) async throws -> [EmergencyContact] {
        try await open(.read, client, principal, "emergency_contacts") { access in try Self.inOrder(access) }
    }

    /// Adds somebody at the end of the list.
    public func addEmergencyContact(_ entry: EmergencyContactEntry, of client: ID<Client>, as principal: Principal)
        async throws -> EmergencyContact
    {
        let entry = try Self.checked(entry)
        return try await open(.create, client, principal, "emergency_contacts") { [gate] access in
            let known = try Self.inOrder(access)
            guard known.count < Self.emergencyContactLimit else {
                throw Refusal.conflict("There are \(known.count) emergency contacts already. Remove one first.")
            }
            let contact = EmergencyContact(
                entry,
                position: (known.last?.position ?? -1) + 1,
                access: access,
                ids: gate.surroundings
            )
            try access.insert(contact)
            try announce(review: false, under: access)
            return contact
        }
    }

    public func changeEmergencyContact(
        _ id: ID<EmergencyContact>,
        to entry: EmergencyContactEntry,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> EmergencyContact {
        let entry = try Self.checked(entry)
        return try await open(.change, client, principal, "emergency_contacts", id.text) { access in
            var contact = try access.one(id)
            contact.name = SealedText(entry.name)
            contact.relation = entry.relation.map { SealedText($0) }
            contact.phone = SealedText(entry.phone)
            contact.email = entry.email.map { SealedText($0) }
            contact.updatedAt = access.now
            try access.update(contact)
            try announce(review: false, under: access)
            return contact
        }
    }

    /// Puts these contacts first, in this order; those that are not named follow as they were. Throws
    /// ``Refusal/invalid(pointer:message:remedy:)`` when one is named twice or is none of the client's.
    public func orderEmergencyContacts(_ order: [ID<EmergencyContact>], of client: ID<Client>, as principal: Principal)
        async throws -> [EmergencyContact]
    {
        try await open(.change, client, principal, "emergency_contacts") { access in
            let known = try Self.inOrder(access)
            let byID = Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            let named = order.compactMap { byID[$0] }
            guard named.count == order.count, Set(order).count == order.count else {
                throw Refusal.invalid(
                    pointer: "/order",
                    message: "should name emergency contacts, each once",
                    remedy: "Read the list again and send their ids"
                )
            }
            for (position, contact) in (named + known.filter { !order.contains($0.id) }).enumerated()
            where contact.position != position {
                var moved = contact
                moved.position = position
                moved.updatedAt = access.now
                try access.update(moved)
            }
            return try Self.inOrder(access)
        }
    }

    public func removeEmergencyContact(_ id: ID<EmergencyContact>, of client: ID<Client>, as principal: Principal)
        async throws
    {
        try await open(.delete, client, principal, "emergency_contacts", id.text) { access in
            try access.delete(id)
            let profile = try access.beside(.change, on: .profile, entity: "profile")
            try announce(review: false, under: profile)
        }
    }

    private static func inOrder(_ access: ClientAccess) throws -> [EmergencyContact] {
        try access.all(EmergencyContact.self, order: "position, id")
    }

    static func checked(_ entry: EmergencyContactEntry) throws(Refusal) -> EmergencyContactEntry {
        EmergencyContactEntry(
            name: try ContactChecks.line(entry.name, at: "/name"),
            relation: try ContactChecks.optionalLine(entry.relation, at: "/relation"),
            phone: try ContactChecks.phone(entry.phone, at: "/phone"),
            email: try entry.email.flatMap { text throws(Refusal) in
                text.allSatisfy(\.isWhitespace) ? nil : try ContactChecks.email(text, at: "/email")
            }
        )
    }

    func open<Result: Sendable>(
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
}
