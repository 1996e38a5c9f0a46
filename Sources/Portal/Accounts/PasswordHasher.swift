import Crypto
import CryptoExtras
import Foundation
import Synchronization

/// Derives and checks password hashes with scrypt (RFC 7914).
///
/// Two derivations at most run at once, on threads of their own: at the default cost each takes 128 MiB, and a burst of
/// sign-ins must neither take the machine's memory nor block the server's threads. Few may wait in line; whoever comes then is
/// turned away with ``Busy``, or the line would grow faster than it is served.
public struct PasswordHasher: Sendable {
    /// Work factors: N = 2^`logRounds`, block size r, parallelism p.
    public struct Cost: Sendable, Hashable {
        public var logRounds: Int
        public var blockSize: Int
        public var parallelism: Int

        public init(logRounds: Int, blockSize: Int, parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// OWASP ASVS 5.0, appendix C: N = 2^17, r = 8, p = 1.
        public static let standard = Cost(logRounds: 17, blockSize: 8, parallelism: 1)
    }

    private let cost: Cost
    private let random: @Sendable (Int) -> [UInt8]
    private let queue: OperationQueue
    private let line: Line

    /// Too many wait already. Come again in a few seconds.
    public struct Busy: Error, Sendable, Hashable {
        /// Seconds.
        public let retryAfter: Int
    }

    /// How many derivations run or wait at once.
    public static let longestLine = 40

    private final class Line: Sendable {
        private let length = Mutex(0)
        let limit: Int

        init(limit: Int) { self.limit = limit }

        func enter() throws(Busy) {
            let isIn = length.withLock { length in
                guard length < limit else { return false }
                length += 1
                return true
            }
            if !isIn { throw Busy(retryAfter: 5) }
        }

        func leave() { length.withLock { $0 -= 1 } }
    }

    /// - Parameter longestLine: how many derivations may run or wait at once.
    public init(
        cost: Cost = .standard,
        longestLine: Int = PasswordHasher.longestLine,
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.cost = cost
        self.random = random
        line = Line(limit: longestLine)
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = 2
        queue.name = "bellwether.passwords"
    }

    /// `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`, salt and hash in Base64.
    public func hash(_ password: String) async throws -> String {
        let salt = Data(random(16))
        let derived = try await derive(password, salt: salt, cost: cost)
        return
            "scrypt$\(cost.logRounds)$\(cost.blockSize)$\(cost.parallelism)$\(salt.base64EncodedString())$\(derived.base64EncodedString())"
    }

    /// Whether `password` gives `hash`. Without a hash the same work is done, so that the time tells nothing about
    /// whether there is an account.
    public func verify(_ password: String, against hash: String?) async throws -> Bool {
        guard let hash, let stored = StoredHash(hash) else {
            _ = try await derive(password, salt: Data(repeating: 0, count: 16), cost: cost)
            return false
        }
        let derived = try await derive(password, salt: stored.salt, cost: stored.cost)
        return ConstantTime.isEqual(derived, stored.hash)
    }

    /// Whether `hash` was made at another cost than is asked for now.
    public func isOutdated(_ hash: String) -> Bool { StoredHash(hash)?.cost != cost }

    private func derive(_ password: String, salt: Data, cost: Cost) async throws -> Data {
        // The same password typed on two keyboards is the same bytes (NIST SP 800-63B-4, 3.1.1.2).
        let bytes = Data(password.precomposedStringWithCompatibilityMapping.utf8)
        try line.enter()
        defer { line.leave() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation {
                continuation.resume(
                    with: Result {
                        let key = try KDF.Scrypt.deriveKey(
                            from: bytes,
                            salt: salt,
                            outputByteCount: 32,
                            rounds: 1 << cost.logRounds,
                            blockSize: cost.blockSize,
                            parallelism: cost.parallelism,
                            maxMemory: 1 << 30
                        )
                        return key.withUnsafeBytes { Data($0) }
                    }
                )
            }
        }
    }

    private struct StoredHash {
        let cost: Cost
        let salt: Data
        let hash: Data

        init?(_ text: String) {
            let parts = text.split(separator: "$", omittingEmptySubsequences: false)
            guard parts.count == 6, parts[0] == "scrypt", let logRounds = Int(parts[1]), (1...20).contains(logRounds),
                let blockSize = Int(parts[2]), (1...32).contains(blockSize), let parallelism = Int(parts[3]),
                (1...16).contains(parallelism), let salt = Data(base64Encoded: String(parts[4])),
                let hash = Data(base64Encoded: String(parts[5]))
            else { return nil }
            cost = Cost(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
            self.salt = salt
            self.hash = hash
        }
    }
}
