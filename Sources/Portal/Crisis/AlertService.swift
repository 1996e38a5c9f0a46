public import Records
import Store

/// Raises alerts, shows them to those responsible, and passes them on when nobody answers.
public struct AlertService: Sendable {
    private let gate: ClientGate

    init(gate: ClientGate) { self.gate = gate }

    private var surroundings: Surroundings { gate.surroundings }

    // MARK: - Raising

    /// Raises `signal` in the transaction in which it was found: as a new alert, or as a further signal of one that is not
    /// closed, which is then open again, at the higher severity, and told again. Returns the alert's id.
    @discardableResult
    func raise(_ signal: AlertSignal, under access: ClientAccess) throws -> ID<Alert> {
        let alerts = try access.onward(
            .change,
            on: .alerts,
            work: "alert.raise",
            entity: "compliance_alerts",
            entityID: signal.sourceID
        )
        let now = alerts.now
        let known = try alerts.first(
            Alert.self,
            where: "kind = \(signal.kind) AND episode_key = \(signal.episodeKey) AND state <> 'CLOSED'"
        )
        // The same finding of the same source once more, as when a form is submitted after it was saved, is no new signal.
        if let known, known.source == signal.source, known.sourceID == signal.sourceID,
            known.severity >= signal.severity,
            known.summary.plaintext == signal.summary
        {
            return known.id
        }
        let alert: Alert
        if var repeated = known {
            repeated.signals += 1
            repeated.severity = max(repeated.severity, signal.severity)
            repeated.source = signal.source
            repeated.sourceID = signal.sourceID
            if !signal.followsOn { repeated.summary = SealedText(signal.summary) }
            // Somebody who goes on writing must not put off its being passed on: the clock starts anew only when the
            // alert was taken on before, or has been through all hands.
            if repeated.state == .acknowledged || repeated.escalationLevel >= Self.lastLevel {
                repeated.openedAt = now
                repeated.escalationLevel = 0
            }
            repeated.state = .open
            repeated.acknowledgedByUserID = nil
            repeated.acknowledgedAt = nil
            repeated.assignedUserID = try alerts.client().primaryTherapistID
            repeated.raisedAt = now
            repeated.updatedAt = now
            try alerts.update(repeated)
            alert = repeated
        } else {
            alert = Alert(
                id: surroundings.newID(),
                clientID: alerts.clientID,
                practiceID: alerts.practiceID,
                kind: signal.kind,
                severity: signal.severity,
                source: signal.source,
                sourceID: signal.sourceID,
                episodeKey: signal.episodeKey,
                signals: 1,
                summary: SealedText(signal.summary),
                assignedUserID: try alerts.client().primaryTherapistID,
                state: .open,
                raisedAt: now,
                openedAt: now,
                escalationLevel: 0,
                createdAt: now,
                updatedAt: now
            )
            try alerts.insert(alert)
        }
        try alerts.append(DomainEvent("alert.raised", subject: alert.id.text), ids: surroundings)
        try alerts.enqueue(
            WorkRequest("alert.notify", subject: alert.id.text, dedupeKey: "\(alert.id):\(alert.signals)"),
            ids: surroundings
        )
        return alert.id
    }

    // MARK: - Reading and acting

    public struct Entry: Sendable {
        public let alert: Alert
        public let clientName: String
    }

    /// The alerts of the clients that `principal` may see: gravest first, then newest.
    public func inbox(of principal: Principal, states: [Alert.State] = [.open, .acknowledged]) async throws -> [Entry] {
        try await gate.openCaseload(on: .alerts, as: principal, purpose: .treatment, entity: "compliance_alerts") {
            access in
            let alerts = try access.all(
                Alert.self,
                where: "state IN (\(list: states))",
                order: """
                    CASE severity WHEN 'CRITICAL' THEN 0 WHEN 'HIGH' THEN 1 WHEN 'WARN' THEN 2 ELSE 3 END, raised_at DESC, id DESC
                    """
            )
            let clients = try access.clients(where: "id IN (\(list: alerts.map(\.clientID)))")
            let names = Dictionary(clients.map { ($0.id, $0.displayName) }, uniquingKeysWith: { first, _ in first })
            return alerts.map { Entry(alert: $0, clientName: names[$0.clientID] ?? "") }
        }
    }

    /// Takes an alert on: it no longer escalates. Throws ``Refusal/conflict(_:)`` when it is closed.
    public func acknowledge(_ id: ID<Alert>, as principal: Principal) async throws -> Entry {
        try await change(id, as: principal) { alert, staff, now in
            guard alert.state != .closed else { throw Refusal.conflict("The alert is closed.") }
            // Whoever took it on first has it.
            guard alert.state == .open else { return nil }
            alert.state = .acknowledged
            alert.acknowledgedByUserID = staff
            alert.acknowledgedAt = now
            return "alert.acknowledged"
        }
    }

    /// Closes an alert, which only staff may (CRIS-10). An alert that may be about somebody's life is closed with a note of
    /// what was done.
    ///
    /// Throws ``Refusal/conflict(_:)`` when it is closed already, and ``Refusal/invalid(pointer:message:remedy:)`` for a note
    /// that is missing or longer than 4,000 bytes.
    public func close(_ id: ID<Alert>, as closure: Alert.Closure, note: String?, by principal: Principal) async throws
        -> Entry
    {
        try await change(id, as: principal) { alert, staff, now in
            guard alert.state != .closed else { throw Refusal.conflict("The alert is closed.") }
            let note = note.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
            guard note != nil || alert.severity < .high, (note?.utf8.count ?? 0) <= 4000 else {
                throw Refusal.invalid(
                    pointer: "/note",
                    message: "is missing, or longer than 4,000 bytes",
                    remedy: "Say in a few words what was done to reach the client, and what came of it"
                )
            }
            alert.state = .closed
            alert.closedAt = now
            alert.closedByUserID = staff
            alert.closure = closure
            alert.outreachNote = note.map { SealedText($0) }
            return "alert.closed"
        }
    }

    /// - Parameter body: changes the alert and returns the event that this is; nil when there is nothing to change.
    private func change(
        _ id: ID<Alert>,
        as principal: Principal,
        _ body: @escaping @Sendable (inout Alert, ID<StaffMember>, Timestamp) throws -> String?
    ) async throws -> Entry {
        let owner = try await gate.database.read { transaction in
            try transaction.row("SELECT client_id FROM compliance_alerts WHERE id = \(id)").map {
                try $0.get("client_id", as: ID<Client>.self)
            }
        }
        guard let owner else { throw RecordNotFound() }
        return try await gate.open(
            .change,
            on: .alerts,
            of: owner,
            as: principal,
            purpose: .treatment,
            entity: "compliance_alerts",
            entityID: id.text
        ) { access in
            guard let staff = principal.staffID else { throw AccessDenied() }
            var alert = try access.one(id)
            if let event = try body(&alert, staff, access.now) {
                alert.updatedAt = access.now
                try access.update(alert)
                try access.append(DomainEvent(event, subject: id.text), ids: surroundings)
            }
            return Entry(alert: alert, clientName: try access.client().displayName)
        }
    }

    // MARK: - Telling

    /// Level 1 is the clinician's supervisor and those on call, level 2 the administrators.
    private static let lastLevel = 2

    /// Tells the client's clinician, or those who stand in, and sets the clock for passing it on.
    var notifyHandler: WorkHandler {
        WorkHandler("alert.notify") { item, transaction in
            guard let (access, alert) = try open(item, in: transaction), alert.state == .open else { return }
            let clinician = try alert.assignedUserID.flatMap {
                try activeStaff("id = \($0)", access, transaction).first
            }
            var recipients = clinician.map { [$0] } ?? []
            // Those to whom it was passed on hear of what follows, too.
            if recipients.isEmpty || alert.escalationLevel > 0 {
                recipients += try standIns(access, transaction, for: alert.assignedUserID)
            }
            try tell(recipients, of: alert, access, transaction)
            try scheduleEscalation(alert, level: alert.escalationLevel + 1, access)
        }
    }

    /// Passes an alert on that nobody took: first to the clinician's supervisor and those on call, then to the
    /// administrators.
    var escalateHandler: WorkHandler {
        WorkHandler("alert.escalate") { item, transaction in
            guard let (access, found) = try open(item, in: transaction) else { return }
            var alert = found
            let level = alert.escalationLevel + 1
            guard alert.state == .open, Self.escalationKeys(alert, level: level).contains(item.dedupeKey) else {
                return
            }
            let recipients =
                level == 1
                ? try standIns(access, transaction, for: alert.assignedUserID)
                : try activeStaff("role = 'ADMINISTRATOR'", access, transaction)
            try tell(recipients, of: alert, access, transaction)
            alert.escalationLevel = level
            alert.updatedAt = access.now
            try access.update(alert)
            try access.append(DomainEvent("alert.escalated", subject: alert.id.text), ids: surroundings)
            try scheduleEscalation(alert, level: level + 1, access)
        }
    }

    private func open(_ item: WorkItem, in transaction: Transaction) throws -> (ClientAccess, Alert)? {
        guard let clientID = item.clientID, let id = ID<Alert>(item.subjectID) else { return nil }
        let access = try gate.policy.grant(
            .change,
            on: .alerts,
            of: clientID,
            to: .system(item.kind, practice: item.practiceID),
            purpose: .automation,
            entity: "compliance_alerts",
            entityID: id.text,
            in: transaction
        )
        return (access, try access.one(id))
    }

    /// One step of passing on: of this opening of the alert, at this urgency. A graver signal sets a shorter clock beside
    /// the one that runs; whichever comes first takes the step.
    private static func escalationKey(_ alert: Alert, level: Int, severity: Alert.Severity) -> String {
        "\(alert.id):\(alert.openedAt.milliseconds):\(level):\(severity.rawValue)"
    }

    private static func escalationKeys(_ alert: Alert, level: Int) -> [String] {
        Alert.Severity.allCases.map { escalationKey(alert, level: level, severity: $0) }
    }

    private func scheduleEscalation(_ alert: Alert, level: Int, _ access: ClientAccess) throws {
        guard level <= Self.lastLevel,
            let minutes = try access.practice().settings.escalationMinutes[alert.severity.rawValue]
        else { return }
        try access.enqueue(
            WorkRequest(
                "alert.escalate",
                subject: alert.id.text,
                dedupeKey: Self.escalationKey(alert, level: level, severity: alert.severity),
                runAt: access.now.adding(.seconds(60 * minutes))
            ),
            ids: surroundings
        )
    }

    private func activeStaff(_ condition: SQL, _ access: ClientAccess, _ transaction: Transaction) throws
        -> [StaffMember]
    {
        try transaction.fetch(
            StaffMember.self,
            "SELECT * FROM users WHERE practice_id = \(access.practiceID) AND status = 'ACTIVE' AND (\(condition)) ORDER BY id"
        )
    }

    /// The supervisor of `clinician` and whoever is on call; the administrators when there is nobody.
    private func standIns(_ access: ClientAccess, _ transaction: Transaction, for clinician: ID<StaffMember>?) throws
        -> [StaffMember]
    {
        let backups = try activeStaff(
            "on_call = 1 OR id = (SELECT supervisor_id FROM users WHERE id = \(clinician))",
            access,
            transaction
        ).filter { $0.id != clinician }
        return backups.isEmpty ? try activeStaff("role = 'ADMINISTRATOR'", access, transaction) : backups
    }

    /// Tells each of `staff` once of each signal, whatever way it comes to them.
    private func tell(_ staff: [StaffMember], of alert: Alert, _ access: ClientAccess, _ transaction: Transaction)
        throws
    {
        for member in staff {
            try PortalNotification(
                id: surroundings.newID(),
                practiceID: access.practiceID,
                recipient: .staff(member.id),
                clientID: alert.clientID,
                type: "alert.raised",
                title: alert.severity >= .high ? "A client may need help now" : "A client's record needs a look",
                message: "Open your alerts to see it.",
                link: "/api/v1/therapist/alerts/\(alert.id)",
                actionRequired: true,
                isUrgent: alert.severity >= .high,
                dedupeKey: "alert:\(alert.id):\(alert.signals)",
                sentAt: access.now
            ).insert(in: transaction)
        }
    }
}
