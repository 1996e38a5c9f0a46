/// A row of the audit as it is stored.
public struct AuditRow: Sendable, Codable, Hashable {
    /// Counted from 1 without gaps.
    public let seq: Int64
    public let at: Timestamp
    public let practiceID: String
    /// The role of staff, `ACCOUNT`, or `SYSTEM`.
    public let actorKind: String
    /// Id of the person, or the name of the service's own work.
    public let actorID: String?
    public let clientID: String?
    public let relation: String?
    public let purpose: String?
    public let action: String
    public let entity: String
    public let entityID: String?
    public let outcome: String
    public let reason: String?
    public let requestID: String?
    public let ip: String?
    /// Id of the session in which it was done.
    public let sessionID: String?
    /// ``UserAgentCode`` of the program that asked.
    public let agent: String?
    /// How many such attempts the row stands for; nil for one.
    public let times: Int64?
    public let previousHash: String
    public let rowHash: String

    // As the columns are named, so that an export reads as the table does.
    private enum CodingKeys: String, CodingKey {
        case seq, at, relation, purpose, action, entity, outcome, reason, ip, agent, times
        case practiceID = "practice_id"
        case actorKind = "actor_kind"
        case actorID = "actor_id"
        case clientID = "client_id"
        case entityID = "entity_id"
        case requestID = "request_id"
        case sessionID = "session_id"
        case previousHash = "previous_hash"
        case rowHash = "row_hash"
    }

    init(
        seq: Int64,
        at: Timestamp,
        practiceID: String,
        actorKind: String,
        actorID: String?,
        clientID: String?,
        relation: String?,
        purpose: String?,
        action: String,
        entity: String,
        entityID: String?,
        outcome: String,
        reason: String?,
        requestID: String?,
        ip: String?,
        sessionID: String?,
        agent: String?,
        times: Int64?,
        previousHash: String,
        rowHash: String
    ) {
        self.seq = seq
        self.at = at
        self.practiceID = practiceID
        self.actorKind = actorKind
        self.actorID = actorID
        self.clientID = clientID
        self.relation = relation
        self.purpose = purpose
        self.action = action
        self.entity = entity
        self.entityID = entityID
        self.outcome = outcome
        self.reason = reason
        self.requestID = requestID
        self.ip = ip
        self.sessionID = sessionID
        self.agent = agent
        self.times = times
        self.previousHash = previousHash
        self.rowHash = rowHash
    }
}
