import Records
import Synchronization

/// Counts requests in token buckets: a bucket holds as many as may come at once, and fills again as time goes by.
final class RateLimiter: Sendable {
    enum Subject: Sendable, Hashable {
        /// ``NetworkAddress/place``.
        case address([UInt8])
        case person(String)
    }

    struct Verdict: Sendable, Hashable {
        let isTaken: Bool
        /// How many more may come at once.
        let remaining: Int
        /// Whole seconds until the next one is taken; 0 when it is now.
        let retryAfter: Int
    }

    private struct Key: Hashable {
        let subject: Subject
        let kind: RateLimits.Class
    }

    private struct Bucket {
        /// Thousandths of a request, so that nothing is lost to rounding.
        var level: Int64
        var at: Int64
        let rate: RateLimits.Rate

        /// When it will be full, in epoch milliseconds.
        var fullAt: Int64 { at &+ (Int64(rate.burst) * 1000 - level) * 60 / Int64(rate.perMinute) }
    }

    private let capacity: Int
    private let buckets = Mutex<[Key: Bucket]>([:])

    /// - Parameter capacity: how many buckets are kept, which bounds what strangers can make us hold.
    init(capacity: Int = 50_000) { self.capacity = max(10, capacity) }

    func take(_ kind: RateLimits.Class, by subject: Subject, _ rate: RateLimits.Rate, at now: Timestamp) -> Verdict {
        buckets.withLock { buckets in
            let key = Key(subject: subject, kind: kind)
            let full = Int64(rate.burst) * 1000
            if buckets[key] == nil, buckets.count >= capacity { Self.makeRoom(in: &buckets, at: now.milliseconds) }
            var bucket = buckets[key] ?? Bucket(level: full, at: now.milliseconds, rate: rate)
            // A clock that was set back fills nothing; a long time fills no more than the bucket holds.
            let passed = min(max(0, now.milliseconds &- bucket.at), 86_400_000)
            bucket.level = min(full, bucket.level + passed * Int64(rate.perMinute) / 60)
            bucket.at = now.milliseconds
            let isTaken = bucket.level >= 1000
            if isTaken { bucket.level -= 1000 }
            buckets[key] = bucket
            let missing = max(0, 1000 - bucket.level)
            let perSecond = Int64(rate.perMinute) * 1000
            return Verdict(
                isTaken: isTaken,
                remaining: Int(bucket.level / 1000),
                retryAfter: isTaken ? 0 : Int(max(1, (missing * 60 + perSecond - 1) / perSecond))
            )
        }
    }

    /// Forgets buckets that are full again; where all are in use, the tenth that is nearest to full.
    private static func makeRoom(in buckets: inout [Key: Bucket], at now: Int64) {
        let count = buckets.count
        buckets = buckets.filter { $0.value.fullAt > now }
        guard buckets.count > count - count / 10 else { return }
        let nearest = buckets.sorted { $0.value.fullAt < $1.value.fullAt }.prefix(max(1, count / 10))
        for (key, _) in nearest { buckets[key] = nil }
    }

    var count: Int { buckets.withLock { $0.count } }
}
