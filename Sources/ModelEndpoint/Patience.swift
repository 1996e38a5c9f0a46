import Portal
import Synchronization

/// How long is waited: a moment that is put off by every word, and never beyond the end.
final class Patience: Sendable {
    private let end: ContinuousClock.Instant
    private let due: Mutex<ContinuousClock.Instant>

    init(first: Duration, total: Duration) {
        let now = ContinuousClock.now
        end = now.advanced(by: total)
        due = Mutex(min(end, now.advanced(by: first)))
    }

    func putOff(by duration: Duration) {
        let next = min(end, ContinuousClock.now.advanced(by: duration))
        due.withLock { $0 = next }
    }

    /// Throws ``ModelFailure/late`` once it is due; does not return.
    func end() async throws {
        while true {
            let due = due.withLock { $0 }
            if ContinuousClock.now >= due { throw ModelFailure.late }
            try await Task.sleep(until: due, clock: .continuous)
        }
    }
}
