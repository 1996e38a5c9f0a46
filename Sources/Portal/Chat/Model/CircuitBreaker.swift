public import Records
import Synchronization

/// Leaves a language model alone that keeps failing, so that nobody waits for it: after some failures in a row it is not
/// asked for a while, then one question tries it out, and only when that succeeds is it asked again by all.
public final class CircuitBreaker: Sendable {
    public enum State: String, Sendable, Codable, CaseIterable {
        /// It is asked.
        case closed = "CLOSED"
        /// It is left alone.
        case open = "OPEN"
        /// One question tries it out, or the next one will.
        case halfOpen = "HALF_OPEN"
    }

    private struct Record {
        var failures = 0
        /// How often in a row it was left alone.
        var rests = 0
        var restsUntil: Timestamp?
        var isTriedOut = false
    }

    /// Failures in a row after which it is left alone.
    public static let mostFailures = 3
    /// For how long at first; twice as long each time it fails again, up to sixteen times.
    public static let rest: Duration = .seconds(30)
    private static let mostDoublings = 4
    /// The longest time that a server may ask for.
    private static let longestWish: Duration = .seconds(3600)

    private let record = Mutex(Record())

    public init() {}

    public func state(at now: Timestamp) -> State {
        record.withLock { record in
            guard let end = record.restsUntil else { return .closed }
            return now < end ? .open : .halfOpen
        }
    }

    /// Whether it may be asked now. Whoever gets a yes says what came of it: ``succeeded()``, ``failed(at:wish:)`` or
    /// ``abandoned()``.
    func admits(at now: Timestamp) -> Bool {
        record.withLock { record in
            guard let end = record.restsUntil else { return true }
            guard now >= end, !record.isTriedOut else { return false }
            record.isTriedOut = true
            return true
        }
    }

    func succeeded() { record.withLock { $0 = Record() } }

    /// - Parameter wish: for how long the server asked to be left alone; it is from the first time.
    func failed(at now: Timestamp, wish: Duration? = nil) {
        record.withLock { record in
            let wasTriedOut = record.isTriedOut
            record.isTriedOut = false
            record.failures += 1
            guard wasTriedOut || wish != nil || record.failures >= Self.mostFailures else { return }
            let rest = Self.rest * (1 << min(record.rests, Self.mostDoublings))
            record.rests += 1
            let end = now.adding(max(rest, min(wish ?? rest, Self.longestWish)))
            // Another that failed a moment later does not shorten what the server asked for.
            record.restsUntil = max(record.restsUntil ?? end, end)
        }
    }

    /// The question was not asked after all, or its asker went away: nothing is known of the model.
    func abandoned() { record.withLock { $0.isTriedOut = false } }
}
