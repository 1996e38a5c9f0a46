public import Records
import Store
import Synchronization

/// Puts on record who is signed in and was turned away by an endpoint's own rule, before anything was looked at: who, from
/// where, which operation, and why.
///
/// The audit is a chain that only grows, and whoever is signed in can be turned away as often as they like. So the first
/// refusal of a person by an operation is written at once; further ones within the minute are counted in memory, and become
/// one row with their number when the minute is over. A person who tries many operations is told apart by the first
/// ``operationsPerPerson`` of them in a minute; all others are one. That makes at most 34 rows a minute of anybody, however
/// many sessions they use.
///
/// What a process that is killed can lose is the number of repeats within the last minute, and never that there were any
/// attempts. What cannot be written now, as when the disk is full, is kept and tried again; the refusal stands either way.
public struct EndpointRefusals: Sendable {
    /// How long repeats are one row.
    static let window: Duration = .seconds(60)
    static let operationsPerPerson = 16
    /// What stands for all operations beyond.
    static let anyOther = "any-other"

    private let desk: OversightDesk
    private let counts = Counts()

    init(desk: OversightDesk) { self.desk = desk }

    /// - Parameters:
    ///   - operation: as the OpenAPI document names it.
    ///   - reason: the rule that refused, as a code.
    public func note(_ operation: String, _ reason: AuditReason, as principal: Principal) async {
        await write(counts.add(operation, reason, principal, at: desk.surroundings.now()))
    }

    /// Writes the repeats of minutes that are over.
    ///
    /// - Parameter all: of minutes that are not over, too, as when the process ends.
    public func settle(all: Bool = false) async {
        await write(counts.settle(all ? nil : desk.surroundings.now()))
    }

    private func write(_ entries: [AuditEntry]) async {
        guard !entries.isEmpty else { return }
        let now = desk.surroundings.now()
        do {
            try await desk.database.write { transaction in
                for entry in entries { try desk.log.append(entry, at: now, in: transaction) }
            }
        } catch {
            counts.keep(entries)
        }
    }
}

/// The minutes that are not over.
private final class Counts: Sendable {
    private struct Person: Hashable {
        let practice: ID<Practice>
        let identity: Principal.Identity
    }

    private struct Key: Hashable {
        let person: Person
        let operation: String
        let reason: AuditReason
    }

    private struct Minute {
        let start: Timestamp
        /// From where the newest of the repeats came.
        var principal: Principal
        var repeats: Int64 = 0
    }

    private struct State {
        var minutes: [Key: Minute] = [:]
        /// How many operations of a person have a minute of their own.
        var operations: [Person: Int] = [:]
        /// The keys in the order in which their minutes began.
        var order: [Key] = []
        /// What could not be written.
        var unwritten: [AuditEntry] = []
    }

    /// Beyond this many rows that could not be written, further ones are lost.
    private static let capacity = 10_000

    private let state = Mutex(State())

    /// Takes a refusal, and says what is to be written.
    func add(_ operation: String, _ reason: AuditReason, _ principal: Principal, at now: Timestamp) -> [AuditEntry] {
        state.withLock { state in
            var entries = Self.settle(&state, at: now)
            let person = Person(practice: principal.practiceID, identity: principal.identity)
            var key = Key(person: person, operation: operation, reason: reason)
            if state.minutes[key] == nil, state.operations[person, default: 0] >= EndpointRefusals.operationsPerPerson {
                key = Key(person: person, operation: EndpointRefusals.anyOther, reason: "MANY")
            }
            if var minute = state.minutes[key] {
                minute.principal = principal
                minute.repeats &+= 1
                state.minutes[key] = minute
            } else {
                state.minutes[key] = Minute(start: now, principal: principal)
                state.operations[person, default: 0] += 1
                state.order.append(key)
                entries.append(Self.entry(key, principal))
            }
            return entries
        }
    }

    /// Takes back what could not be written.
    func keep(_ entries: [AuditEntry]) {
        state.withLock { state in
            state.unwritten += entries.prefix(max(0, Self.capacity - state.unwritten.count))
        }
    }

    /// - Parameter now: nil for all.
    func settle(_ now: Timestamp?) -> [AuditEntry] { state.withLock { Self.settle(&$0, at: now) } }

    private static func settle(_ state: inout State, at now: Timestamp?) -> [AuditEntry] {
        var entries = state.unwritten
        state.unwritten = []
        var over = 0
        for key in state.order {
            guard let minute = state.minutes[key] else {
                over += 1
                continue
            }
            // A clock that was set back ends a minute, too.
            if let now, minute.start <= now, minute.start.adding(EndpointRefusals.window) > now { break }
            over += 1
            state.minutes[key] = nil
            let left = state.operations[key.person, default: 1] - 1
            state.operations[key.person] = left > 0 ? left : nil
            if minute.repeats > 0 { entries.append(entry(key, minute.principal, minute.repeats)) }
        }
        state.order.removeFirst(over)
        return entries
    }

    private static func entry(_ key: Key, _ principal: Principal, _ times: Int64? = nil) -> AuditEntry {
        AuditEntry(
            principal: principal,
            action: "REQUEST.REFUSED",
            entity: "endpoints",
            entityID: String(key.operation.prefix(64)),
            outcome: .denied,
            reason: key.reason,
            times: times
        )
    }
}
