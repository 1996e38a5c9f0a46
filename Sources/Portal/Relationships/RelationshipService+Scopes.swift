public import Records
import Store

extension RelationshipService {
    /// What a relationship is to reach less far into.
    public struct Narrowing: Sendable {
        /// By area; what is not named stays as it is.
        public var scopes: [DataArea: ClientRelationship.Scope]
        /// Further areas that a court closed.
        public var courtLimits: [DataArea]

        public init(scopes: [DataArea: ClientRelationship.Scope], courtLimits: [DataArea] = []) {
            self.scopes = scopes
            self.courtLimits = courtLimits
        }
    }

    /// Narrows a relationship that is in force, with effect from the next request on, and tells both sides. The client may
    /// narrow what rests on their own will; the client's clinician and the administrators may narrow any, such as a parent's
    /// reach into a minor's record. To reach further takes a new request or a new consent, decided like the first.
    ///
    /// Throws ``Refusal/conflict(_:)`` for what would reach further, for a relationship that is not in force, and for a client
    /// where it does not rest on their will; `StaleRecord` when it was changed since.
    ///
    /// - Parameter version: the one that the caller saw; nil for whichever is there.
    public func narrow(
        _ id: ID<ClientRelationship>,
        of client: ID<Client>,
        to narrowing: Narrowing,
        version: Int?,
        as principal: Principal
    ) async throws -> ClientRelationship {
        try await change(id, of: client, as: principal) { relationship, access in
            if let version, version != relationship.version { throw StaleRecord(rev: relationship.version) }
            guard relationship.status == .approved else { throw Refusal.conflict("It is not in force.") }
            if principal.accountID != nil {
                guard access.relation == .`self`, narrowing.courtLimits.isEmpty else { throw AccessDenied() }
                guard relationship.kind.restsOnClientsWill else {
                    throw Refusal.conflict("Ask the practice to change this; it does not rest on your own will.")
                }
            }
            for (area, scope) in narrowing.scopes {
                guard scope <= relationship.scope(in: area) else {
                    throw Refusal.conflict(
                        "Here it can only reach less far. To reach further takes a new request or a new consent, decided like the first."
                    )
                }
                relationship.scopes[area.rawValue] = scope
            }
            relationship.courtLimits += DataArea.allCases.filter { area in
                narrowing.courtLimits.contains(area) && !relationship.courtLimits.contains(area)
            }
            return "relationship.narrowed"
        }
    }
}
