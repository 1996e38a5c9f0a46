import HTTPTypes

/// How many requests are taken, by what they are for (SEC-08). Counted by each process for itself, in memory.
public struct RateLimits: Sendable, Hashable {
    /// So many at once, and then so many a minute.
    public struct Rate: Sendable, Hashable {
        public var burst: Int
        public var perMinute: Int

        public init(burst: Int, perMinute: Int) {
            self.burst = max(1, burst)
            self.perMinute = max(1, perMinute)
        }
    }

    /// Signing in and whatever else a stranger may change. By address; guessing at one name is throttled by the name besides.
    public var signIn = Rate(burst: 30, perMinute: 30)
    /// What anybody may read. By address.
    public var `public` = Rate(burst: 300, perMinute: 600)
    /// Talking to the assistant, by person. Generous: nobody in need should be asked to wait.
    public var chat = Rate(burst: 120, perMinute: 120)
    /// All else that people who are signed in do, by person.
    public var general = Rate(burst: 300, perMinute: 600)
    /// How many people may be behind one address, as in a practice: what they do together is limited to so many times as much.
    public var peoplePerAddress = 20

    public init() {}

    /// What one request counts as.
    enum Class: String, Sendable, CaseIterable { case signIn = "sign-in", `public`, chat, general }

    func rate(of kind: Class) -> Rate {
        switch kind {
        case .signIn: signIn
        case .public: `public`
        case .chat: chat
        case .general: general
        }
    }

    /// Of an address rather than of a person.
    func addressRate(of kind: Class) -> Rate {
        let rate = rate(of: kind)
        switch kind {
        case .signIn, .public: return rate
        case .chat, .general:
            return Rate(burst: rate.burst * peoplePerAddress, perMinute: rate.perMinute * peoplePerAddress)
        }
    }
}

extension Endpoint.Facts {
    var rateClass: RateLimits.Class {
        if path.contains("/chat/") { return .chat }
        guard rule == .anyone else { return .general }
        return method.isSafe ? .public : .signIn
    }
}

extension HTTPRequest.Method {
    /// Whether it changes nothing (RFC 9110 § 9.2.1).
    var isSafe: Bool { self == .get || self == .head || self == .options }
}

/// More requests came than are taken at once.
struct RateLimitExceeded: Error {
    let kind: RateLimits.Class
    /// Whole seconds until the next one is taken.
    let retryAfter: Int
}

extension ProblemMapping {
    static let rateLimit = ProblemMapping(RateLimitExceeded.self) { error in
        Problem(
            .tooManyRequests,
            "That was very much at once. Please try again in \(error.retryAfter) seconds.",
            headers: [.retryAfter: String(error.retryAfter)]
        )
    }
}
