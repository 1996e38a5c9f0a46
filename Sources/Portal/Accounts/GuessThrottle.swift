import Crypto
import Foundation
import Records
import Store

/// Counts failures in a row, by a keyed hash of what they have in common: a name, an address, a challenge's owner. Names count
/// whether or not somebody bears them, so that the answers are alike.
struct GuessThrottle: Sendable {
    private let key: SymmetricKey
    private let surroundings: Surroundings

    /// Failures from one address within an hour, at names of any kind, after which it has to wait. A practice's whole waiting
    /// room may sit behind one address.
    static let addressFailures = 100
    static let addressWindow: Duration = .seconds(3600)

    init(master: MasterKey, surroundings: Surroundings) {
        key = master.derived(for: "sign-in-throttle")
        self.surroundings = surroundings
    }

    func hash(_ parts: String...) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(parts.joined(separator: "|").utf8), using: key)
            .map { String(format: "%02x", $0) }.joined()
    }

    func nameHash(_ name: String, door: SignInService.Door, practice: ID<Practice>) -> String {
        hash(practice.text, door.rawValue, name)
    }

    /// Nil for a request without an address.
    func addressHash(_ origin: Principal.Origin) -> String? { origin.ip.map { hash("address", $0) } }

    /// Until when `hash` is locked; nil when it isn't.
    func lock(of hash: String, in transaction: Transaction) throws -> Timestamp? {
        let row = try transaction.row("SELECT locked_until FROM sign_in_throttles WHERE name_hash = \(hash)")
        let until: Timestamp? = try row?.get("locked_until")
        return until.flatMap { $0 > surroundings.now() ? $0 : nil }
    }

    /// Throws ``Refusal/tooManyTries(until:)`` for an address that failed too often.
    func checkAddress(_ origin: Principal.Origin, in transaction: Transaction) throws {
        guard let hash = addressHash(origin), let until = try lock(of: hash, in: transaction) else { return }
        throw Refusal.tooManyTries(until: until)
    }

    /// Counts one more failure and locks when there were `limit`. Returns whether the lock fell now. A lock that has run out, or
    /// a `window` without failures, starts the count anew.
    func fail(
        _ hash: String,
        limit: Int,
        lock: Duration,
        window: Duration = .seconds(86_400),
        in transaction: Transaction
    )
        throws -> Bool
    {
        let now = surroundings.now()
        let stale = now.adding(.zero - window)
        try transaction.execute(
            """
            INSERT INTO sign_in_throttles (name_hash, failures, locked_until, updated_at) VALUES (\(hash), 1, NULL, \(now))
            ON CONFLICT (name_hash) DO UPDATE SET
                failures = CASE WHEN (sign_in_throttles.locked_until IS NOT NULL AND sign_in_throttles.locked_until <= \(now))
                                  OR sign_in_throttles.updated_at < \(stale)
                                THEN 1 ELSE sign_in_throttles.failures + 1 END,
                locked_until = CASE WHEN sign_in_throttles.locked_until > \(now) THEN sign_in_throttles.locked_until END,
                updated_at = \(now)
            """
        )
        // Names that nobody tried for a day need no counter.
        try transaction.execute("DELETE FROM sign_in_throttles WHERE updated_at < \(now.adding(.seconds(-86_400)))")
        return try transaction.execute(
            """
            UPDATE sign_in_throttles SET locked_until = \(now.adding(lock))
            WHERE name_hash = \(hash) AND locked_until IS NULL AND failures >= \(limit)
            """
        ) > 0
    }

    func failAddress(_ origin: Principal.Origin, in transaction: Transaction) throws {
        guard let hash = addressHash(origin) else { return }
        _ = try fail(
            hash,
            limit: Self.addressFailures,
            lock: .seconds(1800),
            window: Self.addressWindow,
            in: transaction
        )
    }

    func clear(_ hash: String, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM sign_in_throttles WHERE name_hash = \(hash)")
    }

    /// Until when one of the holder's names is locked.
    func lock(of holder: SessionHolder, in transaction: Transaction) throws -> Timestamp? {
        let door: SignInService.Door = holder.account == nil ? .staff : .portal
        return try [holder.username, holder.email].compactMap { $0 }.compactMap { name in
            try lock(of: nameHash(name, door: door, practice: holder.practice.id), in: transaction)
        }.max()
    }
}
