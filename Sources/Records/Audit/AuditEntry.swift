public import Store

/// One line of the audit: who did what to whose record, why, and how it ended. Holds no health data and no free text: names
/// of actions and tables, ids, and coded reasons, which the database checks (migration 5).
public struct AuditEntry: Sendable {
    public enum Outcome: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case ok = "OK", denied = "DENIED", error = "ERROR"
    }

    public var principal: Principal
    public var clientID: ID<Client>?
    public var relation: Relation?
    public var purpose: Purpose?
    /// Such as `CHAT.READ`: letters, digits, dots, dashes and underscores, at most 64.
    public var action: String
    /// The table that it is about.
    public var entity: String
    /// Id of the row that it is about.
    public var entityID: String?
    public var outcome: Outcome
    public var reason: AuditReason?
    /// How many such attempts the row stands for, or how many clients a ``CollectiveAccess`` reached; nil for one.
    public var times: Int64?

    public init(
        principal: Principal,
        clientID: ID<Client>? = nil,
        relation: Relation? = nil,
        purpose: Purpose? = nil,
        action: String,
        entity: String,
        entityID: String? = nil,
        outcome: Outcome,
        reason: AuditReason? = nil,
        times: Int64? = nil
    ) {
        self.principal = principal
        self.clientID = clientID
        self.relation = relation
        self.purpose = purpose
        self.action = action
        self.entity = entity
        self.entityID = entityID
        self.outcome = outcome
        self.reason = reason
        self.times = times
    }

    /// The same attempt, refused. Whether there is such a client is not said.
    public var denied: AuditEntry {
        var copy = self
        copy.outcome = .denied
        copy.clientID = nil
        return copy
    }
}

/// Why something was done, as a code out of a closed choice. Only a literal or such a choice makes one, so that no text of
/// a user comes into the audit; what somebody writes beside the code belongs into a sealed column of the record it is about.
public struct AuditReason: Sendable, Hashable, ExpressibleByStringLiteral, SQLConvertible {
    public let code: String

    public init(stringLiteral value: StaticString) { code = value.description }

    public init<Code: RawRepresentable & CaseIterable>(_ code: Code) where Code.RawValue == String {
        self.code = code.rawValue
    }

    public var sqlValue: SQLValue { .text(code) }
    public init?(sqlValue: SQLValue) { nil }
}
