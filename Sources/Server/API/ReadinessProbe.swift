import Portal
import Records
import Synchronization

/// What was found when it was last looked whether the service can serve. Anybody may ask, so asking often must cost nothing:
/// within ``freshness`` the last answer is given again.
final class ReadinessProbe: Sendable {
    private struct Found {
        var at: Timestamp
        var checks: [String: String]
    }

    static let freshness: Duration = .seconds(5)

    private let portal: Portal
    private let last = Mutex<Found?>(nil)

    init(portal: Portal) { self.portal = portal }

    func checks() async -> [String: String] {
        let now = portal.surroundings.now()
        let known = last.withLock { last -> [String: String]? in
            guard let found = last else { return nil }
            if now < found.at.adding(Self.freshness) { return found.checks }
            // Whoever asks while this one looks gets what was found before.
            last?.at = now
            return nil
        }
        if let known { return known }
        let checks = await portal.readiness()
        last.withLock { $0 = Found(at: now, checks: checks) }
        return checks
    }
}
