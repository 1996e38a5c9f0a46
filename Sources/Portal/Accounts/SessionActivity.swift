import Records
import Synchronization

/// What was done in sessions since their rows were last written, so that not every request is a write. In memory: a crash
/// loses at most a minute of counts.
final class SessionActivity: Sendable {
    struct Count: Sendable, Hashable {
        var views = 0
        var actions = 0
    }

    /// Beyond this many sessions counting stops until some are written.
    private static let capacity = 50_000

    private let counts = Mutex<[ID<Session>: Count]>([:])

    func add(_ use: SessionService.Use, to session: ID<Session>) {
        counts.withLock { counts in
            guard counts[session] != nil || counts.count < Self.capacity else { return }
            switch use {
            case .view: counts[session, default: Count()].views += 1
            case .action: counts[session, default: Count()].actions += 1
            case .watching: break
            }
        }
    }

    /// What is to be written, which is forgotten here.
    func take(_ session: ID<Session>) -> Count {
        counts.withLock { $0.removeValue(forKey: session) } ?? Count()
    }
}
