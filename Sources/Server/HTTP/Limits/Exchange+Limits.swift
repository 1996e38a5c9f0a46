import HTTPTypes
import Records

extension Exchange {
    /// The client's address: the other end of the connection or, when that is a proxy of one's own, the last address that no
    /// such proxy added. Nobody else's `X-Forwarded-For` is looked at, since anybody can write it.
    static func clientAddress(
        peer: NetworkAddress?,
        forwarded: [String],
        trusting proxies: [AddressBlock]
    ) -> NetworkAddress? {
        func isTrusted(_ address: NetworkAddress) -> Bool { proxies.contains { $0.contains(address) } }
        guard let peer, isTrusted(peer) else { return peer }
        var nearest = peer
        for entry in forwarded.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }).reversed() {
            // What is beyond something unreadable may be anybody's invention.
            guard let address = NetworkAddress(entry.filter { !$0.isWhitespace }) else { break }
            nearest = address
            if !isTrusted(address) { break }
        }
        return nearest
    }

    /// Counts the request against its address. Throws ``RateLimitExceeded``.
    func limitByAddress(_ kind: RateLimits.Class) throws {
        guard let limits = reception.options.rateLimits, let clientAddress else { return }
        try take(kind, by: .address(clientAddress.place), limits.addressRate(of: kind))
    }

    /// Counts the request against whoever is signed in. Throws ``RateLimitExceeded``.
    func limit(_ principal: Principal, _ kind: RateLimits.Class) throws {
        guard let limits = reception.options.rateLimits else { return }
        let person = principal.accountID?.text ?? principal.staffID?.text ?? "system"
        try take(kind, by: .person(person), limits.rate(of: kind))
    }

    private func take(_ kind: RateLimits.Class, by subject: RateLimiter.Subject, _ rate: RateLimits.Rate) throws {
        let verdict = reception.limiter.take(kind, by: subject, rate, at: reception.now())
        // As in draft-ietf-httpapi-ratelimit-headers.
        context.fields.set("RateLimit-Policy", "\"\(kind.rawValue)\";q=\(rate.burst);w=60")
        context.fields.set("RateLimit", "\"\(kind.rawValue)\";r=\(verdict.remaining);t=\(verdict.retryAfter)")
        guard verdict.isTaken else { throw RateLimitExceeded(kind: kind, retryAfter: verdict.retryAfter) }
    }
}
