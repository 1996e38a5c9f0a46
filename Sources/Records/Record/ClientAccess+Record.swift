import Store

/// Records of a kind under an access.
extension ClientAccess {
    /// Does an act under this access: checks the outcome by the kind's rules, stores it and appends its event.
    ///
    /// Throws ``RecordFaults`` for what is not valid, ``RecordNotFound``, ``StaleRecord`` when `rev` is given and is not the
    /// record's any more, and what the act itself throws.
    ///
    /// - Parameters:
    ///   - id: the record that the act is done to; nil when it makes one.
    ///   - offlineKey: the writer's own key for a new record. One that is there already is returned as it is.
    ///   - shared: whether a new record of a switchable kind is shared; the client's default unless given.
    public func perform<Doing: RecordAct>(
        _ act: Doing,
        _ input: Doing.Input,
        on id: ID<Record<Doing.Kind>>? = nil,
        rev: Int? = nil,
        offlineKey: String? = nil,
        shared: Bool? = nil,
        ids: Surroundings
    ) throws -> Record<Doing.Kind> {
        let context = ActContext(access: self)
        guard let id else {
            if let offlineKey, let known = try first(Record<Doing.Kind>.self, where: "offline_key = \(offlineKey)") {
                return known
            }
            var content = try act.apply(input, to: nil, in: context)
            try place(&content)
            let record = Record(
                content,
                shared: try isShared(Doing.Kind.self, chosen: shared),
                offlineKey: offlineKey,
                access: self,
                ids: ids
            )
            try check(record)
            try insert(record)
            try append(DomainEvent(act.event, subject: record.id.text), ids: ids)
            return record
        }
        var record = try one(id)
        try record.advance(from: rev, at: now)
        record.content = try act.apply(input, to: record.content, in: context)
        try check(record)
        try update(record)
        try append(DomainEvent(act.event, subject: record.id.text), ids: ids)
        return record
    }

    /// Switches whether the clinician sees a record.
    public func share<Kind: RecordKind>(_ id: ID<Record<Kind>>, _ shared: Bool) throws -> Record<Kind> {
        guard case .switchable = Kind.declaration.sharing else { throw RecordNotFound() }
        var record = try one(id)
        guard record.shared != shared else { return record }
        try record.advance(from: nil, at: now)
        record.shared = shared
        try check(record)
        try update(record)
        return record
    }

    /// Puts these records first, in this order; those that are not named follow as they were. Throws ``RecordFaults`` when
    /// one is named twice or is none of the client's.
    public func order<Kind: RecordKind>(_ order: [ID<Record<Kind>>], ids: Surroundings) throws -> [Record<Kind>] {
        guard let ordering = Kind.declaration.ordering else { throw RecordNotFound() }
        let known = try list(Kind.self, .whole)
        let byID = Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let named = order.compactMap { byID[$0] }
        guard named.count == order.count, Set(order).count == order.count else {
            throw RecordFaults(
                "order",
                "should name records, each once",
                remedy: "Read the list again and send their ids"
            )
        }
        for (position, record) in (named + known.filter { !order.contains($0.id) }).enumerated()
        where record.content[keyPath: ordering.position] != position {
            var moved = record
            try moved.advance(from: nil, at: now)
            moved.content[keyPath: ordering.position] = position
            try update(moved)
        }
        try append(DomainEvent(ordering.event, subject: clientID.text), ids: ids)
        return try list(Kind.self, .whole)
    }

    /// Takes a record away. Needs an access for ``AccessAction/delete``.
    public func remove<Kind: RecordKind>(_ id: ID<Record<Kind>>, ids: Surroundings) throws {
        guard let deletion = Kind.declaration.deletion else { throw RecordNotFound() }
        try delete(id)
        try append(DomainEvent(deletion.event, subject: id.text), ids: ids)
    }

    /// A list from its beginning: the newest records, or those that stand first.
    public func list<Kind: RecordKind>(_ kind: Kind.Type, _ window: RecordWindow<Kind>) throws -> [Record<Kind>] {
        try all(Record<Kind>.self, where: window.condition, order: window.order, limit: window.limit)
    }

    /// Puts a new record at the end, where its kind has an order.
    private func place<Kind: RecordKind>(_ content: inout Kind) throws {
        guard let ordering = Kind.declaration.ordering else { return }
        let known = try list(Kind.self, .whole)
        guard known.count < ordering.limit else {
            throw StepRefused("There are \(known.count) already, and no more can be kept. Remove one first.")
        }
        content[keyPath: ordering.position] = (known.last?.content[keyPath: ordering.position] ?? -1) + 1
    }

    private func isShared<Kind: RecordKind>(_ kind: Kind.Type, chosen: Bool?) throws -> Bool {
        switch Kind.declaration.sharing {
        case .always: true
        case .switchable(let data): try chosen ?? sharesByDefault(data)
        }
    }

    private func check<Kind: RecordKind>(_ record: Record<Kind>) throws {
        let findings = Kind.declaration.rules.compactMap { $0.fault(record.content, now) }
        guard findings.isEmpty else { throw RecordFaults(findings) }
        if let refusal = Kind.declaration.sharingFault(record) { throw StepRefused(refusal) }
    }
}

extension CaseloadAccess {
    /// A list from its beginning, of all clients that may be seen.
    public func list<Kind: RecordKind>(_ kind: Kind.Type, _ window: RecordWindow<Kind>) throws -> [Record<Kind>] {
        try all(Record<Kind>.self, where: window.condition, order: window.order, limit: window.limit)
    }
}

/// A stretch of a kind's records along its timeline.
public struct RecordWindow<Kind: RecordKind>: Sendable {
    public let limit: Int
    /// Not before this moment.
    public let from: Timestamp?
    /// Before this moment.
    public let until: Timestamp?
    /// The last record of the stretch before, by its moment and id.
    public let after: (moment: Timestamp, id: ID<Record<Kind>>)?

    public init(
        limit: Int,
        from: Timestamp? = nil,
        until: Timestamp? = nil,
        after: (moment: Timestamp, id: ID<Record<Kind>>)? = nil
    ) {
        self.limit = limit
        self.from = from
        self.until = until
        self.after = after
    }

    /// All that there is of a kind that stands in an order, or the newest.
    public static var whole: Self { Self(limit: Kind.declaration.ordering?.limit ?? 100) }

    private var timeline: SQL.Name { Kind.declaration.timeline }

    var order: SQL { Kind.declaration.ordering == nil ? "\(timeline) DESC, id DESC" : "position, id" }

    var condition: SQL {
        var conditions: [SQL] = ["TRUE"]
        if let from { conditions.append("\(timeline) >= \(from)") }
        if let until { conditions.append("\(timeline) < \(until)") }
        if let after { conditions.append("(\(timeline), id) < (\(after.moment), \(after.id))") }
        return SQL.joined(conditions, separator: " AND ")
    }
}
