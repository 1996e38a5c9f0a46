public import Assessment
import Assistant
import Foundation
public import Records
import Store

/// Questionnaires from assignment to score: given, answered step by step, resumed, submitted, scored, and acted upon.
public struct AssessmentService: Sendable {
    let gate: ClientGate
    public let catalog: InstrumentCatalog
    let alerts: AlertService
    let safetyNet: SafetyNet

    var surroundings: Surroundings { gate.surroundings }

    /// How long a flagged answer may wait for its form to be submitted before the clinician is told all the same.
    static let unsubmittedFlagDelay: Duration = .seconds(15 * 60)

    init(gate: ClientGate, catalog: InstrumentCatalog, alerts: AlertService, safetyNet: SafetyNet) {
        self.gate = gate
        self.catalog = catalog
        self.alerts = alerts
        self.safetyNet = safetyNet
    }

    // MARK: - What there is to do

    /// A client's questionnaires: what is due, what was begun, what is done.
    public struct Overview: Sendable {
        public let assignments: [Assignment]
        public let administrations: [AdministrationView]
    }

    public func overview(of client: ID<Client>, as principal: Principal) async throws -> Overview {
        try await gate.open(
            .read,
            on: .assessments,
            of: client,
            as: principal,
            purpose: purpose(of: principal),
            entity: "assessments"
        ) { access in
            Overview(
                assignments: try access.all(
                    Assignment.self,
                    where: "status IN ('DUE', 'STARTED')",
                    order: "due_at IS NULL, due_at, id"
                ),
                administrations: try access.all(
                    Administration.self,
                    where: "status <> 'VOIDED'",
                    order: "started_at DESC, id DESC",
                    limit: 100
                )
                .map { try view($0, access, withResponses: false) }
            )
        }
    }

    /// Instruments that a client may answer without being asked to.
    public var adHocInstruments: [Instrument] {
        catalog.library.codes.compactMap { catalog.library[$0] }.filter(\.allowsAdHoc)
    }

    /// Gives a client a questionnaire. Throws ``Refusal/invalid(pointer:message:remedy:)`` for an unknown instrument and
    /// ``Refusal/conflict(_:)`` when the same one is still open.
    public func assign(_ code: String, to client: ID<Client>, dueAt: Timestamp?, as principal: Principal) async throws
        -> Assignment
    {
        guard let instrument = catalog.library[code] else { throw unknownInstrument(code) }
        return try await gate.open(
            .create,
            on: .assessments,
            of: client,
            as: principal,
            purpose: .treatment,
            entity: "assessment_assignments"
        ) { access in
            guard let staff = principal.staffID else { throw AccessDenied() }
            let isOpen =
                try access.count(
                    Assignment.self,
                    where: "instrument_code = \(instrument.code) AND status IN ('DUE', 'STARTED')"
                ) > 0
            if isOpen { throw Refusal.conflict("\(instrument.code) is assigned already and not yet answered.") }
            let assignment = Assignment(
                id: surroundings.newID(),
                clientID: client,
                instrumentCode: instrument.code,
                origin: .staff,
                assignedByUserID: staff,
                dueAt: dueAt,
                status: .due,
                createdAt: access.now,
                updatedAt: access.now
            )
            try access.insert(assignment)
            try access.append(DomainEvent("assessment.assigned", subject: assignment.id.text), ids: surroundings)
            try access.enqueue(WorkRequest("assessment.tell-client", subject: assignment.id.text), ids: surroundings)
            return assignment
        }
    }

    // MARK: - Answering

    /// Begins a questionnaire, or goes on with the one that was begun: from an assignment, or ad hoc where the instrument
    /// allows it.
    public func start(
        _ code: String?,
        assignment assignmentID: ID<Assignment>?,
        for client: ID<Client>,
        as principal: Principal
    ) async throws -> AdministrationView {
        try await gate.open(
            .create,
            on: .assessments,
            of: client,
            as: principal,
            purpose: purpose(of: principal),
            entity: "assessments",
            entityID: assignmentID?.text
        ) { access in
            var assignment = try assignmentID.map { try access.one($0) }
            if let assignment,
                let begun = try access.first(
                    Administration.self,
                    where: "assignment_id = \(assignment.id) AND status <> 'VOIDED'"
                )
            {
                return try view(begun, access)
            }
            if let assignment, assignment.status != .due {
                throw Refusal.conflict("This questionnaire is no longer open.")
            }
            guard let wanted = assignment?.instrumentCode ?? code, let instrument = catalog.library[wanted],
                let version = catalog.versionID(of: instrument)
            else { throw unknownInstrument(assignment?.instrumentCode ?? code ?? "") }
            if assignment == nil {
                guard instrument.allowsAdHoc || principal.staffID != nil else {
                    throw Refusal.conflict("\(instrument.code) is answered when the practice asks for it.")
                }
                if let begun = try access.first(
                    Administration.self,
                    where: "assignment_id IS NULL AND status = 'IN_PROGRESS' AND instrument_version_id = \(version)",
                    order: "started_at DESC"
                ) {
                    return try view(begun, access)
                }
            }
            let administration = Administration(
                id: surroundings.newID(),
                clientID: client,
                assignmentID: assignment?.id,
                instrumentVersionID: version,
                respondent: respondent(access),
                accountID: principal.accountID,
                status: .inProgress,
                rev: 1,
                startedAt: access.now,
                createdAt: access.now,
                updatedAt: access.now
            )
            try access.insert(administration)
            if assignment != nil {
                assignment?.status = .started
                assignment?.updatedAt = access.now
                if let assignment { try access.update(assignment) }
            }
            return try view(administration, access)
        }
    }

    /// Saves some answers; the others stay. An answer of null takes an earlier one back.
    ///
    /// - Parameter rev: the `rev` that the caller last saw; a mismatch throws ``Refusal/conflict(_:)``, since another
    ///   device has saved meanwhile. Nil does not check.
    /// - Returns: the form as it stands, with help to show at once when an answer calls for it.
    public func save(
        _ responses: Responses,
        to id: ID<Administration>,
        rev: Int? = nil,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> AdministrationView {
        try await change(id, responses, of: client, as: principal) { access in
            var administration = try access.one(id)
            let scorer = try scorer(of: administration)
            try checkOpen(administration, rev: rev)
            try store(responses, of: administration, scorer: scorer, access)
            administration.rev += 1
            administration.updatedAt = access.now
            try access.update(administration)
            let answers = try answers(of: administration, access)
            if scorer.flags(answers).raised.contains(where: \.level.isRisk) {
                // With the rev, since a flagged answer may be taken back and given again.
                try access.enqueue(
                    WorkRequest(
                        "assessment.unsubmitted-flag",
                        subject: id.text,
                        dedupeKey: "\(id):\(administration.rev)",
                        runAt: access.now.adding(Self.unsubmittedFlagDelay)
                    ),
                    ids: surroundings
                )
            }
            try screenTexts(responses, of: administration, access)
            return try view(administration, access)
        }
    }

    /// Submits and scores. Everything that follows (scores, alerts, events, work) happens in the same transaction.
    ///
    /// - Parameters:
    ///   - responses: last answers to save with it.
    ///   - acceptIncomplete: submit even though answers are missing that the score needs. Otherwise the outcome says what
    ///     is missing and the form stays open; safety alerts are raised in either case.
    public func submit(
        _ id: ID<Administration>,
        responses: Responses = .init(),
        acceptIncomplete: Bool = false,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> AdministrationView {
        try await change(id, responses, of: client, as: principal) { access in
            var administration = try access.one(id)
            // The same submission twice, after a lost answer, is the same result.
            if [.completed, .incomplete].contains(administration.status) { return try view(administration, access) }
            let scorer = try scorer(of: administration)
            try checkOpen(administration, rev: nil)
            try store(responses, of: administration, scorer: scorer, access)
            try screenTexts(responses, of: administration, access)
            let outcome = scorer.score(try answers(of: administration, access))
            guard let report = outcome.report else { throw invalid(outcome) }
            try raiseFlags(report, administration, scorer.instrument, access)
            if case .incomplete = outcome, !acceptIncomplete {
                administration.rev += 1
                administration.updatedAt = access.now
                try access.update(administration)
                return try view(administration, access)
            }
            if case .scored = outcome {
                administration.status = .completed
            } else {
                administration.status = .incomplete
            }
            administration.completedAt = access.now
            administration.rev += 1
            administration.updatedAt = access.now
            administration.report = SealedText(try StoredReport.encode(report))
            try access.update(administration)
            try complete(administration.assignmentID, access)
            try store(report, of: administration, access)
            try raiseScoreAlerts(report, administration, scorer.instrument, access)
            try access.append(DomainEvent("assessment.scored", subject: id.text), ids: surroundings)
            try access.enqueue(WorkRequest("assessment.tell-clinician", subject: id.text), ids: surroundings)
            return try view(administration, access)
        }
    }

    /// Opens an administration for change. When that is refused (another device was faster, an answer is none), what the
    /// client wrote was read by nobody, and is screened all the same.
    private func change(
        _ id: ID<Administration>,
        _ responses: Responses,
        of client: ID<Client>,
        as principal: Principal,
        _ body: @escaping @Sendable (ClientAccess) throws -> AdministrationView
    ) async throws -> AdministrationView {
        do {
            return try await gate.open(
                .change,
                on: .assessments,
                of: client,
                as: principal,
                purpose: purpose(of: principal),
                entity: "assessments",
                entityID: id.text,
                body
            )
        } catch let refusal as Refusal {
            guard responses.values.values.contains(where: { isAlarming($0, in: principal.practiceID) }) else {
                throw refusal
            }
            try await gate.open(
                .change,
                on: .assessments,
                of: client,
                as: principal,
                purpose: purpose(of: principal),
                entity: "assessments",
                entityID: id.text
            ) { access in try screenTexts(responses, of: access.one(id), access) }
            throw refusal
        }
    }

    /// One administration with its answers, and its result when it is submitted.
    public func administration(_ id: ID<Administration>, of client: ID<Client>, as principal: Principal) async throws
        -> AdministrationView
    {
        try await gate.open(
            .read,
            on: .assessments,
            of: client,
            as: principal,
            purpose: purpose(of: principal),
            entity: "assessments",
            entityID: id.text
        ) { access in try view(try access.one(id), access) }
    }

    // MARK: - Parts

    func purpose(of principal: Principal) -> Purpose { principal.accountID != nil ? .ownCare : .treatment }

    private func respondent(_ access: ClientAccess) -> Administration.Respondent {
        access.relation == .`self` ? .client : access.relation.isProxy ? .proxy : .clinician
    }

    func scorer(of administration: Administration) throws -> Scorer {
        guard let scorer = catalog.scorer(for: administration.instrumentVersionID) else { throw RecordNotFound() }
        return scorer
    }

    func unknownInstrument(_ code: String) -> Refusal {
        .invalid(
            pointer: "/instrument",
            message: "there is no instrument \(String(code.prefix(40)))",
            remedy: "Choose one of: \(catalog.library.codes.joined(separator: ", "))"
        )
    }

    func invalid(_ outcome: Outcome) -> Refusal {
        guard case .invalid(let errors) = outcome, let first = errors.first else {
            return .conflict("The answers cannot be scored.")
        }
        return .invalid(
            pointer: first.item.map { "/responses/\($0)" } ?? "/responses",
            message: first.message,
            remedy: "Send one of the item's option values, or null for no answer"
        )
    }

    private func checkOpen(_ administration: Administration, rev: Int?) throws {
        guard administration.status == .inProgress else {
            throw Refusal.conflict("This questionnaire was submitted already.")
        }
        if let rev, rev != administration.rev {
            throw Refusal.conflict(
                "Answers were saved from another device meanwhile. Load the questionnaire again; nothing is lost."
            )
        }
    }

    private func complete(_ assignment: ID<Assignment>?, _ access: ClientAccess) throws {
        guard let assignment else { return }
        var done = try access.one(assignment)
        done.status = .completed
        done.updatedAt = access.now
        try access.update(done)
    }
}
