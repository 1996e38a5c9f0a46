public import Portal
import Synchronization

/// A way out for mail that keeps what it is given, and fails as it is told to.
public final class TestMailbox: MailSending {
    private struct State {
        var taken: [MailMessage] = []
        var failures: [MailFailure] = []
        var tries = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// What was sent, in the order in which it came; to one address if it is given.
    public func messages(to address: String? = nil) -> [MailMessage] {
        state.withLock { $0.taken }.filter { address == nil || $0.to == address }
    }

    /// How often somebody tried to send.
    public var tries: Int { state.withLock { $0.tries } }

    /// The next tries fail like this, one after the other.
    public func fail(_ failures: MailFailure...) { state.withLock { $0.failures += failures } }

    public func send(_ message: MailMessage) async throws {
        try state.withLock { state in
            state.tries += 1
            guard state.failures.isEmpty else { throw state.failures.removeFirst() }
            state.taken.append(message)
        }
    }
}
