public import Records
import Synchronization

/// A clock that stands still until a test moves it forward.
public final class TestClock: Sendable {
    private let current: Mutex<Timestamp>

    /// Starts on Monday, 3 March 2025, at 15:00 UTC, which is nine in the morning in Chicago.
    public init(_ start: Timestamp = Timestamp(milliseconds: 1_741_014_000_000)) { current = Mutex(start) }

    public var now: Timestamp { current.withLock { $0 } }

    /// Moves the clock forward; a clock never goes back.
    public func advance(_ duration: Duration) {
        precondition(duration >= .zero, "a clock never goes back")
        current.withLock { $0 = $0.adding(duration) }
    }
}

extension Duration {
    public static func minutes(_ count: Int) -> Duration { .seconds(60 * count) }
    public static func hours(_ count: Int) -> Duration { .seconds(3600 * count) }
    public static func days(_ count: Int) -> Duration { .seconds(86_400 * count) }
}
