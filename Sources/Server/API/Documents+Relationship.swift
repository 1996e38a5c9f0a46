import Portal
import Records
import Store

struct RelationshipDocument: Codable, Sendable, FieldsDescribed {
    let id: ID<ClientRelationship>
    let accountId: ID<PortalAccountTag>
    let kind: String
    let status: String
    let startsAt: Timestamp?
    let endsAt: Timestamp?
    let scopes: [String: String]
    let courtLimits: [String]
    let assentAt: Timestamp?
    let decidedAt: Timestamp?
    let revokedAt: Timestamp?
    let version: Int
    let createdAt: Timestamp

    static let fieldDescriptions = [
        "version": "For `If-Match`, in quotation marks.",
        "scopes": "How far it reaches, by area. It never reaches further than the policy and the client's age allow.",
        "court_limits": "Areas that a court closed to this person.",
        "assent_at": "When the young client agreed to be read along.",
    ]

    init(_ relationship: ClientRelationship) {
        id = relationship.id
        accountId = relationship.accountID
        kind = relationship.kind.rawValue
        status = relationship.status.rawValue
        startsAt = relationship.startsAt
        endsAt = relationship.endsAt
        scopes = relationship.scopes.mapValues(\.rawValue)
        courtLimits = relationship.courtLimits.map(\.rawValue)
        assentAt = relationship.assentAt
        decidedAt = relationship.decidedAt
        revokedAt = relationship.revokedAt
        version = relationship.version
        createdAt = relationship.createdAt
    }
}

/// What staff see beyond: the words of request, decision and end.
struct StaffRelationshipDocument: Codable, Sendable {
    let relationship: RelationshipDocument
    let requestReason: String?
    let evidence: String?
    let revokeReason: String?

    init(_ relationship: ClientRelationship) {
        self.relationship = RelationshipDocument(relationship)
        requestReason = relationship.requestReason?.plaintext
        evidence = relationship.evidence?.plaintext
        revokeReason = relationship.revokeReason?.plaintext
    }
}

struct RelationshipRequest: Codable, Sendable, FieldsDescribed {
    let kind: ClientRelationship.Kind
    let recordNumber: String
    let birthDate: String
    let reason: String

    static let fieldDescriptions = [
        "record_number": "The client's number at the practice, from a letter.", "birth_date": "As 2012-02-29.",
    ]
}

struct RequestAcceptedDocument: Codable, Sendable {
    let message: String
}

struct EnterRelationshipRequest: Codable, Sendable, FieldsDescribed {
    let kind: ClientRelationship.Kind
    let email: String
    let reason: String

    static let fieldDescriptions = ["email": "Of the account that is to act for the client."]
}

struct DecideRelationshipRequest: Codable, Sendable, FieldsDescribed {
    let approve: Bool
    let evidence: String
    let startsAt: Timestamp?
    let endsAt: Timestamp?
    let scopes: [String: ClientRelationship.Scope]?
    let courtLimits: [DataArea]?

    static let fieldDescriptions = [
        "evidence": "What the decision rests on, such as the papers that were seen.",
        "scopes": "How far it reaches, by area; an area that is not named, as far as the policy goes.",
    ]
}

/// What a relationship is to reach less far into.
struct NarrowRelationshipRequest: Codable, Sendable, FieldsDescribed {
    let scopes: [String: ClientRelationship.Scope]

    static let fieldDescriptions = ["scopes": "By area; what is not named stays as it is. Never further than now."]
}

struct StaffNarrowRelationshipRequest: Codable, Sendable, FieldsDescribed {
    let scopes: [String: ClientRelationship.Scope]?
    let courtLimits: [DataArea]?

    static let fieldDescriptions = [
        "scopes": "By area; what is not named stays as it is. Never further than now.",
        "court_limits": "Further areas that a court closed to this person.",
    ]
}

struct RevokeRequest: Codable, Sendable {
    let reason: String
}

struct AssentRequest: Codable, Sendable {
    let given: Bool
}

struct FamilyAccessRequest: Codable, Sendable, FieldsDescribed {
    let kind: ClientRelationship.Kind
    let email: String
    let areas: [DataArea]
    let until: Timestamp?

    static let fieldDescriptions = [
        "kind": "FAMILY, PARTNER or EMERGENCY.", "areas": "What they may read.",
        "until": "When it ends by itself; needed for EMERGENCY.",
    ]
}

struct FamilyConsentDocument: Codable, Sendable {
    let id: ID<Consent>
    let recipient: String
    let areas: [String]
    let state: String
    let grantedAt: Timestamp
    let until: Timestamp?
    let withdrawnAt: Timestamp?

    init(_ consent: Consent) {
        id = consent.id
        recipient = consent.recipient?.plaintext ?? ""
        areas = consent.scope.map(\.rawValue)
        state = consent.state.rawValue
        grantedAt = consent.grantedAt
        until = consent.expiresAt
        withdrawnAt = consent.withdrawnAt
    }
}

struct SeerDocument: Codable, Sendable {
    let name: String
    let relation: String
    let areas: [String]
    let until: Timestamp?

    init(_ seer: RelationshipService.Seer) {
        name = seer.name
        relation = seer.relation.rawValue
        areas = seer.areas.map(\.rawValue)
        until = seer.until
    }
}

struct ActingChoiceDocument: Codable, Sendable {
    let clientId: ID<Client>
    let name: String
    let relation: String

    init(_ choice: RelationshipService.ActingChoice) {
        clientId = choice.client
        name = choice.name
        relation = choice.relation.rawValue
    }
}

struct ActingClientRequest: Codable, Sendable, FieldsDescribed {
    let clientId: ID<Client>?

    static let fieldDescriptions = ["client_id": "Whose record to open; null for one's own."]
}

struct ReasonRequest: Codable, Sendable {
    let reason: String
}

struct ReviewRequest: Codable, Sendable {
    let note: String
}

/// Why a record was opened that is closed otherwise.
struct AccessReasonDocument: Codable, Sendable {
    let id: ID<AccessReason>
    let clientId: ID<Client>
    let userId: ID<StaffMember>
    let kind: String
    let subject: String?
    let reason: String
    let startsAt: Timestamp
    let endsAt: Timestamp
    let reviewedAt: Timestamp?
    let reviewedBy: ID<StaffMember>?
    let reviewNote: String?

    init(_ access: AccessReason) {
        id = access.id
        clientId = access.clientID
        userId = access.userID
        kind = access.kind.rawValue
        subject = access.subject
        reason = access.reason.plaintext
        startsAt = access.startsAt
        endsAt = access.endsAt
        reviewedAt = access.reviewedAt
        reviewedBy = access.reviewedByUserID
        reviewNote = access.reviewNote?.plaintext
    }
}

struct ActingClientDocument: Codable, Sendable, FieldsDescribed {
    let actingClientId: ID<Client>?

    static let fieldDescriptions = ["acting_client_id": "Whose record is open, when it is not one's own."]
}
