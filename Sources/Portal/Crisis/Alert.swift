public import Records
public import Store

/// What a clinician has to know and act on. Repeated signals of one kind join one open alert, and each of them is told.
public struct Alert: ClientRecord {
    public enum Kind: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// Something the client wrote.
        case crisisText = "CRISIS_TEXT"
        /// An answer to a safety item, such as PHQ-9 item 9.
        case safetyItem = "SAFETY_ITEM"
        case severityThreshold = "SEVERITY_THRESHOLD"
        case reliableDeterioration = "RELIABLE_DETERIORATION"
        case toolkitUse = "TOOLKIT_USE"
        case lowMood = "LOW_MOOD"
        case other = "OTHER"
    }

    public enum Severity: String, Sendable, Codable, CaseIterable, Comparable, SQLConvertible {
        case info = "INFO"
        case warn = "WARN"
        case high = "HIGH"
        case critical = "CRITICAL"

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    }

    public enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case open = "OPEN"
        case acknowledged = "ACKNOWLEDGED"
        case closed = "CLOSED"
    }

    /// How it came to be closed.
    public enum Closure: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// Somebody spoke with the client.
        case contacted = "CONTACTED"
        case safetyPlan = "SAFETY_PLAN"
        case referred = "REFERRED"
        case emergencyServices = "EMERGENCY_SERVICES"
        case noRiskFound = "NO_RISK_FOUND"
        case falseAlarm = "FALSE_ALARM"
    }

    public static let table: SQL.Name = "compliance_alerts"
    public static let area = DataArea.alerts

    public var id: ID<Alert>
    public var clientID: ID<Client>
    public var practiceID: ID<Practice>
    public var kind: Kind
    public var severity: Severity
    /// What raised it last: `CHAT`, `ASSESSMENT`, …, and that record's id.
    public var source: String
    public var sourceID: String
    public var episodeKey: String
    /// How many signals joined this alert.
    public var signals: Int
    /// What happened, in clinical words.
    public var summary: SealedText
    public var assignedUserID: ID<StaffMember>?
    public var state: State
    /// When the last signal came.
    public var raisedAt: Timestamp
    /// Since when nobody has taken it on.
    public var openedAt: Timestamp
    /// How far it was passed on: 0 the clinician, 1 those who stand in, 2 the administrators.
    public var escalationLevel: Int
    public var acknowledgedByUserID: ID<StaffMember>?
    public var acknowledgedAt: Timestamp?
    public var closedAt: Timestamp?
    public var closedByUserID: ID<StaffMember>?
    public var closure: Closure?
    /// What was done to reach the client, and what came of it.
    public var outreachNote: SealedText?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// Something that may raise an alert.
struct AlertSignal: Sendable {
    var kind: Alert.Kind
    var severity: Alert.Severity
    var source: String
    var sourceID: String
    /// Signals with one key join one alert as long as it is not closed.
    var episodeKey: String
    var summary: String
    /// Whether nothing new was said, so that an alert that is open keeps the words it has.
    var followsOn = false
}
