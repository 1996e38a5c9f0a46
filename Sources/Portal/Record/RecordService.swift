public import Assistant
public import Records
import Store

/// Reads and writes every kind of record through its declaration: one access, one transaction, and in it the record, its
/// event, the crisis screen's findings, and the notifications.
public struct RecordService: Sendable {
    private let gate: ClientGate
    private let safetyNet: SafetyNet
    private let alerts: AlertService

    init(gate: ClientGate, safetyNet: SafetyNet, alerts: AlertService) {
        self.gate = gate
        self.safetyNet = safetyNet
        self.alerts = alerts
    }

    /// What was written, and the help to show with it when its words call for that.
    public struct Written<Kind: RecordKind>: Sendable {
        public let record: Record<Kind>
        public let panel: CrisisPanel?
    }

    // MARK: - Reading

    /// A list from its beginning, of what `principal` sees of a client.
    public func list<Kind: RecordKind>(
        _ kind: Kind.Type,
        _ window: RecordWindow<Kind>,
        of client: ID<Client>,
        as principal: Principal,
        through door: Door
    ) async throws -> [Record<Kind>] {
        try await open(kind, .read, of: client, as: principal, through: door) { try $0.list(kind, window) }
    }

    public func record<Kind: RecordKind>(
        _ id: ID<Record<Kind>>,
        of client: ID<Client>,
        as principal: Principal,
        through door: Door
    ) async throws -> Record<Kind> {
        try await open(Kind.self, .read, of: client, as: principal, through: door, id: id.text) { try $0.one(id) }
    }

    // MARK: - Writing

    /// Does `act`.
    ///
    /// Throws ``RecordFaults``, ``StepRefused``, ``StaleRecord``, ``RecordNotFound`` and ``AccessDenied``; nothing is stored
    /// then.
    ///
    /// - Parameters: as in ``ClientAccess/perform(_:_:on:rev:offlineKey:shared:ids:)``.
    public func perform<Doing: RecordAct>(
        _ act: Doing,
        _ input: Doing.Input,
        on id: ID<Record<Doing.Kind>>? = nil,
        rev: Int? = nil,
        offlineKey: String? = nil,
        shared: Bool? = nil,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> Written<Doing.Kind> {
        try await open(Doing.Kind.self, act.form.action, of: client, as: principal, through: act.door, id: id?.text) {
            access in
            let record = try access.perform(
                act,
                input,
                on: id,
                rev: rev,
                offlineKey: offlineKey,
                shared: shared,
                ids: gate.surroundings
            )
            if act.telling != nil {
                try access.enqueue(
                    RecordTelling.request(act.event, record.id.text, rev: record.rev),
                    ids: gate.surroundings
                )
            }
            return Written(record: record, panel: try screen(record, under: access))
        }
    }

    /// Switches whether the clinician sees a record. What is shared now is screened as if it had been written now.
    public func share<Kind: RecordKind>(
        _ id: ID<Record<Kind>>,
        _ shared: Bool,
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> Written<Kind> {
        try await open(Kind.self, .change, of: client, as: principal, through: .portal, id: id.text) { access in
            let record = try access.share(id, shared)
            return Written(record: record, panel: try screen(record, under: access))
        }
    }

    /// Puts records of a kind that stands in an order into another one.
    ///
    /// Throws as ``ClientAccess/order(_:ids:)``.
    public func order<Kind: RecordKind>(
        _ order: [ID<Record<Kind>>],
        of client: ID<Client>,
        as principal: Principal
    ) async throws -> [Record<Kind>] {
        try await open(Kind.self, .change, of: client, as: principal, through: .portal) { access in
            try access.order(order, ids: gate.surroundings)
        }
    }

    public func delete<Kind: RecordKind>(
        _ id: ID<Record<Kind>>,
        of client: ID<Client>,
        as principal: Principal,
        through door: Door
    ) async throws {
        try await open(Kind.self, .delete, of: client, as: principal, through: door, id: id.text) { access in
            try access.remove(id, ids: gate.surroundings)
        }
    }

    // MARK: - Across clients

    /// The newest records of all clients, for administrators: masked ones without what tells who they are from.
    public func practiceList<Kind: RecordKind>(
        _ kind: Kind.Type,
        _ window: RecordWindow<Kind>,
        as principal: Principal
    ) async throws -> [PracticeRecord<Kind>] {
        try await gate.openCaseload(
            on: Kind.declaration.area,
            as: principal,
            purpose: Door.practice.purpose,
            entity: Kind.declaration.table.text
        ) { access in
            try access.list(kind, window).map { PracticeRecord($0, isMasked: access.isMasked) }
        }
    }

    /// Shows an administrator a masked record whole, for a reason that stays on record.
    public func reveal<Kind: RecordKind>(
        _ id: ID<Record<Kind>>,
        because reason: RevealReason,
        note: String,
        as principal: Principal
    ) async throws -> PracticeRecord<Kind> {
        guard !note.allSatisfy(\.isWhitespace) else {
            throw RecordFaults("note", "is empty", remedy: "Say why you need to know; it stays on record")
        }
        let declaration = Kind.declaration
        let client = try await gate.openCaseload(
            on: declaration.area,
            as: principal,
            purpose: Door.practice.purpose,
            entity: declaration.table.text
        ) { access in
            guard access.isMasked else { throw AccessDenied() }
            guard let record = try access.all(Record<Kind>.self, where: "id = \(id)", limit: 1).first else {
                throw RecordNotFound()
            }
            return record.clientID
        }
        return try await gate.open(
            .reveal,
            on: declaration.area,
            of: client,
            as: principal,
            purpose: Door.practice.purpose,
            entity: declaration.table.text,
            entityID: id.text,
            reason: "\(reason.rawValue): \(note)"
        ) { PracticeRecord(try $0.one(id), isMasked: false) }
    }

    // MARK: - What follows

    private func open<Kind: RecordKind, Result: Sendable>(
        _ kind: Kind.Type,
        _ action: AccessAction,
        of client: ID<Client>,
        as principal: Principal,
        through door: Door,
        id: String? = nil,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        try await gate.open(
            action,
            on: Kind.declaration.area,
            of: client,
            as: principal,
            purpose: door.purpose,
            entity: Kind.declaration.table.text,
            entityID: id,
            body
        )
    }

    /// What the client wrote is screened whenever it is written. Help is shown to the writer in any case; the care team hears
    /// of it when it is shared with them.
    private func screen<Kind: RecordKind>(_ record: Record<Kind>, under access: ClientAccess) throws -> CrisisPanel? {
        guard access.principal.accountID != nil, let screening = Kind.declaration.screening,
            let source = CrisisEvent.Source(rawValue: screening.source)
        else { return nil }
        let text = screening.texts(record.content).compactMap { $0?.plaintext }.joined(separator: "\n")
        let finding = safetyNet.screen(text, of: access.practiceID)
        guard finding.tier > .none else { return nil }
        if record.shared {
            try safetyNet.record(
                finding,
                text: text,
                source: source,
                // A record that is written anew is a new event.
                sourceID: "\(record.id):\(record.rev)",
                access: access,
                alerts: alerts,
                surroundings: gate.surroundings
            )
        }
        return safetyNet.panel(for: finding.tier, language: finding.language, region: try access.practice().region)
    }
}
